"""Acronyms mean what papers themselves say in parentheses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.text_index_papers import paper

from broadsheet.index.acronyms import definitions, long_form_start
from broadsheet.index.engine import open_index
from broadsheet.index.port import TextIndex
from broadsheet.model.query import Query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use graph neural networks (GNNs) here.", [("gnn", "graph neural network")]),
        ("the GAN (generative adversarial network)", [("gan", "generat adversari network")]),
        ("Large language models (LLMs, for short)", [("llm", "larg languag model")]),
        ("hidden  Markov\nmodels (HMM)", [("hmm", "hidden markov model")]),
        ("retrieval-augmented generation (RAG)", [("rag", "retriev augment generat")]),
        ("electroencephalography (EEG)", [("eeg", "electroencephalographi")]),
        ("chain-of-thought (CoT) and RL (reinforcement learning)",
         [("cot", "chain of thought"), ("rl", "reinforc learn")]),
        ("mixture of experts (MoE); (MoE) again", [("moe", "mixtur of expert")]),
        ("nothing of the kind (ABC)", []),
        ("see the appendix (see also Figure 3)", []),
        ("small words (sw)", []),
        ("the GPU (NVIDIA, 80 GB)", []),
        ("a (B)", []),
        ("(GNN)", []),
        ("((((GNN", []),
    ],
)  # fmt: skip
def test_what_a_text_defines(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == expected


def test_the_first_letter_begins_a_word() -> None:
    assert long_form_start("HSF", "heat shock transcription factor") == 0
    assert long_form_start("HMM", "the hidden Markov model") == 4
    assert long_form_start("ABC", "slab case") is None


@given(st.text(st.sampled_from("abAB ()-.\n")))
def test_any_text_is_read(text: str) -> None:
    for short, long in definitions(text):
        assert short.islower()
        assert long


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """Papers that say what GNN means, one that says neither, and an acronym of two meanings."""
    made = open_index(tmp_path_factory.mktemp("acronyms"))
    made.write(
        [
            paper(1, "On GNNs", "We study graph neural networks (GNNs)."),
            paper(2, "Learning on Kettles", "A GNN for kettles."),
            paper(3, "Graph Neural Networks for Cups", "Cups."),
            paper(4, "Neural Cups", "With a network and a graph."),
            paper(5, "Ant Colonies (ACO)", "An ant colony optimiser (ACO)."),
            paper(6, "Other Colonies", "An accountable care organisation (ACO)."),
            paper(7, "Cats", "A cat sat."),
            *[paper(number, f"The cat number {number}", "Cats.") for number in range(8, 30)],
            paper(30, "Trees", "A computed axial tomography (CAT) of trees."),
            paper(31, "Tomography", "Computed and axial tomography."),
        ],
        (),
        1,
    )
    return made


def ids(index: TextIndex, text: str) -> list[int]:
    return [paper_id for paper_id, _ in index.search(Query(text=text), deadline_ms=60_000).hits]


def test_an_acronym_finds_what_it_stands_for(shelf: TextIndex) -> None:
    found = ids(shelf, "GNN")
    assert set(found) == {1, 2, 3, 4}
    assert set(found[:2]) == {1, 2}
    assert set(ids(shelf, "gnns cups")) >= {3, 4}


def test_the_long_form_finds_the_acronym(shelf: TextIndex) -> None:
    found = ids(shelf, "graph neural networks kettles")
    assert found[0] == 2
    assert ids(shelf, "graph neural network")[0] == 3
    assert ids(shelf, "graph neural network")[3] == 2


def test_of_two_meanings_both_are_found(shelf: TextIndex) -> None:
    assert set(ids(shelf, "ACO")) == {5, 6}


def test_a_word_that_seldom_is_an_acronym_is_a_word(shelf: TextIndex) -> None:
    assert 31 not in ids(shelf, "cat")


@pytest.mark.parametrize("text", ['"GNN"', '"gnn" -kettles', "-GNN cups"])
def test_what_is_quoted_or_excluded_stands_for_nothing_else(shelf: TextIndex, text: str) -> None:
    assert set(ids(shelf, text)) <= {1, 2} if "cups" not in text else 3 in ids(shelf, text)


def test_the_words_it_stands_for_are_marked(shelf: TextIndex) -> None:
    marks = shelf.search(Query(text="GNN"), deadline_ms=60_000).highlighter
    marked = [
        span.text for span in marks.shown(paper(1, "Graph Neural Networks for Cups, a GNN")).title if span.matched
    ]
    assert marked == ["Graph", "Neural", "Networks", "GNN"]
