"""What looks like spam is held; what honest readers bring hardly ever is."""

from dataclasses import replace

import pytest
from bench.spam import shares, starter_titles
from bench.spam_world import cases
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.rank.spam import BEGIN, Traits, suspect

OLD = Traits(account_days=400, words="Nice ablation in section 4.", title="Folding napkins", good=3)


@pytest.mark.parametrize("seed", [1, 2])
def test_of_a_thousand_made_up_cases_spam_is_held_and_honest_ones_are_not(seed: int) -> None:
    """E18, on a world made up: 95 % of spam, 1 % of what is honest."""
    spam, honest = shares(cases(starter_titles(), 1_000, seed))
    assert spam >= 0.95
    assert honest <= 0.01


def test_a_new_reader_may_bring_a_paper_and_a_link() -> None:
    assert not suspect(replace(OLD, account_days=0.1, good=0, words="Code: https://github.com/a/b")).holds


def test_a_page_of_a_strange_site_without_an_abstract_from_a_new_reader_is_held_with_reasons() -> None:
    found = suspect(Traits(account_days=0.1, title="x", has_abstract=False, known_site=False))
    assert found.holds
    assert found.why == "no abstract; a new account; a site nothing has come from before"


@pytest.mark.parametrize(
    "worse",
    [
        {"account_days": 0.0},
        {"good": 0},
        {"bad": 2},
        {"per_hour": 9},
        {"words": "Buy now https://a.example"},
        {"words": "The same six words or more here", "repeats": 2},
        {"has_abstract": False},
        {"known_site": False},
        {"title": "WHY ALL OF THIS IS TRUE AT LAST", "words": ""},
    ],
    ids="-".join,
)
def test_each_trait_of_spam_makes_it_more_suspicious(worse: dict[str, object]) -> None:
    assert suspect(replace(OLD, **worse)).score > suspect(OLD).score  # type: ignore[arg-type]


def test_few_words_may_be_said_by_many() -> None:
    assert suspect(replace(OLD, words="Great paper!", repeats=40)).score == suspect(OLD).score


@given(st.text(max_size=300), st.text(max_size=300), st.floats(0, 1e6), st.integers(0, 10**6))
def test_any_words_get_a_score_that_is_the_sum_of_its_points(words: str, title: str, days: float, many: int) -> None:
    traits = Traits(account_days=days, words=words, title=title, repeats=many, per_hour=many)
    found = suspect(traits)
    assert found.score == pytest.approx(BEGIN + sum(point.amount for point in found.points))
