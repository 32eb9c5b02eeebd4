"""What is written down is read back the same."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.store import FULL
from tests.papers import AT, record

from broadsheet.model.compose import compose
from broadsheet.model.record import Author, Daily, Link, Record, Version
from broadsheet.store.payload import decode_record, encode_record, is_sound, mended, moment, paper_row, read_paper

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
RECORDS = st.builds(
    Record,
    source=st.just("test"),
    key=st.just("1"),
    version=st.integers(0, 9),
    title=TEXT,
    abstract=TEXT,
    authors=st.lists(st.builds(Author, TEXT, TEXT, TEXT), max_size=3).map(tuple),
    author_count=st.integers(0, 9),
    ids=st.just(record(1).ids),
    published=TEXT,
    updated=TEXT,
    categories=TEXTS,
    keywords=TEXTS,
    venue=TEXT,
    organisations=TEXTS,
    links=st.lists(st.builds(Link, TEXT, TEXT), max_size=3).map(tuple),
    media=TEXTS,
    summary=TEXT,
    comment=TEXT,
    licence=TEXT,
    versions=st.lists(st.builds(Version, st.integers(1, 9), TEXT, TEXT), max_size=3).map(tuple),
    daily=st.lists(st.builds(Daily, st.dates(), TEXT, TEXT), max_size=3).map(tuple),
    withdrawn=st.booleans(),
    deleted=st.booleans(),
    observed=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(RECORDS)
def test_a_record_comes_back_as_it_was(made: Record) -> None:
    observed = moment(made.observed)
    taken_back = observed or moment(AT) if made.deleted else ""
    again = decode_record((made.source, made.key, made.version), encode_record(made), observed, taken_back)
    assert again == made


@given(RECORDS)
def test_a_paper_comes_back_as_it_was(made: Record) -> None:
    paper = compose([made], id=7)
    again = read_paper(paper_row(paper, 7))
    assert replace(again, stamp=0) == paper
    assert 0 < again.stamp < 2**63


def test_the_stamp_changes_with_everything_that_is_shown() -> None:
    paper = compose([FULL], signals={"upvotes": 1})
    others = {
        "title": "x",
        "slug": "x",
        "abstract": "x",
        "published": "1999",
        "authors": (),
        "author_count": 3,
        "ids": (),
        "categories": (),
        "keywords": (),
        "organisations": (),
        "links": (),
        "media": (),
        "versions": (),
        "sources": (),
        "days": (date(1999, 1, 1),),
        "withdrawn": True,
        "upvotes": 9,
        "comments": 9,
        "stars": 9,
        "citations": 9,
        **dict.fromkeys(("updated", "venue", "summary", "comment", "licence"), "x"),
    }
    assert others.keys() == {f.name for f in fields(paper)} - {"id", "stamp"}
    stamps = {paper_row(replace(paper, **{name: value}), 1)[11] for name, value in others.items()}
    assert len(stamps | {paper_row(paper, 1)[11]}) == len(others) + 1


def test_what_no_database_takes_is_mended_and_then_stays() -> None:
    odd = record(1, key="a\0b\ud800", title="NUL \0 and half a pair \udfff, but \\u0000 stays")
    again = mended(odd)
    assert (again.key, again.title) == ("ab?", "NUL  and half a pair ?, but \\u0000 stays")
    assert mended(again) == again
    assert not is_sound(record(1, key="k" * 501), "")


def test_instants_are_written_so_that_they_sort() -> None:
    assert moment(datetime.fromisoformat("2024-01-03T01:00:00+02:00")) == "2024-01-02T23:00:00.000000+00:00"
    assert moment(None) == ""
