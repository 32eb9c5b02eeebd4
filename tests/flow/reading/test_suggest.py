"""What a reader may be about to type is suggested as it is printed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.hostile import HOSTILE, TERRIBLE

from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.reading.suggest import suggest
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.model.query import Query
from broadsheet.model.suggestion import SuggestedName, Suggestions
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

ROWS = [
    {"id": "2401.00001", "title": "Folding Napkins", "authors": ["Paul Erdős", "Ann Lee"]},
    {"id": "2401.00002", "title": "Napkins, Unfolded", "authors": ["Paul Erdős"], "venue": "NapConf"},
]  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with ROWS, only to be read."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "papers.jsonl").write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    with open_house(Settings(home=folder / "home")) as house:
        import_files(house, [folder / "papers.jsonl"])
        yield house


def test_titles_are_papers_and_names_are_as_printed(shelf: House) -> None:
    assert {paper.slug for paper in suggest(shelf, "napk").titles} == {"2401.00001", "2401.00002"}
    assert suggest(shelf, "erdos p").authors == (SuggestedName("Paul Erdős", 2),)
    assert suggest(shelf, "napconf").venues == (SuggestedName("NapConf", 1),)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("aliyev", "İlham Əliyev Aliyev"),
        ("galea", "Ġużè Ħal Galea"),
        ("ngo", "Ŋgo Ŋ. Ngo"),
        ("simecek", r"Ivan \v{S}ime\v{c}ek Simecek"),
        ("longest", "Longest A B C D E F G H I J K L M Of All"),
    ],
)
def test_a_name_of_any_letters_and_length_is_suggested_as_printed(
    house: House, write_papers: Callable[..., Path], typed: str, printed: str
) -> None:
    import_files(house, [write_papers({"id": "2401.00001", "title": "Tea", "authors": ["Bo Chen", printed]})])
    (paper,) = search(house, Query()).hits
    assert [author.name for author in suggest(house, typed).authors] == [paper.paper.authors[1].name]


def test_limits_are_clamped(shelf: House) -> None:
    assert len(suggest(shelf, "napk", limit=-1).titles) == 1
    assert len(suggest(shelf, "napk", limit=10**9).titles) == 2


def test_nothing_goes_on_from_nothing(shelf: House) -> None:
    assert suggest(shelf, "") == suggest(shelf, " ?! ") == suggest(shelf, "quokka") == Suggestions()


@pytest.mark.parametrize("text", [*HOSTILE, *TERRIBLE.values()])
def test_any_text_is_answered(shelf: House, text: str) -> None:
    assert isinstance(suggest(shelf, text), Suggestions)
