"""What is taken of an answer: all its records, none of them from the future, and no flood of problems."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from broadsheet.model.record import Problem, Record, Signal
from broadsheet.sources.adapter import Adapter, Answer, Ask, Want
from broadsheet.sources.envelope import Envelope
from broadsheet.sources.live.answered import MOST_PROBLEMS, told_by
from broadsheet.sources.live.arxiv_query import ArxivQuery
from broadsheet.sources.live.biorxiv import Biorxiv
from broadsheet.sources.live.feed import FeedSource
from broadsheet.sources.live.hf import HuggingFace
from broadsheet.sources.live.oai import OaiSource
from broadsheet.sources.live.openreview import OpenReview
from broadsheet.sources.services import ANY_OAI

AT = datetime(2026, 11, 21, tzinfo=UTC)
ANSWER = Answer(url="https://a.example/", body=BytesIO(), at=AT)
COUNT = 3 * MOST_PROBLEMS


def test_problems_beyond_the_first_are_one_that_counts_them_and_every_record_is_taken() -> None:
    bad, good = (
        Problem("feed", "f item 1", "no-title", "It has none.", "<item/>"),
        Record(source="feed", key="k", title="T"),
    )
    told, envelope = told_by([*[bad] * COUNT, good, Envelope(cursor=7), bad], ANSWER)
    *first, record, others = told
    assert (first, record, envelope.cursor) == ([bad] * MOST_PROBLEMS, good, 7)
    assert isinstance(others, Problem)
    assert (others.kind, others.raw) == ("more-problems", "")
    assert f"{COUNT + 1 - MOST_PROBLEMS} more problems" in others.message
    assert told_by([bad] * MOST_PROBLEMS, ANSWER)[0] == [bad] * MOST_PROBLEMS


@pytest.mark.parametrize(
    "observed", [None, AT - timedelta(days=1), AT, AT + timedelta(seconds=1), AT.replace(year=2100)]
)
def test_nothing_is_observed_after_the_answer_came(observed: datetime | None) -> None:
    """H9: what was observed in 2100 would beat every later correction."""
    signals = () if observed is None else (Signal("upvotes", 7, observed),)
    [record], _ = told_by([Record(source="oai", key="k", title="T", observed=observed, signals=signals)], ANSWER)
    assert isinstance(record, Record)
    assert record.observed == (None if observed is None else min(observed, AT))
    assert all(one.at <= AT for one in record.signals)


def _hostile(kind: str) -> bytes:
    zeros = b"0," * (COUNT - 1) + b"0]"
    return {
        "feed": b'{"version":"https://jsonfeed.org/version/1.1","items":[' + zeros + b"}",
        "rss": b"<rss><channel>" + b"<item/>" * COUNT + b"</channel></rss>",
        "oai": b"<OAI-PMH><ListRecords>" + b"<record/>" * COUNT + b"</ListRecords></OAI-PMH>",
        "query": b'<feed xmlns="http://www.w3.org/2005/Atom">' + b"<entry/>" * COUNT + b"</feed>",
        "hf": b"[" + zeros,
        "biorxiv": b'{"messages":[{"status":"ok"}],"collection":[' + zeros + b"}",
        "openreview": b'{"notes":[' + zeros + b"}",
    }[kind]


@pytest.mark.parametrize(
    ("kind", "adapter", "target"),
    [
        ("feed", FeedSource(), "https://a.example/feed"),
        ("rss", FeedSource(), "https://a.example/feed"),
        ("oai", OaiSource(service=ANY_OAI), "https://a.example/oai"),
        ("query", ArxivQuery(), "2401.00001"),
        ("hf", HuggingFace(), "trending"),
        ("biorxiv", Biorxiv(), "biorxiv"),
        ("openreview", OpenReview(), "A.cc/2024/Conference/-/Submission"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_answer_floods_the_shelf_with_problems(kind: str, adapter: Adapter, target: str) -> None:
    want = Want(target=target)
    ask = adapter.begin(want, {}, AT)
    assert isinstance(ask, Ask)
    told = list(adapter.read(want, {}, ask, Answer(url=ask.url, body=BytesIO(_hostile(kind)), at=AT)).told)
    assert len(told) == MOST_PROBLEMS + 1
    assert isinstance(told[-1], Problem)
    assert told[-1].kind == "more-problems"


def test_a_repository_whose_clock_is_ahead_tells_no_record_of_the_future() -> None:
    body = (
        b"<OAI-PMH><responseDate>2100-01-01T00:00:00Z</responseDate><ListRecords><record><header><identifier>oai:a:1"
        b"</identifier><datestamp>2026-11-20</datestamp></header><metadata>"
        b'<dc xmlns="http://purl.org/dc/elements/1.1/"><title>Napkins</title></dc></metadata></record></ListRecords></OAI-PMH>'
    )
    source, want = OaiSource(service=ANY_OAI), Want(target="https://a.example/oai")
    page = source.read(
        want, {}, source.begin(want, {}, AT), Answer(url="https://a.example/oai", body=BytesIO(body), at=AT)
    )
    assert [one.observed for one in page.told if isinstance(one, Record)] == [AT]
