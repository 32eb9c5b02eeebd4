"""As one types, titles and names that go on so are suggested, the likeliest first."""

from pathlib import Path

import pytest
from tests.contracts.text_index_papers import paper

from broadsheet.index.engine import open_index
from broadsheet.index.port import NameSuggestion, TextIndex
from broadsheet.index.suggesting import MOST_SUGGESTED, Names
from broadsheet.index.words import parts_of, turns

PAPERS = [
    paper(1, "Attention Is All You Need", authors="Ashish Vaswani; Geoffrey E. Hinton", venue="NeurIPS"),
    paper(2, "Attention Is Not All You Need", authors="Geoffrey E. Hinton", upvotes=40, published="2020"),
    paper(3, "All You Need to Know of Attention", authors="Geoff Hinton", upvotes=900, published="2021"),
    paper(4, "Attentive Kettles", authors="Paul Erdős; Alfréd Rényi", organisations=("Kettle Lab",)),
    paper(5, "Kettles", authors="Erdos, Paul", organisations=("Kettle Lab",), published="2025", venue="TeaConf 2025"),
    paper(6, "Kettles", authors="张伟", organisations=("University of Kettles",), published="2026"),
    paper(7, "The Attention of the Graph", authors="Jean-Luc Picard", venue="Annual Meeting of Pots"),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """An index of PAPERS, only to be read."""
    made = open_index(tmp_path_factory.mktemp("suggesting"))
    made.write(PAPERS, (), 1)
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attention is a", [1, 3, 2, 4, 7]),
        ("Attention is all you need", [1, 3, 2]),
        ("need atten", [3, 2, 1]),
        ("attenti", [3, 2, 1, 4, 7]),
        ("kettle", [6, 5, 4]),
        ("kettles ", [6, 5, 4]),
        ("atention is all", [1, 3, 2]),
        ("graph of the", [7]),
        ("the attention", [7, 3, 2, 1, 4]),
        ("quokka", []),
        ("attention quokka", []),
        ("a", []),
        ("", []),
        ("?!", []),
    ],
)
def test_titles_with_the_words_are_suggested(shelf: TextIndex, text: str, expected: list[int]) -> None:
    assert list(shelf.suggest(text, 10).titles) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hinton", [("hinton geoffrey e", 2), ("hinton geoff", 1)]),
        ("geoff hin", [("geoffrey e hinton", 2), ("geoff hinton", 1)]),
        ("hinton g", [("hinton geoffrey e", 2), ("hinton geoff", 1)]),
        ("Geoffrey Hinton", [("geoffrey e hinton", 2)]),
        ("vas", [("vaswani ashish", 1)]),
        ("erdos", [("erdos paul", 2)]),
        ("ERDŐS p", [("erdos paul", 2)]),
        ("renyi", [("renyi alfred", 1)]),
        ("张", [("张伟", 1)]),
        ("luc pic", [("jean luc picard", 1)]),
        ("hinton vaswani", []),
        ("the", []),
    ],
)
def test_authors_are_suggested_by_any_part_of_their_names(
    shelf: TextIndex, text: str, expected: list[tuple[str, int]]
) -> None:
    found = shelf.suggest(text, 10).authors
    # Folded, and from whichever end it was found: how it is printed its paper knows.
    assert [(sorted(author.name.split()), author.papers) for author in found] == [
        (sorted(name.split()), papers) for name, papers in expected
    ]


def test_an_author_comes_with_the_newest_paper(shelf: TextIndex) -> None:
    assert [author.paper_id for author in shelf.suggest("erdos", 10).authors] == [5]


def test_organisations_and_venues_are_suggested_as_they_are_written(shelf: TextIndex) -> None:
    found = shelf.suggest("kettle", 10).organisations
    assert found == (NameSuggestion("Kettle Lab", 2), NameSuggestion("University of Kettles", 1))
    assert [name.name for name in shelf.suggest("meet ann", 10).venues] == ["Annual Meeting of Pots"]
    assert shelf.suggest("of", 10).organisations == ()


@pytest.mark.parametrize(("asked", "most"), [(-3, 1), (1, 1), (2, 2), (10**9, MOST_SUGGESTED)])
def test_there_are_no_more_than_asked_for(shelf: TextIndex, asked: int, most: int) -> None:
    found = shelf.suggest("ket", asked)
    assert len(found.titles) == min(most, 3)
    assert len(found.organisations) == min(most, 2)


def test_a_name_is_found_from_either_end() -> None:
    assert turns("Geoffrey E. Hinton") == ["geoffrey e hinton", "hinton geoffrey e"]
    assert turns("Erdős, Paul") == ["erdos paul", "paul erdos"]
    assert turns("Plato") == ["plato"]
    assert turns(r"Alfr\'ed R{\'e}nyi") == ["alfred renyi", "renyi alfred"]
    assert turns("?!") == turns("") == []
    assert len(turns("name " * 500)[0].split()) < 20
    assert parts_of("Jean-Luc O'Neil") == ["jean", "luc", "o", "neil"]


def test_each_part_asked_for_begins_another_part() -> None:
    names = Names([("Ann Anders Lab", 3), ("Ann Lab", 9)])
    assert [each.name for each in names.beginning(["an", "ann"], 9)] == ["Ann Anders Lab"]
    assert [each.name for each in names.beginning(["lab"], 9)] == ["Ann Lab", "Ann Anders Lab"]
    assert names.beginning(["labs"], 9) == ()


def test_a_new_venue_is_suggested_at_once_and_a_gone_one_no_more(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.write([paper(number, f"Number w{number}", venue="Old Teas") for number in range(1, 2_101)], (), 1)
    index.write([paper(3_000, "Last", venue="Odd Teas")], (), 2)
    assert index.suggest("teas", 5).venues == (NameSuggestion("Old Teas", 2_100), NameSuggestion("Odd Teas", 1))
    index.write([paper(3_001, "Newest", venue="New Teas"), paper(3_002, "Newer", venue="Old Teas")], (), 3)
    assert index.suggest("teas", 5).venues == (
        NameSuggestion("Old Teas", 2_101),
        NameSuggestion("New Teas", 1),
        NameSuggestion("Odd Teas", 1),
    )


def test_names_made_from_earlier_ones_are_those_made_anew() -> None:
    earlier = Names([("Ann Lab", 9), ("Bo Lab", 2), ("Ann Kettle", 1)])
    now = [("Ann Lab", 10), ("Ann Zebra Lab", 2), ("Bo Lab", 2)]
    for parts in (["ann"], ["la"], ["ann", "lab"], ["kettle"], ["zeb"]):
        assert Names(now, earlier).beginning(parts, 9) == Names(now).beginning(parts, 9)
        assert Names([("Ann Lab", 7)], Names(now, earlier)).beginning(parts, 9) == Names([("Ann Lab", 7)]).beginning(
            parts, 9
        )
