"""The daily page."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from broadsheet.flow import daily
from broadsheet.flow.house import House
from broadsheet.flow.shelf.import_files import import_files

Write = Callable[..., Path]


def test_an_empty_house_shows_today_without_neighbours(house: House) -> None:
    page = daily.page(house)
    assert (page.day, page.papers, page.previous, page.next) == (date(2026, 11, 20), (), None, None)


def test_most_upvotes_come_first(house: House, write_papers: Write) -> None:
    import_files(house, [write_papers()])
    page = daily.page(house, date(2024, 1, 3))
    assert [(paper.slug, paper.upvotes) for paper in page.papers] == [("2401.00002", 9), ("2401.00001", 3)]


def test_neighbours_are_the_nearest_days_with_papers(house: House, write_papers: Write) -> None:
    import_files(house, [write_papers()])
    assert daily.page(house).previous == date(2024, 1, 3)
    between = daily.page(house, date(2024, 1, 20))
    assert (between.papers, between.previous, between.next) == ((), date(2024, 1, 3), date(2024, 2, 5))
