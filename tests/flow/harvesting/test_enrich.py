"""Asking about papers that are here: each in its time, in few requests, and without touching what they are."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.empty_store import empty_home
from tests.flow.scholars import Scholars, serving
from tests.papers import AT, record, shown

from broadsheet.errors import Invalid
from broadsheet.flow import daily
from broadsheet.flow.harvesting import sources
from broadsheet.flow.harvesting.enrich import AGES
from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.harvesting.sources import Order
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.harvest import Run
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import ENRICHERS, Daily, Link, Record
from broadsheet.settings import Settings
from broadsheet.sources import services
from broadsheet.store import sources as kept_sources
from broadsheet.store.schema import metadata
from broadsheet.wiring import open_house

DAY = timedelta(days=1)


class Time:
    """A clock that moves when told to, or when somebody waits."""

    def __init__(self) -> None:
        self.now: datetime = AT

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def scholars() -> Iterator[Scholars]:
    with serving(Scholars()) as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, time: Time, scholars: Scholars) -> Iterator[House]:
    settings = Settings(home=empty_home(tmp_path / "home"), private_addresses=True, addresses=scholars.addresses)
    with open_house(settings, clock=lambda: time.now, wait=time.wait) as opened:
        for name in sorted(ENRICHERS):
            sources.add(opened, Order(kind=name))
        yield opened


def cited(number: int, **told: Any) -> Record:
    """Give a paper with a DOI."""
    return record(number, ids=(f"arxiv:2401.{number:05d}", f"doi:10.1000/{number}"), **told)


def coded(number: int, repository: str, **told: Any) -> Record:
    """Give a paper with a link to code."""
    return record(number, links=(Link("code", f"https://github.com/{repository}"),), **told)


def rows(house: House) -> list[Any]:
    """Give all that is kept but how runs went."""
    tables = [table for table in metadata.sorted_tables if table.name not in {"runs", "sources", "hosts", "leases"}]
    with house.store.reading() as connection:
        return [sorted(map(repr, map(tuple, connection.execute(table.select())))) for table in tables]


def mark(house: House, name: str) -> dict[str, Any]:
    with house.store.reading() as connection:
        source = kept_sources.by_name(connection, name)
    assert source is not None
    return dict(source.mark)


def run(house: House, name: str) -> Run:
    found = harvest(house, name)
    assert found.outcome == "done", found.message
    return found


def test_every_enricher_has_a_table_of_ages() -> None:
    assert AGES.keys() == ENRICHERS


def test_papers_learn_where_they_appeared_and_how_often_they_are_cited(house: House, scholars: Scholars) -> None:
    scholars.crossref["10.1000/1"] = {"title": [record(1).title], "is-referenced-by-count": 12}
    scholars.openalex["10.1000/1"] = {"title": record(1).title, "cited_by_count": 15}
    keep(house.store, [cited(1, daily=(Daily(AT.date()),)), cited(2), record(3)], at=AT)
    before, page = shown(house.store), daily.page(house, AT.date())
    assert (run(house, "crossref").records, run(house, "openalex").records) == (1, 1)
    after = shown(house.store)
    assert [(p.slug, p.title, p.authors, p.abstract, p.days) for p in after] == [
        (p.slug, p.title, p.authors, p.abstract, p.days) for p in before
    ]
    assert (after[0].venue, after[0].citations) == ("Journal of Napkins", 15)
    assert after[0].organisations == ("University of Napkins", "Linen Lab")
    assert [p.slug for p in daily.page(house, AT.date()).papers] == [p.slug for p in page.papers]
    # Those without a DOI are asked about under arXiv's.
    assert sum("10.48550/arxiv.2401.00003" in asked for asked in scholars.asked) == 1


def test_a_retraction_shows_and_says_where(house: House, scholars: Scholars) -> None:
    notice = {"type": "retraction", "DOI": "10.1000/notice", "source": "retraction-watch"}
    scholars.crossref["10.1000/1"] = {"title": [record(1).title], "updated-by": [notice]}
    keep(house.store, [cited(1)], at=AT)
    run(house, "crossref")
    [paper] = shown(house.store)
    assert paper.withdrawn
    assert paper.comment == "Retracted, says Retraction Watch: https://doi.org/10.1000/notice"


def test_asking_again_at_once_asks_nothing_and_changes_nothing(house: House, scholars: Scholars) -> None:
    scholars.crossref |= {f"10.1000/{n}": {"title": [record(n).title]} for n in range(1, 121)}
    scholars.stars["a/b"] = 3
    keep(house.store, [cited(n) for n in range(1, 120)] + [coded(120, "a/b")], at=AT)
    for name in sorted(ENRICHERS):
        run(house, name)
    assert sum("/crossref" in asked for asked in scholars.asked) == 3
    before, asked = rows(house), len(scholars.asked)
    for name in sorted(ENRICHERS):
        assert run(house, name).records == 0
    assert len(scholars.asked) == asked
    assert rows(house) == before


def test_counts_gather_as_time_goes_by(house: House, scholars: Scholars, time: Time) -> None:
    keep(house.store, [coded(1, "a/b", published=AT.date().isoformat())], at=AT)
    for day in range(3):
        time.now = AT + day * DAY
        scholars.stars["a/b"] = 10 + day
        run(house, "github")
        run(house, "github")
    assert [paper.stars for paper in shown(house.store)] == [12]
    with house.store.reading() as connection:
        told = connection.exec_driver_sql("SELECT kind, value FROM signals ORDER BY at").all()
    assert [tuple(row) for row in told] == [("stars", 10), ("stars", 11), ("stars", 12)]


def test_the_same_answer_kept_twice_is_one_count(house: House, scholars: Scholars, time: Time) -> None:
    scholars.date = "Fri, 20 Nov 2026 06:00:00 GMT"
    scholars.stars["a/b"] = 10
    keep(house.store, [coded(1, "a/b", published=AT.date().isoformat())], at=AT)
    run(house, "github")
    time.now += DAY
    before = rows(house)
    run(house, "github")
    assert len(scholars.asked) == 2
    assert rows(house) == before


def test_new_papers_are_asked_about_soon_and_old_ones_in_their_time(
    house: House, scholars: Scholars, time: Time
) -> None:
    ages = {1: 10, 2: 100, 3: 1_000}
    told = [coded(n, f"a/{n}", published=(AT - days * DAY).date().isoformat()) for n, days in ages.items()]
    shown_lately = coded(4, "a/4", published="2019", daily=(Daily((AT - 3 * DAY).date()),))
    scholars.stars |= {f"a/{n}": n for n in range(1, 6)}
    keep(house.store, [*told, shown_lately], at=AT)

    def asked() -> list[str]:
        scholars.asked.clear()
        run(house, "github")
        return [one.rpartition("/")[2] for one in scholars.asked]

    assert asked() == ["4", "1", "2", "3"]
    keep(house.store, [coded(5, "a/5", published="2019")], at=AT)
    assert asked() == ["5"]
    time.now = AT + DAY + timedelta(hours=1)
    assert asked() == ["4", "1"]
    time.now += 7 * DAY
    assert asked() == ["4", "1", "2"]
    time.now += 30 * DAY
    assert sorted(asked()) == ["1", "2", "3", "4", "5"]


def test_a_paper_that_changes_is_asked_about_only_until_something_is_known(house: House, scholars: Scholars) -> None:
    keep(house.store, [record(1), cited(2)], at=AT)
    run(house, "crossref")
    scholars.crossref["10.1000/1"] = {"title": [record(1).title]}
    keep(house.store, [cited(1, observed=AT + DAY)], at=AT)
    assert run(house, "crossref").records == 1
    keep(house.store, [cited(1, observed=AT + 2 * DAY, comment="again")], at=AT)
    scholars.asked.clear()
    run(house, "crossref")
    assert scholars.asked == []


def test_what_is_remembered_stays_small(house: House, scholars: Scholars) -> None:
    keep(house.store, [cited(n) for n in range(1, 400)], at=AT)
    for name in sorted(ENRICHERS):
        run(house, name)
        assert len(json.dumps(mark(house, name))) < 400


def test_repositories_that_moved_are_followed_and_those_that_are_gone_passed_over(
    house: House, scholars: Scholars
) -> None:
    scholars.stars |= {"new/home": 5, "a/b": 6}
    scholars.moved["old/home"] = "new/home"
    keep(house.store, [coded(1, "old/home"), coded(2, "gone/away"), coded(3, "a/b")], at=AT)
    run(house, "github")
    assert [paper.stars for paper in shown(house.store)] == [5, 0, 6]


def test_whoever_denies_everything_is_not_asked_to_the_end_and_the_run_says_so(
    house: House, scholars: Scholars, time: Time
) -> None:
    scholars.stars |= {f"gone/{n}": n for n in range(1, 11)}
    keep(house.store, [coded(n, f"gone/{n}") for n in range(1, 60)], at=AT)
    assert run(house, "github").problems == 1
    assert len(scholars.asked) == 30
    # The next run goes on after those.
    run(house, "github")
    assert [paper.stars for paper in shown(house.store)][:11] == [*range(1, 11), 0]
    assert len(set(scholars.asked)) == len(scholars.asked) == 59


def test_a_repository_that_is_gone_is_left_to_the_sweeps_whatever_its_paper_does(
    house: House, scholars: Scholars, time: Time
) -> None:
    lost = [coded(n, f"gone/{n}", published="2019") for n in range(1, 50)]
    scholars.stars["a/b"] = 6
    keep(house.store, [*lost, coded(50, "a/b", published="2019")], at=AT)
    run(house, "github")
    run(house, "github")
    assert len(scholars.asked) == 50
    time.now += timedelta(hours=3)
    keep(house.store, [replace(one, comment="again", observed=time.now) for one in lost], at=time.now)
    scholars.stars["gone/1"] = 7
    run(house, "github")
    assert len(scholars.asked) == 50
    time.now += 31 * DAY
    for _ in range(2):
        run(house, "github")
    assert [paper.stars for paper in shown(house.store)][:2] == [7, 0]


@pytest.mark.parametrize("name", ["crossref", "openalex"])
def test_a_key_that_no_service_takes_stops_nobody(house: House, scholars: Scholars, name: str) -> None:
    known = getattr(scholars, name)
    scholars.unreadable = "!"
    told = [replace(cited(n), ids=(ExternalId("doi", f"10.1000/{n if n != 60 else '60!'}"),)) for n in range(1, 121)]
    titled = {f"10.1000/{n}": record(n).title for n in range(1, 121)}
    known |= {doi: {"title": [title] if name == "crossref" else title} for doi, title in titled.items()}
    keep(house.store, told, at=AT)
    assert run(house, name).records == 119
    assert len(scholars.asked) < 20
    assert run(house, name).records == 0


@pytest.mark.parametrize("name", ["crossref", "openalex"])
def test_long_keys_make_no_address_too_long(house: House, scholars: Scholars, name: str) -> None:
    dois = [f"10.1000/{'<;>' * 60}{n}" for n in range(1, 61)]
    known = getattr(scholars, name)
    known |= {
        doi: {"title": [record(n).title] if name == "crossref" else record(n).title} for n, doi in enumerate(dois)
    }
    keep(house.store, [record(n, ids=(f"doi:{doi}",)) for n, doi in enumerate(dois)], at=AT)
    assert run(house, name).records == 60


def test_two_papers_with_one_repository_both_show_its_stars(house: House, scholars: Scholars) -> None:
    scholars.stars["a/b"] = 6
    keep(house.store, [coded(1, "a/b"), coded(2, "a/b"), record(3, ids=())], at=AT)
    run(house, "github")
    assert [paper.stars for paper in shown(house.store)] == [6, 6, 0]


def test_a_run_that_failed_goes_on_where_it_was(house: House, scholars: Scholars, time: Time) -> None:
    scholars.crossref |= {f"10.1000/{n}": {"title": [record(n).title]} for n in range(1, 121)}
    keep(house.store, [cited(n) for n in range(1, 121)], at=AT)
    scholars.failing = 2
    assert run(house, "crossref").records == 120
    assert len(set(scholars.asked)) == 3


def test_a_run_makes_no_more_requests_than_it_may(house: House, scholars: Scholars) -> None:
    scholars.stars |= {f"a/{n}": n for n in range(1, 100)}
    keep(house.store, [coded(n, f"a/{n}") for n in range(1, 100)], at=AT)
    assert run(house, "github").records == 60
    assert run(house, "github").records == 39
    assert services.GITHUB.gap_s >= 60


def test_an_enricher_takes_no_target(house: House) -> None:
    with pytest.raises(Invalid):
        sources.add(house, Order(kind="openalex", target="cs.CL"))
