"""Store and index agree, or are made to."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from broadsheet.flow.doctor import doctor
from broadsheet.flow.house import House
from broadsheet.flow.import_files import import_files
from broadsheet.flow.search import search
from broadsheet.model.query import Query

Write = Callable[..., Path]


def test_a_fresh_import_is_well(house: House, write_papers: Write) -> None:
    import_files(house, [write_papers()])
    found = doctor(house, heal=False)
    assert (found.papers, found.indexed, found.differences, found.behind) == (3, 3, 0, 0)
    assert found.well
    assert not found.healed
    assert {"sqlite", "tantivy"} & {name.lower() for name in found.versions}


def test_a_lost_a_stale_and_an_extra_paper_are_found_and_healed(house: House, write_papers: Write) -> None:
    import_files(house, [write_papers()])
    papers = [hit.paper for hit in search(house, Query(sort="date")).hits]
    stale = replace(papers[0], title="Something else", stamp=papers[0].stamp ^ 1)
    extra = replace(papers[1], id=999, slug="2401.99999")
    house.text_index.write([stale, extra], [papers[2].id], house.text_index.seen())

    found = doctor(house, heal=False)
    assert (found.missing, found.stale, found.extra, found.well) == (1, 1, 1, False)
    assert doctor(house).healed
    after = doctor(house, heal=False)
    assert (after.differences, after.indexed, after.well) == (0, 3, True)
    assert not search(house, Query(text="something else")).hits
