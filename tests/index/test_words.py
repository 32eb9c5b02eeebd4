"""Papers and queries become the same terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.index.words import all_indexable, analyser, fold, indexable, stem, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ...!?* ", []),
        ("Networks", [("network", "networks")]),
        ("Erdős–Rényi", [("erdo", "erdos"), ("renyi", "renyi")]),
        ("Straße Ångström", [("strass", "strasse"), ("angstrom", "angstrom")]),
        ("İstanbul ISTANBUL", [("istanbul", "istanbul")] * 2),
        ("GPT-4 C++", [("gpt", "gpt"), ("4", "4"), ("c", "c")]),
        ("self_attention", [("self", "self"), ("attent", "attention")]),
        ("don't", [("don", "don"), ("t", "t")]),
        ("学习 paper", [("学习", "学习"), ("paper", "paper")]),
        ("机器学习", [("机器", "机器"), ("器学", "器学"), ("学习", "学习")]),
        ("x" * 63, [("x" * 63, "x" * 63)]),
        ("x" * 64, []),
        ("\u202e\0 a", [("a", "a")]),
    ],
)
def test_a_query_becomes_stems_and_forms(text: str, expected: list[tuple[str, str]]) -> None:
    assert terms(text) == expected


def test_a_word_has_one_stem_and_one_form() -> None:
    assert (stem("Learning"), fold("Learning")) == ("learn", "learning")
    assert (stem("..."), fold("...")) == ("", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words", "plain words"),
        (r"Poincar\'e and $\beta$", "Poincaré and β"),
        ("{B}ERT", "BERT"),
        ("50% & more", "50% & more"),
    ],
)
def test_a_text_is_indexed_without_tex(text: str, expected: str) -> None:
    assert indexable(text) == expected


@given(st.lists(st.text() | st.sampled_from(["{B}ERT", r"\'e", "$x$", "学习", "words"])).map(tuple))
def test_several_texts_are_indexed_as_each_alone(texts: tuple[str, ...]) -> None:
    assert all_indexable(texts) == [indexable(text) for text in texts]


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_what_a_paper_says_is_found_by_saying_it(text: str) -> None:
    held = set(analyser(stemmed=True).analyze(indexable(text)))
    assert {token for token, _ in terms(indexable(text))} <= held
