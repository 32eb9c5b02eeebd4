"""Real harvesters come to a real server and leave with everything: one that people use, and our own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.empty_store import empty_home
from tests.feeds.oai.conftest import HIDDEN, MERGED, Ticking
from tests.web.conftest import told

from broadsheet.flow.harvesting import sources
from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.harvesting.sources import Order
from broadsheet.flow.house import House
from broadsheet.flow.moderating import papers as moderating
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.store import papers, readers
from broadsheet.wiring import open_house

scythe = pytest.importorskip("oaipmh_scythe", reason="oaipmh-scythe is not installed")


@pytest.fixture(params=["GET", "POST"])
def harvester(request: pytest.FixtureRequest, address: str) -> Iterator[Any]:
    with scythe.Scythe(address, http_config=scythe.HTTPConfig(http_method=request.param)) as opened:
        yield opened


def on_the_shelf(house: House) -> list[Paper]:
    with house.store.reading() as connection:
        return list(papers.stream(connection, 0, 1_000))


def has_arxiv_id(paper: Paper) -> bool:
    return any(i.scheme == "arxiv" for i in paper.ids)


def test_a_harvester_has_everything_in_both_formats(harvester: Any, source: House) -> None:
    found = list(harvester.list_records(metadata_prefix="oai_dc"))
    live = [record for record in found if not record.deleted]
    assert sorted(record.metadata["title"][0] for record in live) == sorted(p.title for p in on_the_shelf(source))
    assert sorted(r.header.identifier for r in found if r.deleted) == sorted(gone(source))
    found = [record for record in harvester.list_records(metadata_prefix="arXiv") if not record.deleted]
    of_arxiv = [paper for paper in on_the_shelf(source) if has_arxiv_id(paper)]
    assert sorted(record.metadata["id"][0] for record in found) == sorted(paper.slug for paper in of_arxiv)
    headers = list(harvester.list_identifiers(metadata_prefix="oai_dc"))
    assert len({header.identifier for header in headers}) == len(headers) == len(on_the_shelf(source)) + 2


def gone(house: House) -> list[str]:
    merged = show(house, MERGED)
    numbers = set(range(1, 36)) - {paper.id for paper in on_the_shelf(house)}
    assert show(house, HIDDEN, hidden=True).id in numbers
    assert merged.id not in numbers
    assert len(numbers) == 2
    return [f"oai:broadsheet.localhost:{number}" for number in numbers]


def test_a_harvester_takes_sets_and_moments(harvester: Any, source: House, ticking: Ticking) -> None:
    listed = {one.setSpec for one in harvester.list_sets()}
    assert {"category:cs:CL", "source:bibtex"} < listed
    within = [record for record in harvester.list_records(set_="category:cs:CL") if not record.deleted]
    titles = [paper.title for paper in on_the_shelf(source) if "cs.CL" in paper.categories]
    assert [record.metadata["title"][0] for record in within] == titles
    assert len(list(harvester.list_records(set_="source:bibtex"))) == 1
    ticking.wait(3_600)
    keep(source.store, [told("2604.00001", "A later paper", observed=source.clock())], at=source.clock())
    (later,) = harvester.list_records(from_="2026-11-20T13:00:00Z")
    assert later.metadata["title"] == ["A later paper"]
    assert len(list(harvester.list_records(until="2026-11-20T12:59:59Z"))) == 35
    with pytest.raises(scythe.exceptions.NoRecordsMatch):
        list(harvester.list_records(from_="2026-11-21"))


def test_a_harvester_has_formats_one_record_and_errors(harvester: Any) -> None:
    assert harvester.identify().deletedRecord == "persistent"
    assert [one.metadataPrefix for one in harvester.list_metadata_formats()] == ["oai_dc", "arXiv"]
    found = harvester.get_record(identifier="oai:broadsheet.localhost:1", metadata_prefix="arXiv")
    assert found.metadata["id"] == ["2502.00001"]
    for call, error in (
        (lambda: harvester.get_record("oai:x.example:1", "oai_dc"), scythe.exceptions.IdDoesNotExist),
        (lambda: harvester.get_record("oai:broadsheet.localhost:1", "x"), scythe.exceptions.CannotDisseminateFormat),
        (lambda: list(harvester.list_identifiers(set_="a b")), scythe.exceptions.BadArgument),
    ):
        with pytest.raises(error):
            call()


@pytest.fixture
def copy(tmp_path: Path, ticking: Ticking) -> Iterator[House]:
    """A second house, which may go to addresses in private networks."""
    settings = Settings(home=empty_home(tmp_path / "copy"), private_addresses=True)
    with open_house(settings, clock=ticking, wait=ticking.wait) as house:
        yield house


def moderator(house: House) -> Reader:
    with house.store.reading() as connection:
        found = readers.by_handle(connection, "mo")
    assert found is not None
    return found


@pytest.mark.parametrize("prefix", ["oai_dc", "arXiv"])
def test_our_own_harvester_makes_the_same_shelf_of_it(
    source: House, copy: House, address: str, ticking: Ticking, prefix: str
) -> None:
    name = sources.add(copy, Order(kind="oai", target=f"{address}?metadataPrefix={prefix}")).name
    run = harvest(copy, name)
    assert (run.outcome, run.problems) == ("done", 0)
    wanted = [paper for paper in on_the_shelf(source) if prefix == "oai_dc" or has_arxiv_id(paper)]
    # Their format knows whole days only.
    expected = {told_of(paper, dates=prefix == "oai_dc") for paper in wanted}
    assert {told_of(paper, dates=prefix == "oai_dc") for paper in on_the_shelf(copy)} == expected
    assert len(expected) == len(wanted)
    ticking.wait(7_200)
    keep(source.store, [told("2604.00001", "A later paper", observed=source.clock())], at=source.clock())
    moderating.hide(source, moderator(source), "2502.00001", "spam")
    run = harvest(copy, name)
    assert (run.outcome, run.problems) == ("done", 0)
    shown = {paper.title for paper in on_the_shelf(copy) if not paper.withdrawn}
    assert "A later paper" in shown
    assert show(copy, "2502.00001").withdrawn


def told_of(paper: Paper, *, dates: bool) -> tuple[object, ...]:
    """Give what a copy of a paper must say; of names in braces a reader of XML makes what TeX does."""
    arxiv = [i.value for i in paper.ids if i.scheme == "arxiv"]
    names = [] if paper.slug == "2603.66666" else [author.name for author in paper.authors]
    day = paper.published[:10] if dates and paper.published[4:5] in {"", "-"} else ""
    return paper.title, paper.abstract, *arxiv[:1], *names, day


def test_our_own_harvester_takes_a_set(source: House, copy: House, address: str) -> None:
    name = sources.add(copy, Order(kind="oai", target=f"{address}?set=category:cs:CL")).name
    assert harvest(copy, name).outcome == "done"
    expected = {paper.title for paper in on_the_shelf(source) if "cs.CL" in paper.categories}
    assert {paper.title for paper in on_the_shelf(copy)} == expected
