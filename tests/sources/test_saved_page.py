"""Saved Daily Papers pages, in the three layouts that browsers save."""

from datetime import UTC, datetime

import pytest
from tests.sources.reading import AT, Read, parse

from broadsheet.model.record import Record, Signal

BANNER = """new
Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
Subscribe
Daily Papers
by AK and the research community
Nov 21
"""
PAGE = (
    BANNER
    + """On Napkins
We fold. Code: https://github.com/ann/napkins.
• 3 authors
·
Oct 21, 2025 5
On $O(n)$ Cloth

We cut.

foldinst Fold Institute

·

Nov 3
"""
)
GLUED = "Get trending papers in your email inbox!\nSubscribeOn Napkins\nWe fold.\nOn Cloth\nWe cut.\n"


def read(data: str | bytes, observed: datetime | None = AT) -> Read:
    return parse("saved-page", data, observed=observed)


def only(data: str, observed: datetime | None = AT) -> Record:
    return read(data, observed).record


def test_a_card_with_an_author_count_is_read() -> None:
    record = read(PAGE).records[0]
    assert (record.title, record.author_count, record.published) == ("On Napkins", 3, "2025-10-21")
    assert record.abstract == "We fold. Code: https://github.com/ann/napkins."
    assert record.signals == (Signal("comments", 5, AT),)
    assert [link.url for link in record.links] == ["https://github.com/ann/napkins"]


def test_a_card_with_an_organisation_is_read_and_keeps_its_tex() -> None:
    record = read(PAGE).records[1]
    assert (record.title, record.abstract) == ("On $O(n)$ Cloth", "We cut.")
    assert (record.organisations, record.author_count) == (("Fold Institute",), 0)
    assert (record.published, record.signals) == ("2025-11-03", ())


def test_bare_cards_are_read_and_the_banner_may_be_glued_to_the_first() -> None:
    found = read(GLUED)
    assert (found.titles, found.problems) == (["On Napkins", "On Cloth"], [])
    assert [record.abstract for record in found.records] == ["We fold.", "We cut."]


def test_a_bare_card_and_a_whole_one_are_two_tellings_of_one_paper() -> None:
    whole, bare = read(PAGE).records[0], read(GLUED).records[0]
    assert whole.key != bare.key
    assert whole.ids == bare.ids


@pytest.mark.parametrize(
    ("line", "observed", "published"),
    [
        ("Oct 21", datetime(2025, 11, 21, tzinfo=UTC), "2025-10-21"),
        ("Nov 21", datetime(2025, 11, 21, tzinfo=UTC), "2025-11-21"),
        ("Dec 30", datetime(2025, 1, 2, tzinfo=UTC), "2024-12-30"),
        ("Feb 29", datetime(2025, 3, 1, tzinfo=UTC), "2024-02-29"),
        ("Feb 29", datetime(2027, 3, 1, tzinfo=UTC), ""),
        ("September 5, 2024", None, "2024-09-05"),
        ("Oct 21", None, ""),
        ("Oct 32, 2024", AT, ""),
    ],
)
def test_a_date_without_a_year_takes_it_from_the_capture(line: str, observed: datetime | None, published: str) -> None:
    found = read(f"A Title\nAn abstract.\n• 1 author\n·\n{line}\n", observed)
    assert [record.published for record in found.records] == [published]
    assert found.kinds == (["bad-date"] if not published and observed else [])


@pytest.mark.parametrize(
    ("lines", "comments"), [("Oct 21, 2025 12", 12), ("Oct 21, 2025", None), ("Oct 21 3", 3), ("Oct 21 0", 0)]
)
def test_comments_are_counted_where_the_page_counts_them(lines: str, comments: int | None) -> None:
    record = only(f"A Title\nAn abstract.\n• 1 author\n·\n{lines}\n")
    assert [signal.value for signal in record.signals] == ([] if comments is None else [comments])


def test_a_card_without_an_abstract_is_read() -> None:
    record = only("A Title\n• 2 authors\n·\nOct 21, 2025\n")
    assert (record.title, record.abstract, record.author_count) == ("A Title", "", 2)


def test_a_line_that_stands_alone_is_a_problem_and_the_next_card_comes() -> None:
    found = read("• 2 authors\nA Title\nAn abstract.\n• 2 authors\n·\nOct 21, 2025\n")
    assert (found.kinds, found.titles) == (["no-title"], ["A Title"])


def test_a_page_that_breaks_off_keeps_what_it_told() -> None:
    for length in range(len(BANNER), len(PAGE)):
        found = read(PAGE[:length])
        assert all(record.title for record in found.records)
        assert found.titles[:1] == ["On Napkins"] or length < len(BANNER + "On Napkins")


@pytest.mark.parametrize("data", ["", "\n \n", BANNER, "\ufeff", "·\n·\n·"])
def test_a_page_without_cards_gives_no_record(data: str) -> None:
    assert read(data).records == []


def test_bytes_that_are_not_utf8_are_read_and_told() -> None:
    found = read(b"\xc9lan\nAn abstract.\n")
    assert (found.titles, found.kinds) == (["Élan"], ["encoding"])
