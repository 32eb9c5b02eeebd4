"""Scripts without spaces are cut into pairs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.index.han import is_han, is_mark, pairs, spaced, words

MIXED = st.text(st.sampled_from("ab1_ -é學习の한국ー𠮷รู้ะខ្ម"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Graph-based GPT_4, C++", ["Graph", "based", "GPT", "4", "C"]),
        ("naïve Ω-nets", ["naïve", "Ω", "nets"]),
        ("用BERT学习", ["用", "BERT", "学习"]),
        ("한국어 텍스트", ["한국어", "텍스트"]),
        ("ディープラーニング入門", ["ディープラーニング入門"]),
        ("佐々木と人々", ["佐々木と人々"]),
        ("การเรียนรู้ของเครื่อง GPT", ["การเรียนรู้ของเครื่อง", "GPT"]),
        ("ກາ ຮຽນ", ["ກາ", "ຮຽນ"]),
        ("ភាសាខ្មែរ", ["ភាសាខ្មែរ"]),
        ("ｶﾅ", ["ｶﾅ"]),
    ],
)
def test_a_text_is_cut_into_words_and_runs(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("word", ["学", "の", "ー", "한국어", "𠮷", "ไทย", "ລາວ", "ខ្មែរ", "မြန်မာ", "ｶﾅ"])
def test_many_scripts_of_asia_are_written_without_spaces(word: str) -> None:
    assert is_han(word)


@pytest.mark.parametrize("word", ["", "a", "é", "Ω", "नमस्ते", "слово", "עברית", "。"])
def test_other_scripts_have_words(word: str) -> None:
    assert not is_han(word)


def test_a_run_becomes_overlapping_pairs() -> None:
    assert pairs("学") == ["学"]
    assert pairs("机器学习") == ["机器", "器学", "学习"]


def test_marks_of_tone_are_passed_over() -> None:
    assert pairs("รู้") == ["รู"]
    assert pairs("ខ្មែរ") == ["ខម", "មែ", "ែរ"]


def test_for_the_index_each_character_begins_a_term() -> None:
    assert spaced("用机器学习 learn", tails=True).split() == ["用机", "机器", "器学", "学习", "习", "learn"]
    assert spaced("用机器学习 learn", tails=False).split() == ["用机", "机器", "器学", "学习", "learn"]
    assert spaced("用", tails=True).split() == ["用"]


@given(MIXED)
def test_text_of_other_scripts_stays_as_it_is(text: str) -> None:
    around = "".join(character for character in text if not is_han(character))
    assert spaced(around, tails=True) == around


@given(MIXED)
def test_every_piece_of_a_run_is_found_in_the_run(text: str) -> None:
    for run in filter(is_han, words(text)):
        for start in range(len(run)):
            for stop in range(start + 2, len(run) + 1):
                piece = run[start:stop]
                if is_han(piece) and sum(not is_mark(character) for character in piece) > 1:
                    assert set(spaced(piece, tails=False).split()) <= set(spaced(run, tails=True).split())
