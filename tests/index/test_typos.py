"""A word that no paper has is taken for the one it was meant to be, and the reader is told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.text_index_papers import paper

from broadsheet.index.engine import open_index
from broadsheet.index.expanding import MAX_CORRECTIONS
from broadsheet.index.port import TextIndex, TextResult
from broadsheet.index.vocabulary import Near, Vocabulary, edits_allowed, first_letters, likeliest
from broadsheet.model.query import Query

PAPERS = [
    paper(1, "Attention Is All You Need", "The transformer, a network of attention.", authors="Ashish Vaswani"),
    paper(2, "Attention in Recurrent Neural Networks", "Recurrent networks.", authors="Ann Vaswani"),
    paper(
        3, "A Transformer of Neural Attention, not Recurrent", "Transformer networks of convolutional layers.",
        authors="Bo Lee; Jürgen Schmidhuber",
    ),
    paper(4, "Recurring Patterns", "They are recurring in convolutional networks.", authors="Jürgen Schmidhuber"),
    paper(5, "A Primer in BERTology", "Networks, looked into.", authors="Ann Lee; Jürgen Schmidhuber"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """An index of PAPERS, only to be read."""
    made = open_index(tmp_path_factory.mktemp("typos"))
    made.write(PAPERS, (), 1)
    return made


def ask(index: TextIndex, text: str) -> TextResult:
    return index.search(Query(text=text), deadline_ms=60_000)


def corrected(index: TextIndex, text: str) -> str:
    return " ".join(notice for notice in ask(index, text).notices if "searched instead" in notice)


@pytest.mark.parametrize(
    ("text", "meant", "first"),
    [
        ("atention", "attention", 1),
        ("attentoin", "attention", 1),
        ("attemtion", "attention", 1),
        ("attentionn", "attention", 1),
        ("ATENTION", "attention", 1),
        ("ttention", "attention", 1),
        ("wattention", "attention", 1),
        ("tatention", "attention", 1),
        ("title:atention", "attention", 1),
        ("abstract:transfomer", "transformer", 1),
        ("author:vaswni", "vaswani", 1),
        ("schmidhubr", "schmidhuber", 4),
        ("rtansformer", "transformer", 3),
        ("atention OR quokka", "attention", 1),
    ],
)
def test_a_misspelt_word_finds_what_was_meant(shelf: TextIndex, text: str, meant: str, first: int) -> None:
    found = ask(shelf, text)
    assert first in [paper_id for paper_id, _ in found.hits]
    assert f"“{meant}” was searched instead. Quote it to search it as it is." in corrected(shelf, text)


def test_several_misspelt_words_are_told_in_one_sentence(shelf: TextIndex) -> None:
    found = ask(shelf, "recurrnet nueral netwroks")
    assert found.hits[0][0] == 2
    assert found.notices[0] == (
        "No paper has “recurrnet”, “nueral” or “netwroks”; “recurrent”, “neural” and “networks” were searched instead."
        " Quote it to search it as it is."
    )


def test_the_word_that_was_meant_is_marked(shelf: TextIndex) -> None:
    spans = ask(shelf, "atention").highlighter.shown(PAPERS[0]).title
    assert [span.text for span in spans if span.matched] == ["Attention"]


@pytest.mark.parametrize(
    "text",
    [
        '"atention"',
        '"atention network"',
        "-atention",
        "network -atention",
        "atenti*",
        "atte",
        "attentio",
        "quokka",
        "bertology",
        "kowalczykova",
        "netw0rk",
        "nets",
        "org:atention",
        "author:marcu",
        "cat:atention",
        "network " * 33 + "atention",
    ],
)
def test_what_is_quoted_or_excluded_or_unlike_any_word_is_left_alone(shelf: TextIndex, text: str) -> None:
    assert corrected(shelf, text) == ""


def test_a_word_being_typed_is_finished_before_it_is_corrected(shelf: TextIndex) -> None:
    assert [paper_id for paper_id, _ in ask(shelf, "recurri").hits] == [4]
    assert corrected(shelf, "recurri") == ""


def test_a_word_only_one_paper_has_is_nothing_to_correct_to(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.write([paper(1, "Quokkas")], (), 1)
    assert ask(index, "quokkaz").hits == ()
    index.write([paper(2, "More quokkas")], (), 2)
    assert len(ask(index, "quokkaz").hits) == 2


def test_a_slip_that_few_papers_share_is_searched_beside_what_was_meant(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    papers = [paper(number, f"Number w{number}", "On attention.") for number in range(1, 2_001)]
    index.write([*papers, paper(2_001, "Odd", "On atention."), paper(2_002, "Even", "On tension.")], (), 1)
    found = ask(index, "atention")
    assert found.total == 2_001
    assert found.hits[0][0] == 2_001
    assert found.notices == (
        "Few papers have “atention”; “attention” was searched as well. Quote it to leave that out.",
    )
    assert ask(index, "tension").notices == ()


def test_one_search_corrects_only_so_many_words(shelf: TextIndex) -> None:
    found = ask(shelf, "atention " * 12)
    assert found.notices[0].count("“atention”") <= MAX_CORRECTIONS


def distance(first: str, second: str) -> int:
    """Count edits the slow way (optimal string alignment)."""
    table = [
        [row or column for column in range(len(second) + 1)] if not row else [row] for row in range(len(first) + 1)
    ]
    for row in range(1, len(first) + 1):
        for column in range(1, len(second) + 1):
            best = min(
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + (first[row - 1] != second[column - 1]),
            )
            if row > 1 and column > 1 and first[row - 1] == second[column - 2] and first[row - 2] == second[column - 1]:
                best = min(best, table[row - 2][column - 2] + 1)
            table[row].append(best)
    return table[-1][-1]


WORDS = st.text("abcé学", min_size=4, max_size=9)


@given(st.lists(WORDS, unique=True, max_size=30), WORDS, st.sampled_from([1, 2]))
def test_the_words_within_some_edits_are_found(words: list[str], asked: str, edits: int) -> None:
    found = Vocabulary([(word, 1) for word in words]).within(asked, edits)
    expected = {word: between for word in words if 0 < (between := distance(asked, word)) <= edits}
    assert {near.word: near.edits for near in found} == expected


def test_words_too_short_or_long_or_with_digits_are_not_held() -> None:
    assert Vocabulary([("abc", 9), ("a" * 25, 9), ("gpt4", 9)]).within("abcd", 2) == []
    assert [edits_allowed(word) for word in ("abc", "abcd", "abcdefgh", "a" * 24, "a" * 25)] == [0, 1, 2, 2, 0]


def test_the_commonest_of_the_nearest_words_is_the_likeliest() -> None:
    near = [Near("network", 900, 1), Near("networt", 3, 1), Near("networkers", 9_000, 2)]
    assert likeliest("netwrok", near, 2) == "network"
    assert likeliest("netwrok", near, 1_000) == ""
    assert likeliest("gata", [Near("data", 9_000, 1)], 2) == ""
    assert likeliest("adta", [Near("data", 9_000, 1)], 2) == "data"


def test_a_wrong_first_letter_is_tried() -> None:
    assert {"data", "ata", "tada"} <= set(first_letters("atda") + first_letters("gata") + first_letters("atada"))


def test_an_answer_does_not_depend_on_what_was_asked_before(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    words = ("attention", "boundary", "convolution", "diffusion", "embedding", "forecast")
    index.write([paper(number, " ".join(words)) for number in (1, 2, 3)], (), 1)
    text = "atention bondary convolutin difusion embeding forcast"
    first = ask(index, text)
    for word in text.split():
        assert ask(index, word).total == 3
    again = ask(index, text)
    assert (again.notices, again.hits) == (first.notices, first.hits)
    assert "embedding" not in first.notices[0]


def test_a_word_too_short_to_correct_costs_no_correction(shelf: TextIndex) -> None:
    assert "“attention” was searched" in corrected(shelf, "qxz wxz vxz uxz yxz atention")


def test_a_short_word_that_a_small_shelf_lacks_stays_as_it_was_typed(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    papers = [paper(number, "Casts and other shapes", "It casts them.", authors="Ann Lee") for number in (1, 2, 3)]
    index.write(papers, (), 1)
    assert ask(index, "cats").notices == ()
    assert ask(index, "cats").total == 0
