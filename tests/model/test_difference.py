"""What changed between two texts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.difference import MOST_WORDS, Span, difference


def marked(before: str, after: str) -> str:
    signs = {"same": "", "added": "+", "removed": "-"}
    return "".join(f"{signs[span.kind]}[{span.text}]" for span in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "", ""),
        ("We fold napkins.", "We fold napkins.", "[We fold napkins.]"),
        ("We fold napkins.", "We fold two napkins.", "[We fold ]+[two ][napkins.]"),
        ("We fold two napkins.", "We fold napkins.", "[We fold ]-[two ][napkins.]"),
        ("We fold napkins.", "We fold napkins. Code follows.", "[We fold napkins. ]+[Code follows.]"),
        ("We fold old napkins.", "We fold new napkins.", "[We fold ]-[old ]+[new ][napkins.]"),
        ("One end", "One beginning", "[One ]-[end ]+[beginning]"),
        ("", "All new", "+[All new]"),
        ("All gone", "", "-[All gone]"),
        ("折り紙を折る", "折り紙で折る", "[折り紙]-[を ]+[で][折る]"),
        ("a  b", "a b", "[a b]"),
    ],
)
def test_words_that_came_and_went_are_marked(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


@given(st.text(max_size=300), st.text(max_size=300))
def test_both_texts_can_be_read_off_a_difference(before: str, after: str) -> None:
    spans = difference(before, after)
    assert "".join("".join(s.text for s in spans if s.kind != "removed").split()) == "".join(after.split())
    assert "".join("".join(s.text for s in spans if s.kind != "added").split()) == "".join(before.split())
    assert all(one.kind != other.kind for one, other in itertools.pairwise(spans))


def test_the_rest_of_an_endless_text_is_exchanged_or_the_same() -> None:
    long = "word " * (MOST_WORDS + 5)
    assert difference(long, long) == (Span("same", long.strip()),)
    assert difference(f"{long}x", f"{long}y")[-2:] == (
        Span("removed", f"{'word ' * 5}x "),
        Span("added", f"{'word ' * 5}y"),
    )


def test_a_few_words_that_come_again_and_again_are_not_compared_one_by_one() -> None:
    before, after = "so " + "a b " * 499, "so " + "b b a " * 332
    assert marked(before, after).startswith("[so ]-[a b a b")
    assert len(difference(before, after)) < 5
    long = "so it was " * 300
    assert marked(f"{long}once", f"{long}twice") == f"[{long}]-[once ]+[twice]"
