"""A form that could not be taken loses nothing of what was typed into it."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.readers import make_reader
from tests.web.conftest import FRIDAY, HOSTILE, NOW, Page, Public, told

from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.comment import MAX_BODY
from broadsheet.model.reader import MAX_NAME
from broadsheet.web.csrf import FIELD

LONG = "x" * (MAX_BODY + 1)


@pytest.fixture
def ann(public: Public, sign_in: Callable[..., str]) -> tuple[TestClient, str]:
    keep(public.house.store, [told("2603.00001", "Folding napkins", day=FRIDAY)], at=NOW)
    catch_up(public.house)
    client = public.client()
    return client, sign_in(client, make_reader(public.house, "ann"))


@pytest.mark.parametrize(
    ("url", "field", "more"),
    [
        ("/papers/2603.00001/comments", {"body": f"{HOSTILE}{LONG}"}, {"answers": ""}),
        ("/papers/2603.00001/comments/preview", {"body": LONG}, {}),
        ("/account", {"name": "n" * (MAX_NAME + 1)}, {"about": f"I fold {HOSTILE}"}),
        ("/labels", {"name": "n" * 200}, {"about": "Folds", "seen_by": "all"}),
        ("/organisations", {"name": ""}, {"about": "Folders"}),
        ("/report", {"why": "w" * 5_000}, {"paper": "2603.00001", "next": "/papers/2603.00001"}),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_what_was_typed_is_there_with_the_reason(
    ann: tuple[TestClient, str], url: str, field: dict[str, str], more: dict[str, str]
) -> None:
    client, token = ann
    answer = client.post(url, data={FIELD: token, **more, **field})
    page, [name, value] = Page(answer.text), next(iter(field.items()))
    assert answer.status_code == 400
    assert page.all("form", action=url)
    wrong = [shown for tag, shown in page.elements if tag in {"input", "textarea"} and shown.get("aria-invalid")]
    assert [(shown["name"], shown["aria-describedby"]) for shown in wrong] == [(name, "reason")]
    for each in (value, *more.values()):
        assert each in {shown.get("value") for shown in page.all("input")} or each in "".join(page.texts)
    assert not page.all("img")


def test_a_mended_form_is_taken(ann: tuple[TestClient, str]) -> None:
    client, token = ann
    asked = {FIELD: token, "name": "n" * (MAX_NAME + 1), "about": "I fold"}
    page = Page(client.post("/account", data=asked).text)
    sent = {shown["name"]: shown["value"] for shown in page.all("input") if shown.get("name") not in {"", "q", None}}
    assert client.post("/account", data=sent | {"name": "Ann Lee", "about": "I fold"}).status_code == 303
    assert "Ann Lee" in client.get("/account").text


def test_nothing_is_given_back_of_what_another_site_sends(ann: tuple[TestClient, str]) -> None:
    client, token = ann
    for form, headers in (({"body": "Buy"}, {}), ({"body": "Buy", FIELD: token}, {"Origin": "https://evil.example"})):
        answer = client.post("/papers/2603.00001/comments", data=form, headers=headers)
        assert answer.status_code == 403
        assert "Buy" not in answer.text


def test_a_form_in_which_nothing_was_typed_is_told_off_plainly(ann: tuple[TestClient, str]) -> None:
    client, token = ann
    answer = client.post("/papers/2603.00001/comments", data={FIELD: token, "body": ""})
    assert answer.status_code == 400
    assert "Send again" not in answer.text
