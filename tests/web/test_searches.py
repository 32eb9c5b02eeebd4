"""Saved searches in the browser."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient
from tests.papers import AT, record
from tests.web.conftest import HOSTILE, NOW, Page
from tests.web.owner import browser, token
from tests.web.test_hostile import foreign

from broadsheet.flow.house import House
from broadsheet.flow.reading import saved_searches as flow
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.query import MAX_TEXT, Query
from broadsheet.settings import Settings
from broadsheet.web.csrf import FIELD
from broadsheet.wiring import open_house

LONG = "Napkins are folded again and again. " * 100


@pytest.fixture
def house(tmp_path: Any) -> Iterator[House]:
    """A house of the test's own, with a few papers on napkins."""
    with open_house(Settings(home=tmp_path / "home"), clock=lambda: NOW) as opened:
        keep(opened.store, [record(number) for number in range(1, 4)], at=AT)
        catch_up(opened)
        yield opened


@pytest.fixture
def owner(house: House) -> Iterator[TestClient]:
    with browser(house) as client:
        yield client


def send(client: TestClient, page: Page, action: str, **fields: str) -> Any:
    """Send a form as a browser would: what it carries, and what is typed into it."""
    at = page.elements.index(("form", next(form for form in page.all("form") if form.get("action") == action)))
    carried: dict[str, list[str]] = {}
    for tag, attributes in page.elements[at + 1 :]:
        if tag == "form":
            break
        if tag == "input" and attributes.get("type") != "checkbox":
            carried.setdefault(attributes["name"], []).append(attributes["value"])
    return client.post(action, data=carried | fields)


@pytest.mark.parametrize(
    ("url", "query", "name"),
    [
        ("/search?q=napkins", Query(text="napkins"), "napkins"),
        (
            "/search?q=napkins&year=2024&year=2023&cat=cs.CL&source=test&venue=V&org=O%26P&since=2024-01-01&code=0&sort=date",
            Query(
                text="napkins",
                years=(2024, 2023),
                categories=("cs.CL",),
                sources=("test",),
                venues=("V",),
                organisations=("O&P",),
                since=AT.date().replace(year=2024, month=1, day=1),
                has_code=False,
                sort="date",
            ),
            "napkins, 2024, 2023, cs.CL, test, V, O&P, without code…",
        ),
        ("/search?year=2024&page=2", Query(years=(2024,)), "2024"),
    ],
)
def test_what_is_on_the_page_is_what_is_saved(
    owner: TestClient, house: House, url: str, query: Query, name: str
) -> None:
    answer = send(owner, Page(owner.get(url).text), "/searches")
    assert answer.status_code == 303
    (saved,) = flow.list_saved(house)
    assert (saved.query, saved.name) == (query, name)
    assert answer.headers["location"] == f"/searches#saved-{quote(saved.slug)}"
    followed = owner.get(f"/searches/{saved.slug}")
    assert followed.status_code == 303
    assert owner.get(followed.headers["location"]).status_code == 200


def test_a_pasted_abstract_can_be_saved_and_is_shown_in_place(owner: TestClient, house: House) -> None:
    assert send(owner, Page(owner.post("/search", data={"q": LONG}).text), "/searches").status_code == 303
    (saved,) = flow.list_saved(house)
    assert (saved.query.text, saved.name) == (
        LONG.strip(),
        "Napkins are folded again and again. Napkins are folded…",
    )
    shown = owner.get(f"/searches/{saved.slug}")
    assert shown.status_code == 200
    assert "/papers/2401.00001" in Page(shown.text).links()


def test_a_passage_of_several_lines_is_saved_as_it_was_searched(owner: TestClient, house: House) -> None:
    owner.post("/searches", data={"q": "Napkins.\r\nFolded.", "passage": "1", "name": "Lines", FIELD: token(owner)})
    assert flow.show(house, "lines").query == Query(text="Napkins.\nFolded.", passage=True)


def test_no_name_stands_for_a_part_of_the_page(owner: TestClient, house: House) -> None:
    flow.save(house, "Main", Query(text="napkins"))
    page = Page(owner.get("/searches").text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_longest_text_fits_the_form(owner: TestClient, house: House) -> None:
    form = {"q": "💥" * MAX_TEXT, "name": "Boom", FIELD: token(owner)}
    assert owner.post("/searches", data=form).status_code == 303
    assert owner.get("/searches/boom").status_code == 200


def test_like_papers_have_an_address(owner: TestClient, house: House) -> None:
    flow.save(house, "Like", Query(like=("2401.00001",), unlike=("2401.00002",), way="meaning"))
    assert "like 2401.00001 · unlike 2401.00002 · by meaning only" in Page(owner.get("/searches").text).text
    followed = owner.get("/searches/like")
    assert followed.status_code == 303
    shown = Page(owner.get(followed.headers["location"]).text).text
    assert "Papers like this one" in shown


def test_there_is_nothing_to_save_before_something_is_asked(owner: TestClient) -> None:
    for url in ("/search", "/search?sort=date"):
        assert "Save this search" not in owner.get(url).text
    for form in ({"name": "New"}, {"name": "New", "q": " "}, {"q": "tea"}, {"q": "tea", "name": " "}):
        assert owner.post("/searches", data=form | {FIELD: token(owner)}).status_code == 400


def test_a_name_that_is_taken_can_be_replaced(owner: TestClient, house: House) -> None:
    form = {"q": "tea", "name": "Mine", FIELD: token(owner)}
    assert owner.post("/searches", data=form).status_code == 303
    taken = owner.post("/searches", data=form | {"q": "other"})
    assert (taken.status_code, "“Mine”" in taken.text) == (409, True)
    assert owner.post("/searches", data=form | {"q": "other", "replace": "1"}).status_code == 303
    assert [saved.query.text for saved in flow.list_saved(house)] == ["other"]


def test_a_search_is_renamed_and_deleted_from_the_list(owner: TestClient, house: House) -> None:
    flow.save(house, "折り紙", Query(text="napkins"))
    url = f"/searches/{quote('折り紙')}"
    page = Page(owner.get("/searches").text)
    assert url in page.links()
    assert send(owner, page, url, name="Folding").status_code == 303
    assert "Folding" in Page(owner.get("/searches").text).text
    assert send(owner, page, url, name="").status_code == 400
    assert owner.get(url).headers["location"] == "/search?q=napkins"
    gone = send(owner, page, f"{url}/delete")
    assert (gone.status_code, gone.headers["location"]) == (303, "/searches")
    assert "No search is saved yet" in owner.get("/searches").text
    assert send(owner, page, f"{url}/delete").status_code == 404


@pytest.mark.parametrize("slug", ["none", "%00", "%ED%A0%80", "a%2Fb", "x" * 10_000, "%FF", "%E2%80%AE"])
def test_a_search_that_is_not_there_is_a_page(owner: TestClient, slug: str) -> None:
    answer = owner.get(f"/searches/{slug}")
    assert answer.status_code == 404
    assert Page(answer.text).all("h1")


@pytest.mark.parametrize(
    "name",
    [HOSTILE, r"$\mathcal{O}(n)$ \href{javascript:alert(1)}{x}", "a\u202eb\u2066c", "☃ → ☂", "折り紙", "&lt;b&gt;"],
)
def test_hostile_names_and_words_are_text(owner: TestClient, house: House, name: str) -> None:
    form = {"q": name, "venue": name, "name": name, FIELD: token(owner)}
    assert owner.post("/searches", data=form).status_code == 303
    answer = owner.get("/searches")
    page = Page(answer.text)
    assert foreign(page) <= {"em"}
    assert "\u202e" not in answer.text
    (saved,) = flow.list_saved(house)
    assert saved.name in page.text
    assert all(link.startswith("/") for link in page.links() if link != "#main")
    assert owner.get(f"/searches/{quote(saved.slug)}").status_code in {200, 303}


def test_a_name_of_ten_thousand_characters_is_a_bad_request(owner: TestClient) -> None:
    answer = owner.post("/searches", data={"q": "tea", "name": "x" * 10_000, FIELD: token(owner)})
    assert answer.status_code == 400
    assert "at most 100 characters" in answer.text


def test_a_longer_list_costs_no_more_statements(owner: TestClient, house: House) -> None:
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    costs = []
    event.listen(Engine, "before_cursor_execute", see)
    for more in (0, 20):
        for number in range(more):
            flow.save(house, f"Search {number}", Query(text=f"word {number}"))
        seen.clear()
        assert f"{more} searches" in owner.get("/searches").text or not more
        costs.append(len(seen))
    event.remove(Engine, "before_cursor_execute", see)
    assert costs[0] == costs[1] <= 8
