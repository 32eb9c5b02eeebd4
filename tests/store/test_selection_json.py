"""A list's name written and read again is the same name."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Conflict
from broadsheet.model.query import Query
from broadsheet.model.selection import KINDS, Selection
from broadsheet.store.selection_json import decode_selection, encode_selection

selections = st.builds(
    Selection,
    st.sampled_from(KINDS),
    st.text(st.characters()),
    st.none() | st.builds(Query, text=st.text(st.characters()), has_code=st.sampled_from([None, True, False])),
)


@given(selections)
def test_a_selection_comes_back_as_it_was(selection: Selection) -> None:
    written = encode_selection(selection)
    assert written.isascii()
    assert decode_selection(written) == selection


def test_equal_selections_are_equal_texts() -> None:
    assert encode_selection(Selection("day")) == encode_selection(Selection("day", "")) == '{"kind":"day"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        "{}",
        '{"kind":"moon"}',
        '{"kind":"day","name":3}',
        '{"kind":"day","more":1}',
        '{"kind":["day"]}',
        '{"kind":"search","query":{"mood":"good"}}',
        '{"kind":"search","query":3}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_a_conflict(text: str) -> None:
    with pytest.raises(Conflict):
        decode_selection(text)


@given(st.recursive(st.none() | st.text() | st.integers(), lambda i: st.dictionaries(st.text(), i) | st.lists(i)))
def test_whatever_stands_there_is_read_or_a_conflict(value: object) -> None:
    with suppress(Conflict):
        decode_selection(json.dumps(value))
