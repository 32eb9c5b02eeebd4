"""The URL grammar."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from broadsheet.entrance import address
from broadsheet.errors import Invalid
from broadsheet.model import places
from broadsheet.model.query import SORTS, WAYS, Query

WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12)
WORDS = st.lists(WORD, max_size=3, unique=True).map(tuple)


def read(url: str) -> Query:
    return address.read_query(QueryParams(url.partition("?")[2]))


@given(
    st.builds(
        Query,
        text=WORD,
        passage=st.booleans(),
        like=WORDS,
        unlike=WORDS,
        way=st.sampled_from(WAYS),
        categories=WORDS,
        sources=WORDS,
        venues=WORDS,
        organisations=WORDS,
        years=st.lists(st.integers(1, 9999), max_size=3, unique=True).map(tuple),
        since=st.none() | st.dates(),
        until=st.none() | st.dates(),
        has_code=st.sampled_from([None, True, False]),
        sort=st.sampled_from(SORTS),
    ),
    st.integers(1, address.MAX_PAGE),
)
def test_a_search_survives_the_trip_through_its_url(query: Query, page: int) -> None:
    expected = replace(query, facets=True, limit=address.PER_PAGE, offset=(page - 1) * address.PER_PAGE)
    assert read(places.search_url(query, page)) == expected


def test_an_empty_search_has_a_bare_url() -> None:
    assert places.search_url(Query()) == "/search"


@pytest.mark.parametrize("facet", ["year", "category", "source", "venue", "organisation"])
def test_a_filter_toggled_twice_is_gone(facet: str) -> None:
    query = Query(text="x", years=(2020,), categories=("a",))
    assert address.toggled(address.toggled(query, facet, "2024"), facet, "2024") == query


def test_a_filter_is_added_to_those_of_its_kind() -> None:
    assert address.toggled(Query(years=(2020,)), "year", "2024").years == (2020, 2024)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ("sort=best", "sort"),
        ("way=up", "way"),
        ("&".join(f"like={number}" for number in range(21)), "like"),
        ("&".join(f"unlike={number}" for number in range(21)), "unlike"),
        ("page=x", "page"),
        ("page=-1", "page"),
        ("page=99999999999999", "page"),
        ("year=twenty", "year"),
        ("year=²", "year"),
        ("since=2026-02-30", "since"),
        ("until=20260306", "until"),
        ("&".join(f"cat={number}" for number in range(30)), "cat"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named(params: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(f"?{params}")
    assert caught.value.field == field


def test_nothing_is_no_passage() -> None:
    assert not read("?passage=1").passage
    assert not read("?q=+&passage=1").passage
    assert not read("?q=x&passage=yes").passage


def test_a_page_beyond_the_last_is_the_last() -> None:
    assert read("?page=99999").offset == (address.MAX_PAGE - 1) * address.PER_PAGE


@pytest.mark.parametrize("text", ["2026-3-6", "20260306", "2026-W10-5", "2026-02-30", "x" * 10, "", "٢٠٢٦-٠٣-٠٦"])
def test_only_one_spelling_is_a_day(text: str) -> None:
    with pytest.raises(Invalid):
        address.read_day(text)
    assert address.read_day("2026-03-06") == date(2026, 3, 6)
