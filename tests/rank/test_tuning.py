"""A share of meaning is taken over another only for a gain that is more than chance, and never at titles' cost."""

from collections.abc import Mapping, Sequence

import pytest

from broadsheet.rank.tuning import better_weight, is_fit, is_gain, mean_gain

GUARDED = ("title",)
WORDS = {"title": [1.0] * 40, "sentence": [0.5] * 40}


def gains(title: float, sentence: float) -> dict[str, list[float]]:
    return {"title": [title] * 40, "sentence": [sentence] * 40}


@pytest.mark.parametrize(
    ("tried", "chosen"),
    [
        ({0.3: gains(1, 0.5), 0.5: gains(1, 0.7)}, 0.5),
        ({0.3: gains(1, 0.5), 0.5: gains(0.99, 0.7)}, None),
        ({0.3: gains(1, 0.5), 0.4: gains(1, 0.6), 0.5: gains(0.99, 0.7)}, 0.4),
        ({0.3: gains(1, 0.5), 0.5: gains(0.996, 0.7)}, 0.5),
        ({0.3: gains(1, 0.5), 0.5: gains(1, 0.5)}, None),
        ({0.3: gains(1, 0.5), 0.5: gains(1, 0.519)}, None),
        ({0.3: gains(1, 0.5), 0.5: gains(1, 0.521)}, 0.5),
        ({0.3: gains(1, 0.7), 0.5: gains(1, 0.5)}, None),
        ({0.2: gains(1, 0.7), 0.3: gains(1, 0.5), 0.4: gains(1, 0.7)}, 0.2),
        ({0.1: gains(1, 0.7), 0.3: gains(1, 0.5), 0.4: gains(1, 0.7)}, 0.4),
        ({0.3: gains(0.5, 0.5), 0.5: gains(0.5, 0.7)}, None),
    ],
)
def test_the_best_that_spares_titles_is_taken(
    tried: Mapping[float, Mapping[str, Sequence[float]]], chosen: float | None
) -> None:
    assert better_weight(tried, WORDS, GUARDED, 0.3) == chosen


def test_a_gain_by_chance_is_none() -> None:
    theirs = {"sentence": [0.5] * 40}
    assert not is_gain({"sentence": [1.0, *[0.5] * 39]}, theirs)
    assert not is_gain({"sentence": [1.0] * 20 + [0.0] * 20}, theirs)
    assert is_gain({"sentence": [1.0] * 20 + [0.5] * 20}, theirs)
    assert not is_gain({}, {})


def test_kinds_count_alike_however_many_queries_they_have() -> None:
    assert mean_gain({"title": [1.0], "sentence": [0.0] * 9, "abstract": []}) == 0.5
    assert mean_gain({}) == 0
    assert is_fit({"title": []}, {"title": []}, GUARDED)
