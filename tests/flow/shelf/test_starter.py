"""The starter shelf in a fresh house."""

from collections.abc import Callable
from pathlib import Path

from broadsheet.flow import daily
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf import starter
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.model.query import Query


def test_a_fresh_house_is_empty_until_the_shelf_is_laid_out(house: House) -> None:
    assert starter.is_empty(house)
    assert starter.fill(house).new > 150
    assert not starter.is_empty(house)
    assert len(daily.page(house).papers) >= 6
    assert search(house, Query(text="attention is all you need")).hits[0].paper.slug == "1706.03762"


def test_laying_it_out_twice_changes_nothing(house: House) -> None:
    first = starter.fill(house)
    again = starter.fill(house)
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.new)


def test_a_harvested_record_speaks_before_the_shelf(house: House, write_papers: Callable[..., Path]) -> None:
    starter.fill(house)
    told = {
        "id": "1706.03762",
        "title": "Attention Is All You Need",
        "abstract": "The real abstract.",
        "authors": ["Ashish Vaswani"],
        "published": "2017-06-12",
    }
    import_files(house, [write_papers(told)])
    assert show(house, "1706.03762").abstract == "The real abstract."
