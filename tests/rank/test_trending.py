"""Trending: more evidence is never worse, nothing overtakes by waiting, and the same digits come out everywhere."""

import decimal
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Refused
from broadsheet.rank.trending import FORMULAS, TENFOLD, WEIGHTS, Evidence, components, digest_of, key

BORN = datetime(2026, 1, 5, 9, tzinfo=UTC)
counts = st.integers(0, 10_000)
evidences = st.builds(Evidence, counts, counts, counts, st.floats(0, 10_000))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(evidences, st.sampled_from(["upvotes", "comments", "hf_upvotes", "stars_per_day"]), st.integers(1, 500))
def test_more_evidence_of_any_kind_never_lowers_a_paper(evidence: Evidence, kind: str, more: int) -> None:
    stronger = replace(evidence, **{kind: getattr(evidence, kind) + more})
    for formula in FORMULAS.values():
        assert formula.score(stronger, BORN, BORN) >= formula.score(evidence, BORN, BORN)


@given(evidences, st.sampled_from(["upvotes", "hf_upvotes", "stars_per_day"]))
def test_one_more_upvote_or_star_raises_the_key(evidence: Evidence, kind: str) -> None:
    assert key(replace(evidence, **{kind: getattr(evidence, kind) + 1}), BORN) > key(evidence, BORN)


@given(st.tuples(evidences, moments), st.tuples(evidences, moments), moments, moments)
def test_a_stored_order_is_the_same_at_any_two_moments(
    one: tuple[Evidence, datetime], other: tuple[Evidence, datetime], now: datetime, later: datetime
) -> None:
    for formula in FORMULAS.values():
        if formula.static:
            before = formula.score(*one, now) - formula.score(*other, now)
            assert before == formula.score(*one, later) - formula.score(*other, later)


@given(evidences, moments, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_a_newer_paper_with_the_same_evidence_is_never_lower(
    evidence: Evidence, born: datetime, newer: timedelta
) -> None:
    now = datetime(2035, 1, 1, tzinfo=UTC)
    for formula in FORMULAS.values():
        assert formula.score(evidence, born + newer, now) >= formula.score(evidence, born, now)


def test_tenfold_evidence_is_worth_exactly_three_days() -> None:
    assert key(Evidence(upvotes=9), BORN) == key(Evidence(), BORN + TENFOLD)
    assert key(Evidence(upvotes=99), BORN) == key(Evidence(upvotes=9), BORN + TENFOLD)


def test_keys_are_these_digits_on_every_machine() -> None:
    evidence = Evidence(9, 3, 20, 2.5)
    assert key(evidence, BORN) == 1_767_915_707_899_504
    assert [formula.score(evidence, BORN, BORN + timedelta(hours=5)) for formula in FORMULAS.values()] == [
        1_767_915_707_899_504,
        174_669_684_391,
        1_767_687_607_268_956,
    ]


def test_a_key_does_not_depend_on_the_callers_decimals_or_zone() -> None:
    expected = key(Evidence(7, 1, 3, 0.1), BORN)
    with decimal.localcontext(prec=30, rounding=decimal.ROUND_UP):
        assert key(Evidence(7, 1, 3, 0.1), BORN) == expected
    elsewhere = BORN.astimezone(timezone(timedelta(hours=9)))
    assert key(Evidence(7), elsewhere) == key(Evidence(7), BORN)


@given(evidences)
def test_components_add_up_to_what_the_key_is_made_of(evidence: Evidence) -> None:
    parts = components(evidence)
    assert [part.name for part in parts] == [weight.name for weight in WEIGHTS]
    points = 1 + sum(part.points for part in parts)
    assert key(evidence, BORN) - key(Evidence(), BORN) == pytest.approx(
        math.log10(points) * TENFOLD.total_seconds() * 1e6
    )


def test_comments_never_outweigh_what_readers_lifted() -> None:
    comments = components(Evidence(upvotes=2, comments=500))[1]
    assert (int(comments.amount), int(comments.points)) == (500, 3)


def test_stars_that_are_lost_count_nothing() -> None:
    assert key(Evidence(stars_per_day=-40.0), BORN) == key(Evidence(), BORN)


def test_a_count_nobody_can_believe_still_gives_a_key_that_fits_64_bits() -> None:
    huge = Evidence(10**30, 10**30, 10**30, 1e300)
    assert all(formula.score(huge, BORN, BORN) < 2**63 for formula in FORMULAS.values())


@pytest.mark.parametrize("wrong", [{"upvotes": -1}, {"comments": -1}, {"stars_per_day": math.nan}])
def test_what_no_count_can_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Refused):
        Evidence(**wrong)  # type: ignore[arg-type] # which of the counts is wrong varies


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Refused):
        key(Evidence(), BORN.replace(tzinfo=None))


def test_hacker_news_lets_an_old_paper_fall_behind_a_new_one() -> None:
    hn = FORMULAS["hackernews"]
    old, new = (Evidence(upvotes=40), BORN), (Evidence(upvotes=10), BORN + timedelta(hours=6))
    soon, late = BORN + timedelta(hours=6), BORN + timedelta(hours=200)
    assert hn.score(*new, soon) > hn.score(*old, soon)
    assert hn.score(*old, late) > hn.score(*new, late)
    assert not hn.static


def test_every_formula_tells_readers_what_it_is() -> None:
    assert all((type(formula).__doc__ or "").count("\n") > 2 for formula in FORMULAS.values())
    assert all(weight.because.endswith(".") and weight.amount > Decimal(0) for weight in WEIGHTS)


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(-(10**18), 10**18)), max_size=6))
def test_equal_orders_have_equal_digests_and_others_have_not(order: list[tuple[int, int]]) -> None:
    assert digest_of(order) == digest_of(iter(order))
    assert digest_of([*order, (1, 1)]) != digest_of(order)
    if order != order[::-1]:
        assert digest_of(order[::-1]) != digest_of(order)


def test_a_digest_is_the_same_in_every_process() -> None:
    assert digest_of([(1, 20), (2, 10)])[:16] == "3da8cc4466cdd6a5"
