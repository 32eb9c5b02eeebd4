"""What a digest shows is kept by the numbers of its papers, and read again whatever became of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.flow.digests.sending_by_hand import composed, subscribe, titles
from tests.papers import record

from broadsheet.errors import Conflict
from broadsheet.flow.digests.content import as_content, read_content
from broadsheet.flow.house import House
from broadsheet.flow.scoring import follow
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.digest import Digest
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Daily, Signal
from broadsheet.model.selection import Selection

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


def put(house: House, number: int, **told: Any) -> None:
    """Keep a paper that is on today's page and trends, the more the lower its number."""
    signals = (Signal("upvotes", 100 - number, NOW),)
    made = record(number, daily=(Daily(TODAY),), signals=signals, published="2026-11-18", **told)
    keep(house.store, [made], at=NOW)
    follow(house)


def today(house: House) -> Digest:
    """Compose a digest of three papers in two sections."""
    put(house, 1)
    put(house, 2, title="Another work", authors=("Cy Young",))
    put(house, 3, title="A third work", authors=("Di Ng",))
    digest = composed(house, subscribe(house, Selection("day"), Selection("trending", "all")))
    assert titles(digest) == [["2401.00001", "2401.00003"], ["2401.00002"]]
    assert digest is not None
    return digest


def test_it_reads_as_it_was_written(house: House) -> None:
    digest = today(house)
    text = as_content(digest)
    assert text.isascii()
    assert read_content(house, text, "daily", TODAY) == digest


def test_papers_that_were_merged_show_once_under_what_they_are_now(house: House) -> None:
    text = as_content(today(house))
    both = tuple(ExternalId("arxiv", f"2401.{number:05d}") for number in (1, 2))
    keep(house.store, [record(9, source="other", ids=both)], at=NOW)
    read = read_content(house, text, "daily", TODAY)
    assert titles(read) == [["2401.00001", "2401.00003"]]


def test_what_is_gone_is_left_out(house: House) -> None:
    text = as_content(today(house)).replace("[2,0]", "[77,0]")
    assert titles(read_content(house, text, "daily", TODAY)) == [["2401.00001", "2401.00003"]]


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"whys":[],"sections":[["A","/",0,[[1,0]]]]}',
        '{"whys":[""],"sections":[["A","/",0]]}',
        '{"whys":[""],"sections":[["A","/","x",[[1,0]]]]}',
        '{"whys":[""],"sections":7}',
        "[" * 100_000,
    ],
    ids=range(9),
)
def test_what_is_damaged_is_said_to_be(house: House, damaged: str) -> None:
    with pytest.raises(Conflict, match="cannot be read"):
        read_content(house, damaged, "daily", TODAY)
