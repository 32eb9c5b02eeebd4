"""How papers came to their pages is told from all that sources and readers said of it."""

from datetime import date

from tests.papers import AT, record

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.submitting.presented import Presented, presented
from broadsheet.model.record import Daily
from broadsheet.store import papers

FIRST, SECOND = date(2026, 3, 5), date(2026, 3, 6)


def told(house: House, *records: object) -> dict[str, tuple[Presented, ...]]:
    keep(house.store, list(records), at=AT)  # type: ignore[arg-type]
    with house.store.reading() as connection:
        shown = [paper for paper in papers.stream(connection, 0, 1_000) if paper.slug.startswith("2401.0000")]
    found = presented(house, shown)
    return {paper.slug: found[paper.id] for paper in shown}


def test_each_day_tells_who_and_when_the_first_day_first(house: House) -> None:
    found = told(
        house,
        record(1, daily=(Daily(SECOND, "2026-03-06T03:55:12Z", "ak"), Daily(FIRST))),
        record(2),
    )
    assert found["2401.00001"] == (Presented(FIRST), Presented(SECOND, "2026-03-06T03:55:12Z", "ak"))
    assert found["2401.00002"] == ()


def test_of_two_tellings_the_one_that_says_who_stands(house: House) -> None:
    silent = record(1, source="a", daily=(Daily(FIRST),))
    speaking = record(1, source="b", daily=(Daily(FIRST, "", "ak"),))
    assert told(house, silent, speaking)["2401.00001"] == (Presented(FIRST, "", "ak"),)


def test_what_was_taken_back_tells_nothing(house: House) -> None:
    standing, gone = record(1, source="a"), record(1, source="b", daily=(Daily(FIRST, "", "ak"),), deleted=True)
    assert told(house, standing, gone)["2401.00001"] == ()
