"""Queries are answered to the letter: what is found, how much, in which order, and how it is told."""

from io import BytesIO
from typing import Any

import feedparser
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient
from tests.feeds.arxiv.conftest import HIDDEN, MANY

from broadsheet.flow.house import House
from broadsheet.flow.reading import exactly
from broadsheet.model.record import Record
from broadsheet.sources import atom
from broadsheet.store import papers

URL = "/arxiv/api/query"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("cat:cs.CV", MANY),
        ("cat:cs.CV OR cat:hep-th", MANY),
        ("cat:physics*", MANY),
        ("au:lecun_y AND ti:lamp", MANY),
        ('au:"Yann LeCun" ANDNOT ti:7', MANY - 1),
        ("ti:kettle AND cat:cs.LG", 15),
        ("all:kettle ANDNOT cat:cs.LG", 14),
        ('ti:"Lamp 17"', 1),
        ('jr:"Journal of Lamps"', MANY),
        ("submittedDate:[20200102 TO 20200104]", 3),
        ("cat:cs.CV AND submittedDate:[20200102 TO 20200104] AND ti:lamp", 3),
        ("ti:strings OR ti:napkins", 2),
        ("kettle napkins", 0),
        ("nothing at all like it", 0),
        (f"id:{HIDDEN}", 0),
        ("id:2502.00029 OR id:2502.00028", 2),
        ("", 0),
    ],
)
def test_what_is_found_is_counted(found: Any, query: str, total: int) -> None:
    number, ids = found(query, max_results=2_000)
    assert (number, len(ids)) == (total, total)
    assert len(set(ids)) == total


def test_orders_go_both_ways_and_pages_meet(found: Any) -> None:
    by_day = [f"2001.{number:05d}v2" for number in range(1, MANY + 1)]
    for order, first in (("submittedDate", by_day), ("lastUpdatedDate", by_day[::-1])):
        for way, expected in (("ascending", first), ("descending", first[::-1])):
            pages = [
                found("cat:cs.CV", sortBy=order, sortOrder=way, start=start, max_results=100)[1]
                for start in (0, 100, 200, 300)
            ]
            assert sum(pages, []) == expected  # noqa: RUF017 - four lists
    best = found("ti:kettle", max_results=50)[1]
    assert found("ti:kettle", max_results=50, sortOrder="ascending")[1] == best[::-1]
    assert found("ti:kettle", start=20, max_results=5)[1] == best[20:25]
    assert found("ti:kettle", max_results=0) == (29, [])


def test_ids_come_in_their_order_and_only_those_that_are_here(found: Any) -> None:
    ids = f"2001.00007v1,hep-th/9901001,{HIDDEN},9912.99999,2001.00003,2001.00007"
    assert found(id_list=ids) == (3, ["2001.00007v2", "hep-th/9901001", "2001.00003v2"])
    assert found(id_list=ids, start=1, max_results=1) == (3, ["hep-th/9901001"])
    assert found("ti:lamp", id_list=ids) == (2, ["2001.00007v2", "2001.00003v2"])
    by_day = ["2001.00007v2", "2001.00003v2", "hep-th/9901001"]
    assert found(id_list=ids, sortBy="submittedDate") == (3, by_day)
    assert found(id_list=ids, sortBy="lastUpdatedDate", sortOrder="ascending") == (3, [by_day[i] for i in (2, 0, 1)])


def test_ids_that_a_query_finds_are_given_however_much_else_it_finds(
    found: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exactly, "_DEEPEST", 5)
    for query in ("cat:cs.CV", "lamp", "all:lamp AND light", "lamp OR kettle", "au:lecun ANDNOT ti:kettle"):
        assert found(query, id_list="2001.00001,2001.00260,2502.00028")[1][0] == "2001.00001v2", query
    assert found("lamp AND kettle", id_list="2001.00001") == (0, [])
    assert found("lamp ANDNOT light", id_list="2001.00001") == (0, [])
    assert found("lamp AND whatsoever", id_list="2001.00001") == (0, [])


@pytest.mark.parametrize(
    "params", [{"start": "x"}, {"id_list": "x"}, {"search_query": "co:x"}, {"search_query": "kettle", "sortBy": "x"}]
)
def test_a_refusal_is_a_feed_of_one_error(program: TestClient, params: dict[str, str]) -> None:
    answer = program.get(URL, params=params)
    assert answer.status_code == 400
    read = feedparser.parse(answer.content)
    assert (read.bozo, [entry.title for entry in read.entries]) == (0, ["Error"])
    assert read.entries[0].id.startswith("http://arxiv.org/api/errors#")
    (problem,) = [one for one in atom.parse(BytesIO(answer.content), name="page") if hasattr(one, "kind")]
    assert problem.kind == "api-error"


@pytest.mark.parametrize("order", ["relevance", "submittedDate", "lastUpdatedDate"])
def test_what_is_there_and_out_of_reach_is_refused(
    program: TestClient, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(exactly, "MAX_OFFSET", 100)
    monkeypatch.setattr(exactly, "_DEEPEST", 110)
    deep = {"search_query": "cat:cs.CV", "sortBy": order, "max_results": "20"}
    assert program.get(URL, params={**deep, "start": "101"}).status_code == 400
    assert len(feedparser.parse(program.get(URL, params={**deep, "start": "90"}).content).entries) == 20


def test_so_far_down_nobody_can_look(program: TestClient) -> None:
    deep = {"search_query": "cat:cs.CV", "start": "100000"}
    assert feedparser.parse(program.get(URL, params=deep).content).entries == []


def test_our_own_reader_makes_the_same_papers_of_it(program: TestClient, asked: House) -> None:
    body = program.get(URL, params={"search_query": "cat:cs.CV", "max_results": "2000"}).content
    read = {one.key: one for one in atom.parse(BytesIO(body), name="page") if isinstance(one, Record)}
    with asked.store.reading() as connection:
        shown = [paper for paper in papers.stream(connection, 0, 1_000) if "cs.CV" in paper.categories]
    assert len(read) == len(shown) == MANY
    for paper in shown:
        one = read[paper.slug]
        assert (one.title, one.abstract, one.categories) == (paper.title, paper.abstract, paper.categories)
        assert (one.authors, one.ids, one.version) == (paper.authors, paper.ids, 2)
        assert (one.published[:10], one.updated[:10]) == (paper.published, paper.updated)
        assert (one.comment, one.venue) == (paper.comment, paper.venue)


def test_a_paper_that_is_not_arxivs_is_named_by_its_page(program: TestClient) -> None:
    read = feedparser.parse(program.get(URL, params={"search_query": 'ti:"A paper with a DOI"'}).content)
    assert [entry.id for entry in read.entries] == ["http://127.0.0.1/papers/openreview/AbC_dEf123"]


def test_the_same_is_answered_at_arxivs_own_address(program: TestClient) -> None:
    one, two = (program.get(f"{at}?search_query=ti:kettle+AND+cat:cs.LG&start=3") for at in (URL, "/api/query"))
    assert one.text == two.text
    assert program.head("/api/query?search_query=kettle").status_code == 200
    assert program.get("/api/daily_papers").headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("url", [URL, "/api/query"])
def test_a_form_is_answered_as_an_address_is_and_is_bounded(program: TestClient, url: str) -> None:
    params = {"search_query": "ti:lamp", "id_list": "2001.00007,2001.00003", "max_results": "1"}
    sent, got = program.post(url, data=params), program.get(url, params=params)
    assert sent.text == got.text
    assert (sent.headers["cache-control"], "etag" in sent.headers) == ("no-store", False)
    many = ",".join(f"astro-ph/99{number:05d}v10" for number in range(2_000))
    assert program.post(url, data={"id_list": many}).status_code == 200
    assert program.post(url, content=b"a" * 150_001, headers={"Content-Type": FORM}).status_code == 413
    assert program.post(url, json=params).status_code == 415
    assert program.post(url, data={"start": "x"}).status_code == 400


def test_a_copy_that_is_still_good_is_not_sent_again(program: TestClient) -> None:
    first = program.get(f"{URL}?search_query=kettle")
    again = program.get(f"{URL}?search_query=kettle", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "set-cookie" not in first.headers
    assert program.get(f"{URL}?search_query=lamp").headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "query",
    ["search_query=cat:cs.CV", "search_query=cat:cs.CV&sortBy=lastUpdatedDate", "id_list=2001.00001,2001.00002"],
)
def test_a_page_costs_a_handful_of_statements_however_long_it_is(program: TestClient, query: str) -> None:
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    counts = []
    event.listen(Engine, "before_cursor_execute", see)
    try:
        for limit in (1, 200):
            seen.clear()
            assert program.get(f"{URL}?{query}&max_results={limit}").status_code == 200
            assert {statement.split()[0] for statement in seen} <= {"BEGIN", "SELECT"}
            counts.append(len(seen))
    finally:
        event.remove(Engine, "before_cursor_execute", see)
    assert counts[0] == counts[1] <= 8, seen
