"""Authors' names, read for comparison."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.model.names import agree, fold, read_names


@pytest.mark.parametrize(
    ("said", "folded"),
    [
        ("José Søren-Łukasz", "josesorenlukasz"),
        ("İI ı", "iii"),
        ("Straße", "strasse"),
        ("ﬁn²", "fin2"),
        ("李 明", "李明"),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_are_folded(said: str, folded: str) -> None:
    assert fold(said) == folded


@given(st.text(max_size=40))
@example("㍱")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper().lower()) == fold(fold(text.upper().lower()))


@pytest.mark.parametrize(
    ("printed", "names", "cut"),
    [
        (["Ann B. Lee", "Bo Chen"], [("ann", "lee"), ("bo", "chen")], False),
        (["Lee, Ann", "Chen, Bo"], [("ann", "lee"), ("bo", "chen")], False),
        (["Ann Lee, Bo Chen and Cy Du"], [("ann", "lee"), ("bo", "chen"), ("cy", "du")], False),
        (["Ann Lee", "et al."], [("ann", "lee")], True),
        (["A.B. Lee Jr."], [("a", "lee")], False),
        (["Anonymous"], [], False),
        (["Madonna"], [("", "madonna")], False),
        ([r"Jos\'e Chen"], [("jose", "chen")], False),
        ([], [], False),
    ],
)
def test_names_are_read_in_every_spelling(printed: list[str], names: list[tuple[str, str]], *, cut: bool) -> None:
    found = read_names(printed)
    assert (list(found.names), found.cut) == (names, cut)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (["Ann Lee", "Bo Chen"], ["A. Lee", "B. Chen"], True),
        (["Ann Lee", "Bo Chen"], ["Bo Chen", "Ann Lee"], True),
        (["Ann Lee", "Bo Chen"], ["Cy Du", "Di Ek"], False),
        (["Ann Lee", "Bo Chen", "Cy Du"], ["Ann Lee", "Cy Du"], True),
        (["Ann Lee", "Bo Chen"], ["Ann Lee", "Di Ek"], False),
        (["Ann Lee", "et al."], ["Ann Lee", "Bo Chen", "Cy Du"], True),
        (["Lee Ann", "Chen Bo", "Du Cy", "Ek Di"], ["Ann Lee", "Bo Chen", "Cy Du", "Di Ek"], True),
    ],
)
def test_lists_of_the_same_people_agree(ours: list[str], theirs: list[str], *, expected: bool) -> None:
    assert agree(read_names(ours), read_names(theirs)) is expected
    assert agree(read_names(theirs), read_names(ours)) is expected


PEOPLE = st.lists(st.sampled_from(["Ann Lee", "Bo Chen", "Cy Du", "Lee, Ann", "et al."]), min_size=1, max_size=6)


@example(["Ann Lee", "Ann Lee", "Ann Lee"], ["Bo Chen", "Cy Du", "Ann Lee"])  # as long, with fewer different names
@given(PEOPLE, PEOPLE)
def test_agreement_is_mutual(ours: list[str], theirs: list[str]) -> None:
    a, b = read_names(ours), read_names(theirs)
    if a.names and b.names:
        assert agree(a, b) is agree(b, a)
        assert agree(a, a)
