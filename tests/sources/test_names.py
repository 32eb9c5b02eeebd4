"""Lists of authors, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.record import Author
from broadsheet.sources import names


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Ann Lee", "Ann Lee"),
        ("Lee, Ann", "Ann Lee"),
        ("King, Jr., Martin Luther", "Martin Luther King Jr."),
        ("King, Martin Luther, Jr.", "Martin Luther King Jr."),
        (r"G\"{o}del, Kurt", "Kurt Gödel"),
        ("van~Gogh, Vincent", "Vincent van Gogh"),
        ("  Ann&nbsp;Lee ", "Ann Lee"),
        ("李 明", "李 明"),
    ],
)
def test_a_name_is_spelled_given_name_first(said: str, name: str) -> None:
    assert names.author(said) == Author(name)


@pytest.mark.parametrize("said", ["", " ", "*", "1, 2", "\\", "{}"])
def test_what_has_no_letter_is_nobody(said: str) -> None:
    assert names.author(said) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Ann Lee, Bo Chen and Cy Du", ["Ann Lee", "Bo Chen", "Cy Du"]),
        ("Ann Lee; Bo Chen", ["Ann Lee", "Bo Chen"]),
        ("Lee, Ann and Chen, Bo", ["Ann Lee", "Bo Chen"]),
        ("Lee, Ann", ["Ann Lee"]),
        ("Ann Lee, Bo Chen", ["Ann Lee", "Bo Chen"]),
        ("Ann Lee (1), Bo Chen (1 and 2) ((1) A, (2) B (C))", ["Ann Lee", "Bo Chen"]),
        ("Ann Lee (Fold Institute, Bo", ["Ann Lee"]),
        ("Ann Lee, Jr., Bo Chen", ["Ann Lee Jr.", "Bo Chen"]),
        ("Ann Lee & Bo Chen", ["Ann Lee", "Bo Chen"]),
        ("", []),
    ],
)
def test_one_line_of_names_is_parted(said: str, expected: list[str]) -> None:
    assert [author.name for author in names.split(said)] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["Ann Lee", "Bo Chen"], ["Ann Lee", "Bo Chen"]),
        (["Ann Lee", "Bo Chen", "Ann Lee", "Bo Chen"], ["Ann Lee", "Bo Chen"]),
        (["Ann Lee, Bo Chen"], ["Ann Lee", "Bo Chen"]),
        (["Lee, Ann", "Chen, Bo"], ["Ann Lee", "Bo Chen"]),
        (["Ann Lee ", " Bo Chen", "", " ", "Cy  Du"], ["Ann Lee", "Bo Chen", "Cy Du"]),
        (["Ann Lee", "*", "2"], ["Ann Lee"]),
        ([], []),
    ],
)
def test_a_list_of_names_is_read(said: list[str], expected: list[str]) -> None:
    assert [author.name for author in names.listed(said)] == expected


@given(st.lists(st.text(st.sampled_from("aBé \\{}$~,;()\"'&|.1\n\u0301"), max_size=12), max_size=5))
def test_every_author_is_somebody_spelled_cleanly(said: list[str]) -> None:
    for author in names.listed(said):
        assert author.name.strip() == author.name
        assert any(character.isalpha() for character in author.name)
