"""Lists: one grammar for all kinds, narrowed, ordered, in pieces, line by line."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient
from tests.api.conftest import FULL, OTHER, Town, a_town, settings
from tests.readers import make_reader
from tests.web.conftest import NOW, PUBLIC

from broadsheet.api.v1.grammar import FIELDS
from broadsheet.flow.accounts import tokens
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.people import following
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.selecting.select import select
from broadsheet.model.query import Query
from broadsheet.model.selection import KINDS, Selection
from broadsheet.site import create_app
from broadsheet.wiring import open_house

LINES = {"accept": "application/x-ndjson"}
# A list of each kind, as its address ends.
LISTS = {
    "day": "day/2026-03-06",
    "week": "week/2026-W10",
    "month": "month/2026-03",
    "trending": "trending",
    "search": "search?q=kettle",
    "similar": f"similar/{FULL}",
    "author": "author/ann-lee",
    "organisation": "organisation/tea-institute-co",
    "category": "category/cs.CL",
    "label": "label/ann/kettles",
    "saved": "saved/kettles",
    "following": "following",
}


@pytest.fixture(scope="module", autouse=True)
def kept(town: Town) -> None:
    """Let the reader keep something of each kind."""
    labels.make(town.house, town.ann, Wanted("Kettles", "All about kettles"))
    for number in range(1, 7):
        labels.put(town.house, town.ann, "kettles", f"2502.{number:05}", f"Note {number}")
    saved_searches.save(town.house, "Kettles", Query(text="kettle"), reader=town.ann)
    following.follow(town.house, town.ann, "category", "cs.CL")


def listed(town: Town, url: str, token: str = "") -> Any:
    answer = town.ask("GET", f"/api/v1/lists/{url}", token or town.reads)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(town: Town, url: str) -> list[str]:
    return [each["id"] for each in listed(town, url)["papers"]]


def joined(url: str, more: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{more}"


def test_there_is_a_list_of_every_kind() -> None:
    assert set(LISTS) == set(KINDS)


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_has_the_papers_of_its_page_in_its_order(town: Town, kind: str) -> None:
    told = listed(town, LISTS[kind])
    name, _, _ = LISTS[kind].partition("?")
    selection = Selection(
        told["list"]["kind"], name.partition("/")[2], Query(text="kettle") if kind == "search" else None
    )
    found = select(town.house, selection, reader=town.ann)
    assert [each["id"] for each in told["papers"]] == [paper.slug for paper in found.papers]
    assert told["papers"]
    assert (told["list"]["title"], told["list"]["total"]) == (found.title, found.total)
    assert set(told["papers"][0]) == set(FIELDS)


@pytest.mark.parametrize("kind", LISTS)
def test_pieces_follow_each_other_to_the_end_and_make_the_whole(town: Town, kind: str) -> None:
    whole = ids(town, joined(LISTS[kind], "limit=200&fields=id"))
    found: list[str] = []
    url = f"/api/v1/lists/{joined(LISTS[kind], 'limit=4&fields=id')}"
    for _ in range(40):
        answer = town.ask("GET", url, town.reads)
        found += [each["id"] for each in answer.json()["papers"]]
        url = answer.json()["next"]
        if url is None:
            assert "link" not in answer.headers
            break
        assert answer.headers["link"] == f'<{url}>; rel="next"'
    assert found == whole


@pytest.mark.parametrize("kind", LISTS)
def test_any_list_is_narrowed_by_the_filters_of_a_search(town: Town, kind: str) -> None:
    whole = listed(town, joined(LISTS[kind], "limit=200"))["papers"]
    narrowed = listed(town, joined(LISTS[kind], "limit=200&year=2024&author=ann+LEE"))["papers"]
    by_ann = [each for each in whole if "Ann Lee" in {author["name"] for author in each["authors"]}]
    wanted, found = ([each["id"] for each in some if each["year"] == 2024] for some in (by_ann, narrowed))
    # A search learns from the first of what it finds, which may put those after them in another order.
    assert found == wanted if kind not in {"search", "saved", "similar"} else sorted(found) == sorted(wanted)
    assert len(narrowed) == len(wanted)
    with_code = listed(town, joined(LISTS[kind], "limit=200&code=1&since=2020-01-01&until=2026-12-31"))["papers"]
    assert {each["id"] for each in with_code} == {
        each["id"] for each in whole if each["has_code"] and each["published"] is not None
    }


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind != "similar"])
def test_any_list_but_that_of_likeness_stands_in_another_order(town: Town, kind: str) -> None:
    by_date = [each["published"] or "" for each in listed(town, joined(LISTS[kind], "limit=200&sort=date"))["papers"]]
    assert by_date == sorted(by_date, reverse=True)
    votes = [each["upvotes"] for each in listed(town, joined(LISTS[kind], "limit=200&sort=upvotes"))["papers"]]
    assert votes == sorted(votes, reverse=True)


def test_a_list_of_one_category_is_sifted_by_another_that_papers_have_beside_it(town: Town) -> None:
    both = set(ids(town, "category/cs.CL?limit=200")) & set(ids(town, "category/cs.AI?limit=200"))
    assert set(ids(town, "category/cs.CL?cat=cs.AI&limit=200")) == both
    assert ids(town, "category/cs.CL?cat=CS&limit=200") == ids(town, "category/cs.CL?limit=200")
    assert ids(town, "category/cs.CL?cat=math.NO") == []


def test_the_latest_day_is_told_by_its_name_and_goes_on_as_that(town: Town) -> None:
    told = listed(town, "day?fields=id")
    assert told["list"]["name"] == "2026-03-09"
    first = listed(town, "month/2026-03?limit=1")
    assert first["next"].startswith("/api/v1/lists/month/2026-03?limit=1&cursor=")


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("day?fields=id,colour", "fields"),
        ("day?limit=many", "limit"),
        ("day?cursor=AAAA", "cursor"),
        ("day?cursor=!", "cursor"),
        ("day?since=yesterday", "since"),
        ("day?since=2026-02-31", "since"),
        ("day?sort=best", "sort"),
        ("day?year=new", "year"),
        ("day?code=maybe", "code"),
        ("day?q=kettle", "q"),
        (f"day?like={FULL}", "like"),
        ("day/2026-13-01", "day"),
        ("day/20260306", "day"),
        ("week/2026-W60", "week"),
        ("week", "name"),
        ("author", "name"),
        ("month/March", "month"),
        ("trending/year", "of"),
        ("nonsense", "kind"),
        (f"similar/{FULL}?sort=date", "sort"),
        ("search?q=" + "a" * 20_001, "q"),
        ("day?" + "&".join(f"cat={n}" for n in range(21)), "cat"),
    ],
    ids=lambda value: value[:30],
)
def test_what_cannot_be_meant_is_refused_by_name(town: Town, url: str, field: str) -> None:
    answer = town.get(f"/api/v1/lists/{url}")
    assert (answer.status_code, answer.json()["field"]) == (400, field), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/docs/api#invalid"


def test_a_cursor_is_worth_something_for_its_own_list_alone(town: Town) -> None:
    place = listed(town, "category/cs.CL?limit=2")["next"]
    cursor = place.rpartition("cursor=")[2]
    for url in ("category/cs.AI?cursor=", "category/cs.CL?year=2024&cursor=", "category/cs.CL?sort=upvotes&cursor="):
        assert town.get(f"/api/v1/lists/{url}{cursor}").json()["field"] == "cursor"
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    assert town.get(f"/api/v1/lists/category/cs.CL?cursor={changed}").status_code == 400
    # How many are wanted at once and which fields may change on the way.
    assert town.get(f"/api/v1/lists/category/cs.CL?limit=7&fields=id&cursor={cursor}").status_code == 200


@pytest.mark.parametrize(
    "url",
    ["author/nobody-at-all", "organisation/none", "label/ann/none", "label/nobody/none", "label/x", "saved/none",
     "similar/9999.99999", "search/kettle", "following/cs.CL"],
)  # fmt: skip
def test_what_is_not_there_is_told_so(town: Town, url: str) -> None:
    answer = town.get(f"/api/v1/lists/{url}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/docs/api#not-found"), answer.text


def test_how_many_come_at_once_is_clamped(town: Town) -> None:
    assert len(listed(town, "search?q=kettle&limit=0&fields=id")["papers"]) == 1
    assert len(listed(town, "search?q=kettle&limit=9999&fields=id")["papers"]) == 32


def test_evidence_tells_why_a_paper_was_found(town: Town) -> None:
    first, second = listed(town, "search?q=folding+kettles&limit=2&evidence=1")["papers"]
    told = first["evidence"]
    assert (first["id"], told["rank"], told["matched"], told["guess"]) == (FULL, 1, "phrase", False)
    assert {"text": "Folding kettles", "matched": True} in told["title"] or any(s["matched"] for s in told["title"])
    assert "".join(span["text"] for span in told["sentence"])
    assert told["score"] >= second["evidence"]["score"]
    assert "evidence" not in listed(town, "search?q=folding+kettles&limit=1")["papers"][0]


def test_evidence_of_what_trends_are_the_parts_of_its_place(town: Town) -> None:
    told = {each["id"]: each["evidence"] for each in listed(town, "trending?evidence=1&fields=id")["papers"]}
    parts = {part["name"]: part for part in told[FULL]["parts"]}
    assert (parts["hf_upvotes"]["amount"], parts["hf_upvotes"]["points"]) == (70, 14)


def test_notes_stand_on_labels_and_nowhere_else(town: Town) -> None:
    told = listed(town, "label/ann/kettles?fields=id,note")
    assert {each["id"]: each["note"] for each in told["papers"]}["2502.00003"] == "Note 3"
    assert (told["list"]["about"], told["list"]["url"]) == ("All about kettles", "/readers/ann/labels/kettles")
    narrowed = listed(town, "label/ann/kettles?year=2024&fields=id,note")["papers"]
    assert all(each["note"] for each in narrowed)


def test_a_whole_abstract_finds_its_paper(town: Town) -> None:
    abstract = town.get(f"/api/v1/papers/{FULL}").json()["abstract"]
    answer = town.client.get("/api/v1/lists/search", params={"q": abstract * 8, "passage": "1", "limit": 1})
    assert answer.json()["papers"][0]["id"] == FULL
    assert listed(town, f"search?q=https://arxiv.org/abs/{OTHER}v2")["papers"][0]["id"] == OTHER


def test_lines_are_the_papers_one_by_one_with_what_follows_in_the_link(town: Town) -> None:
    answer = town.get("/api/v1/lists/search?q=kettle", **LINES)
    assert answer.headers["content-type"] == "application/x-ndjson"
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["id"] for each in told] == ids(town, "search?q=kettle&limit=200")
    assert "link" not in answer.headers
    some = town.get("/api/v1/lists/search?q=kettle&limit=30&fields=id", **LINES)
    rest = town.get(some.links["next"]["url"], **LINES)
    assert [json.loads(line)["id"] for text in (some.text, rest.text) for line in text.splitlines()] == [
        each["id"] for each in told
    ]


def test_lines_are_never_taken_for_the_answer_that_is_remembered(town: Town) -> None:
    url = "/api/v1/lists/day/2026-03-06?fields=id"
    as_json, again = town.get(url), town.get(url)
    assert "Accept" in as_json.headers["vary"]
    assert (again.content, again.headers["etag"]) == (as_json.content, as_json.headers["etag"])
    assert town.get(url, **LINES).headers["content-type"] == "application/x-ndjson"
    assert town.get(url).json() == as_json.json()


ALIKE = [f"lists/{LISTS[kind]}" for kind in ("day", "trending", "search", "category", "author")]
ALIKE += [f"papers/{FULL}", f"papers/{FULL}/comments", f"papers?ids={FULL}", "suggest?q=ket", "status"]


@pytest.mark.parametrize("url", ALIKE)
def test_who_has_the_same_copy_is_sent_nothing(town: Town, url: str) -> None:
    tag = town.get(f"/api/v1/{url}").headers["etag"]
    again = town.get(f"/api/v1/{url}", **{"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    own = town.ask("GET", f"/api/v1/{url}", town.reads)
    is_alike = url.startswith(("suggest", "status"))
    assert own.headers["cache-control"] == ("no-cache" if is_alike else "private, no-store")


def test_what_a_reader_hid_and_upvoted_is_told_to_that_reader(town: Town) -> None:
    ben = make_reader(town.house, "ben")
    _, secret = tokens.make(town.house, ben, "Ben", ["read"], 1)
    keeping.mark(town.house, ben, OTHER, "hidden")
    assert OTHER not in [each["id"] for each in listed(town, "day/2026-03-06", secret)["papers"]]
    mine = {each["id"]: each["mine"] for each in listed(town, "day/2026-03-06", secret)["papers"]}
    assert mine[FULL] == {"upvoted": False, "waits": False}
    as_anybody = town.get("/api/v1/lists/day/2026-03-06").json()["papers"]
    assert OTHER in [each["id"] for each in as_anybody]
    assert {each["mine"] for each in as_anybody} == {None}


@pytest.fixture
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


@pytest.mark.parametrize("more", ["", "&year=2024", "&sort=upvotes", "&evidence=1"])
@pytest.mark.parametrize("kind", LISTS)
def test_a_list_costs_as_many_statements_however_many_papers(
    town: Town, statements: list[str], kind: str, more: str
) -> None:
    if kind == "similar" and "sort" in more:
        return
    counted = []
    for limit in (1, 2, 90):
        url = joined(LISTS[kind], f"limit={limit}{more}")
        listed(town, url)
        statements.clear()
        listed(town, url)
        counted.append(len(statements))
    # What is embedded meanwhile is looked for every half second, which is a statement.
    assert max(counted) - min(counted) <= 1, counted
    assert counted[0] <= 25, "\n".join(statements)


def test_both_doors_count_together_and_tell_when_to_come_back(tmp_path: Any) -> None:
    with (
        open_house(settings(tmp_path, api_quota=3), clock=lambda: NOW) as house,
        TestClient(create_app(house), base_url=PUBLIC) as client,
    ):
        town = a_town(house, client)
        left = [town.get(url).headers["ratelimit"] for url in ("/api/v1/status", "/api/daily_papers", "/api/v1/me")]
        refused = town.get("/api/v1/status")
    assert left == ['"api";r=2;t=300', '"api";r=1;t=300', '"api";r=0;t=300']
    assert (refused.status_code, refused.json()["type"]) == (429, "/docs/api#too-many")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "300"
