"""Dates, numbers, lists and keys from whatever a source wrote."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Link
from broadsheet.sources import fields


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        (2024, "2024"),
        ("2024", "2024"),
        ("2024-6", "2024-06"),
        ("2024/06/05", "2024-06-05"),
        ("2024-06-05T01:02:03Z", "2024-06-05T01:02:03Z"),
        ("2024-06-05T01:02:03.456+02:00", "2024-06-04T23:02:03Z"),
        ("2024-06-05 01:02:03", "2024-06-05T01:02:03Z"),
        ("Wed, 5 Jun 2024 01:02:03 GMT", "2024-06-05T01:02:03Z"),
        ("Mon, 2 Apr 2007 19:18:42 -0500", "2007-04-03T00:18:42Z"),
        (" 2024 ", "2024"),
        ("0001-01-01", ""),
        ("9999-12-31T23:59:59-14:00", ""),
        ("2024-13-01", ""),
        ("2024-02-30", ""),
        ("soon", ""),
        (True, ""),
        (None, ""),
        (2024.5, ""),
        ("2" * 50, ""),
    ],
)
def test_dates_are_written_at_the_precision_they_have(said: Any, iso: str) -> None:
    assert fields.iso(said) == iso


@given(
    st.text(max_size=45) | st.integers() | st.datetimes().map(str) | st.datetimes().map("{:%a, %d %b %Y %X %z}".format)
)
def test_anything_is_a_date_or_none(said: Any) -> None:
    written = fields.iso(said)
    assert fields.iso(written) == written
    if day := fields.day_of(said):
        assert written.startswith(day.isoformat())


def test_a_day_is_read_off_an_instant_and_a_month_is_none() -> None:
    assert fields.day_of("2024-06-05T23:00:00Z") == date(2024, 6, 5)
    assert fields.day_of("2024-06") is None
    assert fields.instant("2024-06-05") == datetime(2024, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "number"),
    [("May", 5), ("25--27 Apr", 4), ("july", 7), ("12", 12), ("0", 0), ("13", 0), ("spring", 0), ("", 0), ("Sept.", 9)],
)
def test_months_are_read(month: str, number: int) -> None:
    assert fields.month_number(month) == number


@pytest.mark.parametrize(
    ("said", "number"), [(7, 7), ("7", 7), (0, 0), (-1, None), (True, None), (2**70, None), ("7.5", None), ("٣", 3)]
)
def test_counts_are_read(said: Any, number: int | None) -> None:
    assert fields.count(said) == number


@pytest.mark.parametrize(
    ("said", "text"),
    [("a &amp; b", "a & b"), (7, "7"), (["a", "b"], "a"), ([["a"]], ""), ({"a": 1}, ""), (None, ""), (True, "")],
)
def test_texts_are_read(said: Any, text: str) -> None:
    assert fields.text(said) == text


@pytest.mark.parametrize(
    ("said", "texts"), [("a; b;a;", ("a", "b")), (["a", 7, "", "a"], ("a",)), (None, ()), (7, ()), ({"a": 1}, ())]
)
def test_lists_are_read_once_each(said: Any, texts: tuple[str, ...]) -> None:
    assert fields.texts(said) == texts


@pytest.mark.parametrize(
    ("said", "dois"),
    [
        ("10.1000/a", ["10.1000/a"]),
        ("https://doi.org/10.1000/A, 10.1000/b; doi:10.1000/c", ["10.1000/a", "10.1000/b", "10.1000/c"]),
        ("10.1000/a(b,c)", ["10.1000/a(b,c)"]),
        ("none", []),
        (" " * 100_000, []),
        ("10.1000/a" + "," * 1_000_000 + "x", []),
        ("10.1000/a" + ",; " * 300_000 + "10.1000/b", ["10.1000/a", "10.1000/b"]),
    ],
)
def test_several_dois_stand_in_one_field(said: str, dois: list[str]) -> None:
    assert [one.value for one in fields.dois(said)] == dois


def test_a_digest_does_not_see_case_punctuation_or_tex() -> None:
    assert fields.digest(r"On {N}apkins: \'Elan") == fields.digest("on napkins élan")
    assert fields.digest("On Napkins", "Ann Lee") != fields.digest("On Napkins", "Bo Chen")
    assert fields.digest("???") != fields.digest("!!!")


def test_a_key_is_the_best_id_or_a_digest() -> None:
    assert fields.key_for((ExternalId("doi", "10.1000/a"),), "T", ()) == "doi:10.1000/a"
    assert fields.key_for((), "T", ()) == fields.digest("T")
    assert fields.own_key("a" * 200) == "a" * 200
    assert fields.own_key("a" * 201) == fields.digest("a" * 201)


def test_the_first_word_on_an_address_stands() -> None:
    found = fields.links_of(
        [("project", "https://github.com/a/b/"), ("page", "ftp://x.org/1"), ("page", "https://x.org")],
        "See https://github.com/a/b, https://x.org/ and https://zenodo.org/1.",
    )
    assert found == (
        Link("project", "https://github.com/a/b/"),
        Link("page", "https://x.org"),
        Link("data", "https://zenodo.org/1"),
    )


@pytest.mark.parametrize(
    ("abstract", "comment", "withdrawn"),
    [
        ("This paper has been withdrawn due to an error.", "", True),
        ("This submission (v2) was temporarily withdrawn.", "", True),
        ("", "withdrawn by the author", True),
        ("We study how deposits are withdrawn.", "", False),
        ("x " * 200 + "This paper has been withdrawn.", "", False),
    ],
)
def test_a_withdrawal_is_told_at_the_top(abstract: str, comment: str, *, withdrawn: bool) -> None:
    assert fields.is_withdrawn(abstract, comment) is withdrawn
