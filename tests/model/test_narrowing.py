"""Narrow lists, and put them in another order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.narrowing import both, fits, in_order, narrows
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query
from broadsheet.model.record import Author, Link

PAPER = Paper(
    id=1,
    slug="2401.00001",
    title="Kettles",
    authors=(Author("José Núñez"), Author("Lee, Ann")),
    published="2024-05",
    categories=("cs.CL", "stat.ML"),
    venue="KettleConf",
    organisations=("The Lab",),
    links=(Link("code", "https://github.com/lab/kettle"),),
    sources=("hf",),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), True),
        (Query(categories=("cs.cl", "q-bio")), True),
        (Query(categories=("cs",)), True),
        (Query(categories=("cs.CV",)), False),
        (Query(authors=("jose nunez",)), True),
        (Query(authors=("ANN LEE",)), True),
        (Query(authors=("Lee",)), False),
        (Query(venues=("kettleconf",)), True),
        (Query(organisations=("the lab",), sources=("HF",)), True),
        (Query(organisations=("Lab",)), False),
        (Query(years=(2023, 2024)), True),
        (Query(years=(2025,)), False),
        (Query(since=date(2024, 5, 1), until=date(2024, 5, 1)), True),
        (Query(since=date(2024, 5, 2)), False),
        (Query(until=date(2024, 4, 30)), False),
        (Query(has_code=True), True),
        (Query(has_code=False), False),
        (Query(categories=("cs",), years=(1999,)), False),
    ],
    ids=str,
)
def test_a_paper_fits_as_a_search_would_have_it(query: Query, expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert fits(PAPER, query) is expected
    assert narrows(query) is (query != Query())


def test_values_are_cleaned_as_those_of_a_search_are() -> None:
    paper = Paper(slug="x", title="X", venue="École V W", authors=(Author("?!"), Author("Ann Lee")))
    assert fits(paper, Query(venues=("  e\u0301cole v  w ",)))
    assert not fits(paper, Query(authors=("?",)))
    assert not fits(Paper(slug="x", title="X"), Query(venues=(" \0",)))


def test_the_first_hundred_authors_of_a_paper_count() -> None:
    many = Paper(slug="x", title="X", authors=tuple(Author(f"Ann Lee {number}") for number in range(101)))
    assert fits(many, Query(authors=("Ann Lee 99",)))
    assert not fits(many, Query(authors=("Ann Lee 100",)))


def test_a_paper_without_a_date_is_of_no_time() -> None:
    undated = Paper(slug="x", title="X")
    assert not fits(undated, Query(since=date.min))
    assert not fits(undated, Query(years=(2024,)))
    assert fits(undated, Query(has_code=False))


def test_an_order_keeps_ties_as_they_stood_and_relevance_changes_nothing() -> None:
    papers = [
        Paper(id=1, slug="a", title="A", published="2024", upvotes=3),
        Paper(id=2, slug="b", title="B", upvotes=5),
        Paper(id=3, slug="c", title="C", published="2024-01-01", upvotes=3),
        Paper(id=4, slug="d", title="D", published="2025-07-01T10:00:00Z"),
    ]
    assert in_order(papers, "relevance") == papers
    assert [paper.slug for paper in in_order(papers, "upvotes")] == ["b", "a", "c", "d"]
    assert [paper.slug for paper in in_order(papers, "date")] == ["d", "a", "c", "b"]


def test_two_queries_ask_together_for_what_both_allow() -> None:
    base = Query(text="kettle", categories=("cs",), years=(2023, 2024), since=date(2023, 2, 1), sort="date")
    more = Query(categories=("cs.CL", "q-bio"), years=(2024, 2025), since=date(2023, 1, 1), has_code=True)
    expected = Query(
        text="kettle", categories=("cs",), years=(2024,), since=date(2023, 2, 1), has_code=True, sort="date"
    )
    assert both(base, more) == (expected, Query(categories=("cs.CL", "q-bio")))
    assert both(base, Query(years=(2025,)))[0] is None
    assert both(Query(has_code=True), Query(has_code=False))[0] is None
    by_votes = Query(text="kettle", categories=("cs",), years=(2023, 2024), since=date(2023, 2, 1), sort="upvotes")
    assert both(base, Query(sort="upvotes")) == (by_votes, Query())
    assert both(Query(venues=("A", "B")), Query(venues=("b",)))[0] == Query(venues=("b",))


QUERIES = st.builds(
    Query,
    categories=st.lists(st.sampled_from(["cs", "cs.CL", "stat.ML", "q-bio"]), max_size=2, unique=True).map(tuple),
    authors=st.lists(st.sampled_from(["Ann Lee", "JOSE NUNEZ", "Nobody"]), max_size=2, unique=True).map(tuple),
    years=st.lists(st.sampled_from([2023, 2024]), max_size=2, unique=True).map(tuple),
    since=st.none() | st.just(date(2024, 5, 1)),
    has_code=st.none() | st.booleans(),
)


@given(QUERIES, QUERIES)
def test_what_fits_two_queries_fits_both_of_them_and_nothing_else_does(base: Query, more: Query) -> None:
    together, sieve = both(base, more)
    assert (together is not None and fits(PAPER, together) and fits(PAPER, sieve)) is (
        fits(PAPER, base) and fits(PAPER, more)
    )
