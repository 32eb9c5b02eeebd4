"""Finding a phrase in a text as it is written, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.index.side_by_side import place
from broadsheet.index.words import terms


@pytest.mark.parametrize(
    ("text", "run", "found"),
    [
        ("We fold graph-attention networks", ("graph", "attention"), 8),
        ("Monograph attention", ("graph", "attention"), None),
        ("graph attentions", ("graph", "attention"), None),
        ("graph of attention", ("graph", "attention"), None),
        ("paragraph: graph graph attention", ("graph", "attention"), 17),
        ("a a b", ("a", "b"), 2),
        ("Erdős graph", ("erdos", "graph"), 0),
        ("the Æther wind", ("aether", "wind"), -1),
        ("用注意力机制", ("注意", "意力"), 1),
        ("注 意力", ("注意", "意力"), None),
        ("an 注意 model", ("an", "注意", "model"), 0),
        ("注意model", ("注意", "model"), 0),
        ("เชื่อง", ("เช", "ชื", "ือ", "อง"), 0),
        ("", ("a",), None),
    ],
)
def test_words_stand_side_by_side(text: str, run: tuple[str, ...], found: int | None) -> None:
    assert place(text, run) == found


@given(st.text(alphabet="ab -_.注意力ก็é", max_size=30), st.integers(0, 5), st.integers(1, 3))
def test_what_a_text_says_is_found_in_it(text: str, start: int, length: int) -> None:
    run = tuple(form for _, form in terms(text))[start : start + length]
    if run:
        assert place(text, run) is not None
