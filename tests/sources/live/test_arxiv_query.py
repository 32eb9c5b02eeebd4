"""Single papers and gaps, asked of arXiv's query API by id."""

from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Ask, Page, Want
from broadsheet.sources.live.arxiv_query import MOST_IDS, ArxivQuery

AT = datetime(2025, 3, 3, tzinfo=UTC)
QUERY = ArxivQuery()
WITNESS = "0804.2273"


def ids_in(ask: Ask | None) -> list[str]:
    assert ask is not None
    return parse_qs(urlsplit(ask.url).query)["id_list"][0].split(",")


def feed(*ids: str) -> bytes:
    entries = "".join(f"<entry><id>http://arxiv.org/abs/{one}v2</id><title>Paper {one}</title></entry>" for one in ids)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>{entries}</feed>'.encode()


def read(target: str, body: bytes, ask: Ask | None = None) -> Page:
    want = Want(target=target)
    ask = ask or QUERY.begin(want, {}, AT)
    return QUERY.read(want, {}, ask, Answer(url=ask.url, body=BytesIO(body), at=AT))


def told(page: Page) -> list[str]:
    return [one.key for one in page.told if isinstance(one, Record)]


def test_ids_are_asked_for_however_they_are_written_with_one_that_is_certainly_there() -> None:
    ask = QUERY.begin(Want(target="arXiv:2401.00001v3, math.GT/0309136"), {}, AT)
    assert ids_in(ask) == ["2401.00001", "math/0309136", WITNESS]
    assert parse_qs(urlsplit(ask.url).query)["max_results"] == ["3"]


def test_the_papers_asked_for_are_told_and_nothing_else() -> None:
    page = read("2401.00001,2401.00002", feed("2401.00001", WITNESS))
    assert (told(page), page.next, page.expected) == (["2401.00001"], None, 2)
    assert told(read(WITNESS, feed(WITNESS))) == [WITNESS]


def test_an_answer_that_tells_nothing_is_asked_for_again() -> None:
    with pytest.raises(Unavailable, match="none of the papers"):
        read("2401.00001", feed())


def test_a_paper_that_arxiv_does_not_know_is_simply_not_told() -> None:
    assert told(read("2401.99999", feed(WITNESS))) == []


@pytest.mark.parametrize("body", [b"", b"<html><body>Rate exceeded.</body></html>", feed("2401.00001")[:-20]])
def test_what_is_no_whole_feed_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Unavailable):
        read("2401.00001", body)


def test_an_error_is_a_problem() -> None:
    entry = "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id</summary></entry>"
    [problem] = read("2401.00001", feed().replace(b"</feed>", f"{entry}</feed>".encode())).told
    assert isinstance(problem, Problem)
    assert problem.kind == "api-error"


def test_many_ids_are_asked_for_a_hundred_at_a_time() -> None:
    wanted = [f"2401.{number:05}" for number in range(250)]
    want, found, pages = Want(target=" ".join(wanted)), [], 0
    ask: Ask | None = QUERY.begin(want, {}, AT)
    while ask is not None:
        assert len(ids_in(ask)) <= MOST_IDS + 1
        page = read(want.target, feed(*ids_in(ask)), ask)
        found += told(page)
        ask, pages = page.next, pages + 1
    assert (found, pages) == (wanted, 3)


@pytest.mark.parametrize("target", ["", "napkins", "2401.00001 napkins"])
def test_what_is_no_id_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match="no arXiv id"):
        QUERY.begin(Want(target=target), {}, AT)
