"""Any text is cut into words the same way, and an unknown word into the same n-grams on every machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.embed.words import grams, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Deep-Learning, 3D!", ["deep", "learning", "3d"]),
        ("Café naïve ﬁne", ["cafe", "naive", "fine"]),
        ("snake_case", ["snake", "case"]),
        ("折り紙 論文", ["折り紙", "論文"]),
        ("ΑΒΓ", ["αβγ"]),
        ("한국어", ["한국어"]),
        ("x² H₂O", ["x2", "h2o"]),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_any_text_is_cut_without_an_error_and_words_hold_no_space(text: str) -> None:
    assert all(word and not any(c.isspace() for c in word) for word in words(text))


@pytest.mark.parametrize(
    ("word", "count"),
    [("a", 1), ("ab", 2 + 1), ("abcd", 4 + 3 + 2), ("é", 3 + 2 + 1), ("折", 3 + 2 + 1)],
)
def test_a_word_has_a_gram_for_every_piece_of_it(word: str, count: int) -> None:
    assert len(grams(word, 1000)) == count


def test_the_buckets_of_a_word_are_the_same_everywhere() -> None:
    assert grams("abc", 4096) == [3956, 450, 915, 213, 1531, 2173]


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1), st.integers(1, 5000))
def test_every_word_has_grams_within_the_buckets(word: str, buckets: int) -> None:
    found = grams(word, buckets)
    assert found
    assert all(0 <= bucket < buckets for bucket in found)
