"""Words and meaning in one order: convex, total, and kind to whoever looks for something he knows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.rank.fusion import (
    ABOVE_ALL,
    CLEARLY,
    NAVIGATIONAL,
    Candidates,
    Fused,
    Held,
    between,
    nearest,
    on_topic,
    share_of_meaning,
    towards,
    unit,
)

WORDS = [(1, 10.0), (2, 5.0), (3, 1.0)]
COSINES = {1: 0.1, 2: 0.8, 3: 0.4, 9: 0.8}

scores = st.floats(0.01, 100, allow_nan=False)
cosines = st.dictionaries(st.integers(1, 60), st.floats(-1, 1, allow_nan=False), max_size=30)
ranked = st.dictionaries(st.integers(1, 60), scores, max_size=30).map(
    lambda found: sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))
)


def fuse(words: list[tuple[int, float]], near: dict[int, float], weight: float, whole: int) -> list[Fused]:
    candidates = Candidates(words, near, whole=whole)
    return candidates.fused(np.array([near.get(paper_id, 0.0) for paper_id in candidates.ids]), weight)


def ids(found: list[Fused]) -> list[int]:
    return [each.paper_id for each in found]


def test_without_meaning_the_order_of_words_stands() -> None:
    assert ids(fuse(WORDS, COSINES, 0.0, 0)) == [1, 2, 3, 9]


def test_without_words_the_nearest_come_first_and_words_break_the_tie() -> None:
    assert ids(fuse(WORDS, COSINES, 1.0, 0)) == [2, 9, 3, 1]


def test_a_score_is_the_weighted_sum_of_both_sides_divided_by_their_best() -> None:
    found = {each.paper_id: each for each in fuse(WORDS, COSINES, 0.4, 0)}
    assert found[2].score == pytest.approx(0.6 * 0.5 + 0.4 * 1.0)
    assert found[9].score == pytest.approx(0.4)
    assert [found[paper_id].by_words for paper_id in (1, 9)] == [True, False]


def test_the_few_papers_with_all_words_stay_first_and_nearly_in_their_order() -> None:
    found = fuse(WORDS, {1: 0.5, 2: 0.6, 3: 0.9, 9: 1.0}, 0.9, 2)
    assert ids(found)[:2] == [1, 2]
    assert found[1].score > 1 >= found[2].score
    assert found[0].score == pytest.approx(1 + (1 - 0.9 * NAVIGATIONAL) + 0.9 * NAVIGATIONAL * 0.5)


@given(ranked, cosines, st.floats(0, 1), st.integers(0, 5))
def test_every_paper_has_one_place_and_the_order_is_total(
    words: list[tuple[int, float]], near: dict[int, float], weight: float, whole: int
) -> None:
    found = fuse(words, near, weight, whole)
    assert sorted(ids(found)) == sorted({paper_id for paper_id, _ in words} | near.keys())
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert found == fuse(words, dict(reversed(near.items())), weight, whole)
    first = {paper_id for paper_id, _ in words[:whole]}
    assert set(ids(found)[: len(first)]) == first


def test_nothing_in_gives_nothing_out() -> None:
    assert fuse([], {}, 0.4, 0) == []


def test_few_words_are_navigation_and_a_passage_is_told_by_its_meaning() -> None:
    assert share_of_meaning(0.4, 2, passage=False) == pytest.approx(0.4 * NAVIGATIONAL)
    assert share_of_meaning(0.4, 9, passage=False) == 0.4
    assert share_of_meaning(0.4, 48, passage=True) == pytest.approx(0.5)
    assert share_of_meaning(0.9, 48, passage=True) == 1.0


def test_what_no_word_supports_must_lie_clearly_above_all_papers() -> None:
    assert on_topic(0.1, 0.05, matched=True) == pytest.approx(0.1 + ABOVE_ALL * 0.05)
    assert on_topic(0.1, 0.05, matched=False) == pytest.approx(0.1 + CLEARLY * 0.05)


def test_feedback_moves_a_query_towards_its_first_hits() -> None:
    query, hit = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    moved = towards(query, [hit])
    assert np.linalg.norm(moved) == pytest.approx(1)
    assert moved @ query > moved @ hit > 0
    assert towards(query, []) is query


def test_like_and_unlike_part_the_space() -> None:
    like, unlike = unit(np.array([1, 1], np.float32)), np.array([0, 1], np.float32)
    direction = between([like], [unlike])
    assert direction @ like > direction @ unlike
    assert between([like], []) == pytest.approx(like)


def test_opposites_leave_no_direction_and_no_error() -> None:
    one = np.array([1, 0], np.float32)
    assert not between([one, -one], []).any()


def test_cosines_go_with_the_papers_asked_for() -> None:
    held = {7: np.array([1, 0], np.float32), 3: np.array([0.6, 0.8], np.float32)}
    assert Held(held, [3, 5, 7]).cosines(np.array([0, 1], np.float32)).tolist() == [0.8, 0.0, 0.0]
    assert Held({}, [3]).cosines(np.array([0, 1], np.float32)).tolist() == [0.0]


def test_the_nearest_row_is_found() -> None:
    rows = np.array([[0, 1], [1, 0], [0.6, 0.8]], np.float32)
    assert nearest(np.array([0.9, 0.1], np.float32), rows) == 1
