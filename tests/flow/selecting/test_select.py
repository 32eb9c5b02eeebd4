"""Lists as they are narrowed, and what is said of how many there are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from broadsheet.flow.house import House
from broadsheet.flow.people import authors
from broadsheet.flow.selecting import select as selecting
from broadsheet.flow.selecting.select import pieces, select
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection, Stretch

LISTS = [
    Selection("author", "ann-lee"),
    Selection("author", "ann-lee", Query(categories=("cs.CL",))),
    Selection("category", "cs.LG"),
    Selection("category", "cs.LG", Query(categories=("cs.CL",))),
    Selection("trending", query=Query(authors=("Nobody",))),
    Selection("trending"),
]

BY_ANN = [
    {
        "id": f"2401.{number:05}",
        "title": f"Folding {'very ' * number}large napkins",
        "authors": ["Ann Lee"],
        "published": f"2024-01-{number:02}",
        "categories": ["cs.LG", "cs.CL"] if number % 2 else ["cs.LG"],
    }
    for number in range(1, 9)
]


@pytest.fixture(autouse=True)
def shelf(house: House, write_papers: Callable[..., Path]) -> None:
    import_files(house, [write_papers(*BY_ANN)])


def test_nobody_counts_what_is_narrowed_where_not_all_was_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    by_category = Selection("author", "ann-lee", Query(categories=("cs.CL",)))
    assert (select(house, by_category).total, len(select(house, by_category).papers)) == (4, 4)
    monkeypatch.setattr(authors, "MOST", 4)
    assert select(house, Selection("author", "ann-lee")).total is None
    assert (select(house, by_category).total, len(select(house, by_category).papers)) == (None, 2)


def test_a_list_that_nobody_counts_is_counted_once_narrowed_as_it_is_read_to_its_end(house: House) -> None:
    assert select(house, Selection("trending")).total is None
    found = select(house, Selection("trending", query=Query(authors=("Ann Lee",))))
    assert found.total == len(found.papers)


def test_a_list_that_was_sifted_only_so_far_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Selection("category", "cs.LG", Query(categories=("cs.CL",)))
    whole = select(house, both)
    assert ([paper.slug[-1] for paper in whole.papers], whole.total, whole.notices) == (["7", "5", "3", "1"], 4, ())
    monkeypatch.setattr(selecting, "_SIFTED", Stretch(0, 4))
    some = select(house, both)
    assert ([paper.slug[-1] for paper in some.papers], some.total, some.more) == (["7", "5"], None, False)
    assert some.notices == (
        "These are only those among the first 1,000 papers; more may follow that were not looked at.",
    )


@pytest.mark.parametrize("selection", LISTS, ids=str)
@pytest.mark.parametrize("stretch", [Stretch(0, 9), Stretch(1, 3), Stretch(0, 2), Stretch(40, 9)], ids=str)
def test_pieces_make_a_stretch_of_a_list(house: House, selection: Selection, stretch: Stretch) -> None:
    whole = select(house, selection, stretch)
    found = list(pieces(house, selection, stretch, None, 2))
    assert tuple(paper for piece in found for paper in piece.papers) == whole.papers
    assert all(len(piece.papers) == 2 for piece in found[:-1])
    assert (found[0].title, found[0].total, found[-1].more) == (whole.title, whole.total, whole.more)


def test_what_is_narrowed_is_read_once_whatever_is_written_between_its_pieces(
    house: House, write_papers: Callable[..., Path]
) -> None:
    selection = Selection("author", "ann-lee", Query(sort="date"))
    whole = select(house, selection)
    found = pieces(house, selection, Stretch(), None, 5)
    first = next(found)
    import_files(house, [write_papers({**BY_ANN[0], "id": "2405.00001", "title": "Tea", "published": "2024-05-01"})])
    assert [paper.slug for piece in (first, *found) for paper in piece.papers] == [p.slug for p in whole.papers]
