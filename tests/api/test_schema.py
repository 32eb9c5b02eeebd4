"""The document at ``/api/openapi.json`` is true: whatever it allows is answered as it says, and nothing fails."""

import json
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.api.conftest import Town
from tests.readers import make_reader

from broadsheet.flow.accounts import tokens

HEADERS = {"Host": "papers.example"}


@pytest.fixture(scope="module")
def document(town: Town) -> Any:
    config = SchemathesisConfig.from_dict({"seed": 20_261_122})
    return schemathesis.openapi.from_asgi("/api/openapi.json", town.client.app, headers=HEADERS, config=config)


STEADY = settings(
    max_examples=14, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
)


@pytest.fixture(scope="module")
def asks(town: Town) -> str:
    """A token of a reader who may use up what they may do in a day."""
    return tokens.make(town.house, make_reader(town.house, "hub-asks"), "Asks", ["read", "write"], 1)[1]


@pytest.mark.parametrize("who", ["anybody", "a reader"])
def test_whoever_asks_is_answered_as_the_document_says(document: Any, town: Town, who: str, asks: str) -> None:
    own = {"Authorization": f"Bearer {asks}"} if who == "a reader" else {}
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()

        @STEADY
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={**HEADERS, **own}, excluded_checks=[positive_data_acceptance])

        one()
    assert asked > 230


# Raw addresses, whatever stands in them: the document cannot say all that is sent.
NASTY = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [
        "../../etc/passwd",
        "%00",
        "\0",
        "a" * 3_000,
        "'; DROP TABLE papers --",
        "2603.01001\r\nX: y",
        "\u202e",
        "NaN",
        "-1",
    ]
)


@settings(max_examples=150)
@given(
    place=st.sampled_from(
        ["papers/{}", "papers/{}/comments", "arxiv/{}/repos", "papers/search?q={}", "daily_papers?date={}",
         "daily_papers?week={}", "daily_papers?month={}", "daily_papers?p={}", "daily_papers?limit={}",
         "daily_papers?submitter={}", "daily_papers?sort={}", "papers?cursor={}", "models?filter=arxiv:{}",
         "users/{}/overview", "organizations/{}/overview", "avatars/{}.svg", "{}"]
    ),
    told=NASTY,
    slashes=st.booleans(),
)  # fmt: skip
def test_nothing_that_is_sent_makes_us_fail(town: Town, place: str, told: str, slashes: bool) -> None:  # noqa: FBT001 - drawn
    answer = town.get("/api/" + place.format(quote(told, safe="/" if slashes else "")))
    assert answer.status_code < 500, answer.text
    # A client leaves the folder itself when told to go up.
    if answer.status_code >= 400 and answer.url.path.startswith("/api/"):
        assert answer.headers["content-type"] == "application/json"
        assert set(answer.json()) == {"error", "message"}


def test_the_document_names_every_address_and_no_other_site(town: Town) -> None:
    told = town.get("/api/openapi.json")
    paths = set(told.json()["paths"])
    assert {"/daily_papers", "/papers/search", "/papers/{paper_id}", "/papers", "/whoami-v2", "/papers/index"} <= paths
    assert told.json()["servers"] == [{"url": "/api"}]
    assert "422" not in json.dumps(told.json())
    for page in ("/api/docs", "/api/redoc"):
        assert town.get(page).status_code == 404
