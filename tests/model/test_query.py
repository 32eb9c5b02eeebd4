"""Where a page of results is parted."""

import pytest

from broadsheet.model.paper import Paper
from broadsheet.model.query import Hit, Query, Results

WORDS = Query(text="tea")


def results(marks: str, query: Query = WORDS, **facts: int) -> Results:
    """Make a page of hits, a ``g`` for each guess and an ``n`` for each match."""
    hits = tuple(Hit(1, 1.0, Paper(slug="x", title=""), guess=mark == "g") for mark in marks)
    total = marks.count("n")
    return Results(query=query, hits=hits, **({"total": total, "related": len(marks) - total} | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("marks", "related", "matches"),
    [("", 0, 0), ("nn", 0, 2), ("ngg", 2, 1), ("gng", 2, 2), ("gng", 9, 3), ("ngg", 9, 1)],
)
def test_a_page_is_parted_where_only_guesses_follow(marks: str, related: int, matches: int) -> None:
    first, rest = results(marks, related=related).parted()
    assert (len(first), len(rest)) == (matches, len(marks) - matches)


@pytest.mark.parametrize("query", [Query(like=("2401.00001",)), Query(text="tea", passage=True)])
def test_where_all_is_near_nothing_is_parted(query: Query) -> None:
    assert results("ngg", query).parted()[1] == ()


def test_where_nothing_matches_nothing_is_parted() -> None:
    assert results("gg").parted()[1] == ()
