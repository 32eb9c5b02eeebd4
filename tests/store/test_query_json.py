"""A query written and read again is the same query."""

import json
from contextlib import suppress
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Conflict
from broadsheet.model.query import SORTS, WAYS, Query
from broadsheet.store.query_json import as_document, decode_query, encode_query

texts = st.lists(st.text(st.characters()), max_size=3).map(tuple)
queries = st.builds(
    Query,
    text=st.text(st.characters()),
    passage=st.booleans(),
    like=texts,
    unlike=texts,
    way=st.sampled_from(WAYS),
    categories=texts,
    sources=texts,
    venues=texts,
    organisations=texts,
    years=st.lists(st.integers(), max_size=3).map(tuple),
    since=st.none() | st.dates(),
    until=st.none() | st.dates(),
    has_code=st.none() | st.booleans(),
    sort=st.sampled_from(SORTS),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = [field.name for field in fields(Query)]


@given(queries)
def test_a_query_comes_back_as_it_was(query: Query) -> None:
    written = encode_query(query)
    assert written.isascii()
    assert decode_query(written) == query


def test_only_what_is_set_is_written() -> None:
    assert encode_query(Query(text="tea", has_code=False, limit=3, offset=40, facets=True)) == (
        '{"text":"tea","has_code":false}'
    )
    assert as_document(Query()) == {}


def test_every_field_but_those_of_a_page_is_written() -> None:
    page = {"limit", "offset", "facets"}
    every = Query(
        text="a",
        passage=True,
        like=("b",),
        unlike=("c",),
        way="words",
        categories=("d",),
        sources=("e",),
        venues=("f",),
        organisations=("g",),
        authors=("h",),
        years=(1,),
        since=decode_query('{"since": "2024-01-02"}').since,
        until=decode_query('{"until": "2024-01-02"}').until,
        has_code=True,
        sort="date",
    )
    assert as_document(every).keys() == set(NAMES) - page


@given(st.text() | st.dictionaries(st.sampled_from(NAMES) | st.text(), json_values).map(json.dumps))
def test_whatever_stands_there_is_read_or_refused(text: str) -> None:
    with suppress(Conflict):
        assert isinstance(decode_query(text), Query)


def test_a_field_of_a_newer_version_is_named() -> None:
    with pytest.raises(Conflict, match=r"newer Broadsheet wrote it \(unknown here: mood\)"):
        decode_query('{"text": "tea", "mood": "calm"}')
