"""Lists are read piece by piece as far as somebody reads them, and nothing in them is lost or told twice."""

import json
import threading
from datetime import date
from typing import Any

import pytest
from tests.client.conftest import Served
from tests.client.loopback import Handler, Say, a_list, breaking, refusing, saying, saying_house

from broadsheet import Client, Invalid, NotFound, Refused, Unavailable
from broadsheet.client import paging
from broadsheet.client.paging import Papers

LIST = "/api/v1/lists/day"
LINES = "application/x-ndjson"


def ids(papers: Any) -> list[str]:
    return [paper.id for paper in papers]


def test_a_list_asks_for_nothing_before_it_is_read_and_for_no_more_than_is_read() -> None:
    pieces = [saying(a_list("1", "2", following=f"{LIST}?cursor=b")), saying(a_list("3"))]
    with saying_house(*pieces) as house, Client(house.url, "") as client:
        papers = client.day()
        assert house.asked == []
        reader = iter(papers)
        assert (next(reader).id, next(reader).id, len(house.asked)) == ("1", "2", 1)
        assert (next(reader).id, len(house.asked)) == ("3", 2)
        assert next(reader, None) is None


def test_what_is_said_of_a_list_and_its_first_papers_come_in_one_piece() -> None:
    with saying_house(saying(a_list("1"))) as house, Client(house.url, "") as client:
        papers = client.day()
        assert (papers.about.title, ids(papers), ids(papers)) == ("Papers", ["1"], ["1"])
        first = papers.first()
        assert first
        assert first.id == "1"
    assert len(house.asked) == 1


@pytest.mark.parametrize(("limit", "given", "asked"), [(0, 0, 0), (1, 1, 1), (2, 2, 1), (3, 3, 2), (9, 4, 2)])
def test_a_limit_ends_a_list_and_is_asked_for(limit: int, given: int, asked: int) -> None:
    pieces = [saying(a_list("1", "2", following=f"{LIST}?cursor=b")), saying(a_list("3", "4"))]
    with saying_house(*pieces) as house, Client(house.url, "") as client:
        assert len(ids(client.day(limit=limit))) == given
    assert len(house.asked) == asked
    assert all(f"limit={limit}" in path for _, path in house.asked[:1])


def test_a_paper_that_was_pushed_to_the_next_piece_is_given_once() -> None:
    pieces = [saying(a_list("1", "2", following=f"{LIST}?cursor=b")), saying(a_list("2", "3"))]
    with saying_house(*pieces) as house, Client(house.url, "") as client:
        assert ids(client.day(limit=3)) == ["1", "2", "3"]


def test_a_list_that_goes_in_circles_ends() -> None:
    with (
        saying_house(saying(a_list("1", following=f"{LIST}?cursor=b"))) as house,
        Client(house.url, "") as client,
        pytest.raises(Unavailable, match="circles"),
    ):
        ids(client.day())


def test_a_stream_that_goes_in_circles_ends() -> None:
    link = f'<{LIST}?cursor=b>; rel="next"'
    with (
        saying_house(saying(b"", Link=link)) as house,
        Client(house.url, "") as client,
        pytest.raises(Unavailable, match="circles"),
    ):
        list(client.day().streamed())
    assert len(house.asked) == 2


@pytest.mark.parametrize("away", ["https://evil.example/api/v1/lists", "//evil.example/", "/login", "lists"])
def test_a_list_that_leads_away_is_not_followed(away: str) -> None:
    with (
        saying_house(saying(a_list("1", following=away))) as house,
        Client(house.url, "") as client,
        pytest.raises(Unavailable, match="leads away"),
    ):
        ids(client.day())


def test_filters_go_by_the_words_of_addresses() -> None:
    with saying_house(saying(a_list())) as house, Client(house.url, "") as client:
        ids(
            client.search(
                "tea & cake",
                categories="cs.CL",
                years=[2024, 2025],
                authors=("Ann Lee", "Bo"),
                since=date(2024, 1, 2),
                until=None,
                has_code=False,
                like=["2603.01001"],
                sort="date",
                fields=["title", "upvotes"],
                evidence=True,
            )
        )
    assert house.asked[0][1] == (
        "/api/v1/lists/search?q=tea+%26+cake&cat=cs.CL&year=2024&year=2025&author=Ann+Lee&author=Bo&since=2024-01-02"
        "&code=0&like=2603.01001&sort=date&fields=id%2Ctitle%2Cupvotes&evidence=true&limit=100"
    )


def test_a_filter_there_is_not_is_a_mistake_of_the_program() -> None:
    wrong: Any = {"categry": "cs.CL"}
    with Client("http://127.0.0.1:9", "") as client, pytest.raises(TypeError, match="'categry'"):
        client.day(**wrong)


def test_names_are_written_so_that_they_stay_names() -> None:
    with saying_house(refusing(404, "No.")) as house, Client(house.url, "token") as client:
        for ask in (
            lambda: client.paper("a?b#c d\r\n"),
            lambda: client.labels.delete("../x/papers/y"),
            lambda: client.search("half \ud800").first(),
            lambda: client.papers_by_ids(["\udcff"]),
        ):
            with pytest.raises(NotFound):
                ask()
    root = "/api/v1"
    assert [path for _, path in house.asked] == [
        f"{root}/papers/a%3Fb%23c%20d%0D%0A",
        f"{root}/labels/..%2Fx%2Fpapers%2Fy",
        f"{root}/lists/search?q=half+%3F&limit=100",
        f"{root}/papers?ids=%3F",
    ]


def every(client: Client) -> dict[str, Papers]:
    return {
        "day": client.day("2026-03-06"),
        "the latest day": client.day(),
        "week": client.week("2026-W10"),
        "month": client.month("2026-03"),
        "trending": client.trending(),
        "search": client.search("kettle"),
        "similar": client.similar("2603.01001"),
        "author": client.author("ann-lee"),
        "organisation": client.organisation("tea-institute-co"),
        "category": client.category("cs.CL"),
    }


def test_every_list_has_papers_and_says_what_it_is(anybody: Client) -> None:
    for name, papers in every(anybody).items():
        assert len(ids(papers)) > 0, name
        assert papers.about.title, name
        assert papers.about.total in {None, len(ids(papers))}, name


def test_no_paper_is_lost_however_small_the_pieces(anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {name: ids(papers) for name, papers in every(anybody).items()}
    monkeypatch.setattr(paging, "PER_PIECE", 7)
    assert {name: ids(papers) for name, papers in every(anybody).items()} == whole


def test_every_list_is_streamed_as_it_is_read(anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {name: list(papers) for name, papers in every(anybody).items()}
    assert {name: list(anybody.bulk(papers)) for name, papers in every(anybody).items()} == whole
    monkeypatch.setattr(paging, "MOST_IN_STREAM", 9)
    assert ids(anybody.bulk(anybody.search("kettle"))) == ids(whole["search"])
    assert ids(anybody.bulk(anybody.search("kettle", limit=20))) == ids(whole["search"][:20])


def test_papers_have_the_fields_that_were_asked_for_and_always_an_id(anybody: Client) -> None:
    found = anybody.search("kettles folding", fields="title", evidence=True).first()
    assert found
    assert (found.id, found.title, found.url) == ("2603.01001", "Folding kettles into networks", "")
    assert found.evidence
    assert found.evidence.matched == "all words"
    assert [span.text for span in found.evidence.title if span.matched] == ["Folding", "kettles"]


def test_what_cannot_be_meant_names_its_parameter(anybody: Client) -> None:
    with pytest.raises(Invalid) as raised:
        anybody.day("yesterday").first()
    assert raised.value.field == "day"
    with pytest.raises(Invalid) as raised:
        anybody.day(fields="colour").first()
    assert raised.value.field == "fields"
    with pytest.raises(Invalid) as raised:
        list(anybody.bulk(anybody.day(fields="colour")))
    assert raised.value.field == "fields"
    with pytest.raises(Refused, match="token"):
        anybody.following().first()


def test_own_lists_are_those_of_the_token(served: Served, client: Client) -> None:
    client.labels.make("Kept for lists")
    client.labels.put("kept-for-lists", "2603.01001", "for tea")
    assert [(paper.id, paper.note) for paper in client.label("ann", "kept-for-lists")] == [("2603.01001", "for tea")]
    with served.client() as anybody, pytest.raises(NotFound):
        anybody.label("ann", "kept-for-lists").first()
    client.searches.save("Lists of tea", "kettle", categories="cs.CL")
    assert ids(client.saved("lists-of-tea")) == ids(client.search("kettle", categories="cs.CL"))
    client.follows.add("category", "cs.AI")
    assert set(ids(client.following())) >= set(ids(client.category("cs.AI")))
    client.follows.drop("category", "cs.AI")


def lines(*papers: str) -> bytes:
    return b"".join(json.dumps({"id": each}).encode() + b"\n" for each in papers)


def test_papers_of_a_stream_are_given_before_it_has_ended() -> None:
    read = threading.Event()

    def slowly(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in (lines("1", "2") + b'{"id"', b': "3"}\n'):
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            assert read.wait(60)
        handler.wfile.write(b"0\r\n\r\n")

    with saying_house(slowly) as house, Client(house.url, "") as client:
        papers = client.bulk(client.day())
        assert (next(papers).id, next(papers).id) == ("1", "2")
        read.set()
        assert ids(papers) == ["3"]
    assert house.headers[0]["accept"] == LINES


def test_a_stream_goes_on_where_it_says_so() -> None:
    link = f'<{LIST}?limit=2&cursor=b>; rel="next"'
    with (
        saying_house(saying(lines("1", "2"), Link=link), saying(lines("3"))) as house,
        Client(house.url, "") as client,
    ):
        assert ids(client.bulk(client.day())) == ["1", "2", "3"]
    assert [path for _, path in house.asked] == [f"{LIST}?limit=5000", f"{LIST}?limit=2&cursor=b"]


def broken_in_the_middle(handler: Handler) -> None:
    handler.send(200, lines("1", "2"), Content_Length="9999")
    handler.close_connection = True


@pytest.mark.parametrize(
    "say",
    [broken_in_the_middle, saying(lines("1", "2") + b"<html>\n"), saying(lines("1", "2") + b"x" * (5 << 20))],
    ids=["broken off", "no JSON", "a line without an end"],
)
def test_a_stream_that_goes_wrong_says_so_after_what_it_gave(say: Say) -> None:
    with saying_house(say) as house, Client(house.url, "") as client:
        papers = client.bulk(client.day())
        assert (next(papers).id, next(papers).id) == ("1", "2")
        with pytest.raises(Unavailable):
            next(papers)


def test_a_stream_is_asked_for_again_as_long_as_nothing_of_it_was_given() -> None:
    waits: list[float] = []
    busy = refusing(503, "Later.", Retry_After="3")
    with (
        saying_house(breaking, busy, saying(lines("1"))) as house,
        Client(house.url, "", wait=waits.append) as client,
    ):
        assert ids(client.bulk(client.day())) == ["1"]
    assert waits == [0.5, 3.0]
