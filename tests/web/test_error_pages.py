"""The error table."""

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Page

from broadsheet.errors import BroadsheetError, Conflict, Invalid, NotFound, Refused, TooMany, Unavailable
from broadsheet.flow import daily as flow
from broadsheet.web.errors import STATUS

ERRORS = [
    (Invalid("Bad.", field="day"), 400),
    (Refused("No."), 403),
    (NotFound("Gone."), 404),
    (Conflict("Newer."), 409),
    (BroadsheetError("Odd."), 500),
    (Unavailable("Busy.", retry_after_s=2.6), 503),
]


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_an_error_has_its_status_and_its_sentence(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, error: BroadsheetError, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(flow, "page", fail)
    response = client.get("/")
    assert response.status_code == status
    assert str(error) in Page(response.text).text
    assert response.headers.get("retry-after") == ("3" if status == 503 else None)
    assert response.headers["cache-control"] == "no-store"


def test_the_whole_family_is_in_the_table() -> None:
    assert set(STATUS) == {BroadsheetError, TooMany, *BroadsheetError.__subclasses__()}


def test_a_wrong_method_says_which_are_right(client: TestClient) -> None:
    response = client.delete("/")
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]
    assert Page(response.text).all("h1")
