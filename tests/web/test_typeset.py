"""Facts in words."""

from datetime import date

import pytest

from broadsheet.model.paper import Paper
from broadsheet.model.record import Author
from broadsheet.web import typeset


def paper(**facts: object) -> Paper:
    return Paper(slug="2603.00001", title="T", **facts)  # type: ignore[arg-type]


def test_a_day_is_spelled_out() -> None:
    assert typeset.long_day(date(2026, 3, 6)) == "Friday, 6 March 2026"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2022", "2022"),
        ("2022-05", "May 2022"),
        ("2022-05-23", "23 May 2022"),
        ("2022-05-03T10:00:00Z", "3 May 2022"),
        ("2022-13-01", "2022-13-01"),
        ("spring 2022", "spring 2022"),
        ("", ""),
    ],
)
def test_dates_of_any_precision_are_spelled(when: str, words: str) -> None:
    assert typeset.spelled(when) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C", "D"], "A, B, C and D"),
        (["A", "B", "C", "D", "E"], "A, B, C and\u00a02\u00a0others"),
    ],
)
def test_the_first_authors_are_named(names: list[str], words: str) -> None:
    assert typeset.byline(paper(authors=tuple(map(Author, names)))) == words


def test_a_count_stands_in_for_names_nobody_gave() -> None:
    assert typeset.byline(paper(author_count=12)) == "12 authors"
    assert typeset.byline(paper(author_count=1)) == "1 author"


def test_an_excerpt_ends_at_a_word() -> None:
    text = typeset.excerpt(paper(abstract="lazy dogs, " * 50), 40)
    assert text == "lazy dogs, lazy dogs, lazy dogs, lazy…"


def test_an_excerpt_without_spaces_is_cut_all_the_same() -> None:
    assert typeset.excerpt(paper(abstract="折り紙" * 50), 6) == "折り紙折り紙…"


def test_a_summary_stands_in_for_a_missing_abstract() -> None:
    assert typeset.excerpt(paper(summary="In short.")) == "In short."


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (999, "999"), (1_000, "1k"), (1_250, "1.2k"), (14_900, "14k"), (2_100_000, "2.1M")]
)
def test_large_numbers_are_short(number: int, words: str) -> None:
    assert typeset.short_count(number) == words


def test_things_are_counted_in_their_number() -> None:
    assert typeset.plural(1, "paper") == "1 paper"
    assert typeset.plural(2_345, "paper") == "2,345 papers"
