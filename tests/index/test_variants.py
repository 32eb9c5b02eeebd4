"""A word is found in its other spellings: British and American, joined, parted and with a hyphen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.text_index_papers import paper

from broadsheet.index.engine import open_index
from broadsheet.index.expanding import MAX_EXPANSIONS
from broadsheet.index.port import TextIndex
from broadsheet.index.spelling import compounds, respelt, splits
from broadsheet.model.query import Query


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("colour", "color"),
        ("behaviour", "behavior"),
        ("neighbourhood", "neighborhood"),
        ("optimisation", "optimization"),
        ("analysing", "analyzing"),
        ("modelling", "modeling"),
        ("labelled", "labeled"),
        ("centre", "center"),
        ("fibres", "fibers"),
        ("dialogue", "dialog"),
        ("defence", "defense"),
    ],
)
def test_a_spelling_has_its_other(word: str, other: str) -> None:
    assert other in respelt(word)
    assert word in respelt(other)


@pytest.mark.parametrize("word", ["our", "tour", "size", "data", "learning", "network", ""])
def test_most_words_have_one_spelling(word: str) -> None:
    assert respelt(word) == ()


def test_words_with_a_hyphen_are_words_without() -> None:
    text = "Pre-training e-mail (multi-modal) state-of-the-art a--b -c d- 3-d hand-written, counterfactual-based x-rays"
    assert compounds(text) == ["Pretraining", "email", "multimodal", "handwritten", "xrays"]
    assert splits("dataset") == [("da", "taset"), ("dat", "aset"), ("data", "set"), ("datas", "et")]


@given(st.text(st.sampled_from("ab-A( é")))
def test_a_compound_is_made_of_letters(text: str) -> None:
    assert all(word.isalpha() and word in text.replace("-", "") for word in compounds(text))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """Each paper in one spelling."""
    made = open_index(tmp_path_factory.mktemp("variants"))
    titles = (
        "Topic Modelling", "Topic Modeling", "Colour Vision", "Color Vision", "Pre-training of Cups",
        "Pretraining of Cups", "Pre Training of Cups", "A Data Set", "A Dataset", "E-mail", "Email",
        "Multi-Modal Kettles", "Multimodal Kettles", "A Training of Sets", "Neural Network", "Network, Neural",
    )  # fmt: skip
    made.write([paper(number, title) for number, title in enumerate(titles, 1)], (), 1)
    return made


@pytest.mark.parametrize(
    ("text", "all_of_them", "first"),
    [
        ("topic modelling", {1, 2}, 1),
        ("topic modeling", {1, 2}, 2),
        ("colour", {3, 4}, 3),
        ("color", {3, 4}, 4),
        ("pretraining", {5, 6, 7}, 6),
        ("pre-training", {5, 6, 7}, 0),
        ("pre training cups", {5, 6, 7}, 0),
        ("dataset", {8, 9}, 9),
        ("data set", {8, 9}, 8),
        ("e-mail", {10, 11}, 10),
        ("email", {10, 11}, 0),
        ("multimodal", {12, 13}, 13),
        ("multi-modal kettles", {12, 13}, 12),
        ("neuralnetwork", {15}, 15),
        ('"colour"', {3}, 3),
        ('"pretraining"', {6}, 6),
    ],
)
def test_a_spelling_finds_the_others(shelf: TextIndex, text: str, all_of_them: set[int], first: int) -> None:
    found = shelf.search(Query(text=text), deadline_ms=60_000)
    strict = [paper_id for paper_id, _ in found.hits][: len(all_of_them)]
    assert set(strict) == all_of_them
    assert not first or strict[0] == first
    assert not any("instead" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("text", "shown", "marked"),
    [
        ("colour", "Color and colours", ["Color", "colours"]),
        ("pretraining", "Pre-training", ["Pre-training"]),
        ("pre-training", "Pretraining", ["Pretraining"]),
        ("dataset", "A data set, sets of data", ["data set"]),
    ],
)
def test_the_other_spellings_are_marked(shelf: TextIndex, text: str, shown: str, marked: list[str]) -> None:
    spans = shelf.search(Query(text=text), deadline_ms=60_000).highlighter.shown(paper(1, shown)).title
    assert [span.text for span in spans if span.matched] == marked


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """Papers with single letters in their names, and some of the words before them alone."""
    made = open_index(tmp_path_factory.mktemp("letters"))
    titles = ("Vitamin C", "Vitamin D", "A Plan", "A Plan B", "Alzheimer Disease", "Alzheimer's Disease")
    made.write([paper(number, title) for number, title in enumerate(titles, 1)], (), 1)
    return made


@pytest.mark.parametrize(
    ("text", "title", "evidence"),
    [
        ("vitamin d", "Vitamin C", "some words"),
        ("vitamin d", "Vitamin D", "phrase"),
        ("plan b", "A Plan", "some words"),
        ("vitamin's", "Vitamin C", "all words"),
        ("alzheimer's disease", "Alzheimer Disease", "all words"),
        ("Alzheimer\u2019s disease", "Alzheimer Disease", "all words"),
        ("alzheimer s disease", "Alzheimer Disease", "some words"),
        ("alzheimer's disease", "Alzheimer's Disease", "phrase"),
    ],
)
def test_a_single_letter_is_a_word_unless_it_is_a_possessive(
    letters: TextIndex, text: str, title: str, evidence: str
) -> None:
    found = letters.search(Query(text=text), deadline_ms=60_000)
    assert found.highlighter.shown(paper(99, title)).evidence == evidence


def test_what_is_beyond_the_most_wordings_is_not_marked(shelf: TextIndex) -> None:
    text = " ".join(f"colour{' ' * number}" for number in range(MAX_EXPANSIONS)) + " dataset"
    spans = shelf.search(Query(text=text), deadline_ms=60_000).highlighter.shown(paper(1, "A data set")).title
    assert not [span.text for span in spans if span.matched]
