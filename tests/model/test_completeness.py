"""What a sequence skips, and days that are emptier than their like."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.completeness import (
    LEAST_WAIT,
    MOST_TRIES,
    days_never_looked_at,
    is_absent,
    low_days,
    pause_before,
    skipped,
)

MONDAY = date(2026, 8, 3)


def weekdays(count: int, papers: int) -> dict[date, int]:
    """Give days from a Monday on with the same number of papers, weekends with none."""
    days = [MONDAY + timedelta(days=number) for number in range(count)]
    return {day: papers if day.weekday() < 5 else 0 for day in days}


def test_a_hole_among_known_numbers_is_missed() -> None:
    assert skipped({*range(1, 500)} - {250}) == [250]


def test_a_lost_page_is_missed_whole() -> None:
    lost = set(range(2000, 3300))
    assert skipped(set(range(1, 6000)) - lost) == sorted(lost)


def test_a_hole_with_a_few_known_from_elsewhere_is_missed() -> None:
    lost = set(range(2000, 3300)) - {2100, 2500, 2501}
    assert skipped(set(range(1, 6000)) - lost) == sorted(lost)


def test_a_house_that_keeps_one_category_misses_nothing() -> None:
    chance = Random(4)
    assert skipped({number for number in range(1, 25_000) if chance.random() < 0.08}) == []


def test_two_harvests_far_apart_do_not_miss_what_lies_between() -> None:
    assert skipped({*range(1, 400), *range(12_000, 13_000)}) == []


def test_the_first_numbers_are_missed_only_when_they_are_few() -> None:
    assert skipped(set(range(41, 400))) == list(range(1, 41))
    assert skipped(set(range(400, 900))) == []


def test_numbers_after_the_last_known_are_not_missed_nor_those_before_a_single_one() -> None:
    assert skipped(set(range(1, 400)) | {450}) == []


@pytest.mark.parametrize("known", [set(), {1}, {0}, {-5, 7}, {5, 10**9}, set(range(2, 20))])
def test_too_little_is_known_to_miss_anything(known: set[int]) -> None:
    assert skipped(known) == []


@given(st.sets(st.integers(1, 3_000), max_size=100))
def test_all_that_is_lost_in_the_middle_of_a_whole_month_is_found_if_it_is_sparse(lost: set[int]) -> None:
    inside = {number for number in lost if 200 <= number <= 2_800 and number % 20 == 0}
    assert skipped(set(range(1, 3_001)) - inside) == sorted(inside)


@given(st.sets(st.integers(-10, 4_000)))
def test_what_is_skipped_is_never_known_and_always_before_the_last(known: set[int]) -> None:
    missing = skipped(known)
    assert not known & set(missing)
    assert all(0 < number < max(known) for number in missing)


def test_an_empty_day_among_busy_ones_is_low() -> None:
    papers = weekdays(70, 12)
    empty = MONDAY + timedelta(days=31)
    assert low_days(papers | {empty: 0}, date.max) == [empty]


def test_a_day_never_looked_at_counts_as_empty() -> None:
    papers = weekdays(70, 12)
    lost = MONDAY + timedelta(days=31)
    del papers[lost]
    assert low_days(papers, date.max) == days_never_looked_at(papers, date.max) == [lost]


def test_a_day_far_below_its_like_is_low_and_one_a_little_below_is_not() -> None:
    chance = Random(7)
    papers = {day: count and count + chance.randint(-20, 20) for day, count in weekdays(70, 150).items()}
    broken, slow = MONDAY + timedelta(days=31), MONDAY + timedelta(days=38)
    assert low_days(papers | {broken: 15, slow: 120}, date.max) == [broken]


def test_weekends_and_quiet_sources_are_never_low() -> None:
    assert low_days(weekdays(70, 12), date.max) == []
    assert low_days(weekdays(70, 2) | {MONDAY: 0}, date.max) == []


@pytest.mark.parametrize("mean", [3, 4, 5, 8, 10])
def test_counts_that_vary_by_chance_are_hardly_ever_low(mean: int) -> None:
    chance = Random(mean)
    years = 6
    papers = {
        # As many of 1,000 as come by with a chance of one in 1,000 / mean: nearly Poisson's.
        MONDAY + timedelta(days=number): sum(chance.random() < mean / 1_000 for _ in range(1_000))
        for number in range(365 * years)
    }
    assert len(low_days(papers, date.max)) <= years / 2


def test_of_a_small_source_several_empty_days_in_a_row_are_low_and_one_is_not() -> None:
    papers = weekdays(70, 4)
    friday = MONDAY + timedelta(days=32)
    monday, tuesday = friday + timedelta(days=3), friday + timedelta(days=4)
    assert low_days(papers | {friday: 0, monday: 0}, date.max) == []
    assert low_days(papers | {friday: 0, monday: 0, tuesday: 0}, date.max) == [friday, monday, tuesday]


def test_little_history_tells_nothing() -> None:
    papers = weekdays(25, 12)
    assert low_days(papers | {MONDAY + timedelta(days=7): 0}, date.max) == []
    assert low_days({}, date.max) == days_never_looked_at({}, date.max) == []


def test_days_after_the_last_one_asked_for_are_left_alone() -> None:
    papers = weekdays(70, 12)
    late = MONDAY + timedelta(days=63)
    assert low_days(papers | {late: 0}, late - timedelta(days=1)) == []
    assert low_days(papers | {late: 0}, late) == [late]


def test_a_source_that_tells_only_of_days_with_papers_has_none_that_were_not_looked_at() -> None:
    papers = {day: count for day, count in weekdays(70, 12).items() if count}
    assert days_never_looked_at(papers, date.max) == []
    assert low_days(papers, date.max) == []


def test_pauses_double_and_the_last_try_is_after_the_shortest_wait() -> None:
    pauses = [pause_before(tries) for tries in range(MOST_TRIES)]
    assert pauses[1:] == [timedelta(hours=6 * 2**n) for n in range(MOST_TRIES - 1)]
    assert sum(pauses[1:], timedelta()) >= LEAST_WAIT
    assert pause_before(10**6) == pause_before(MOST_TRIES)


@pytest.mark.parametrize(("tries", "days", "absent"), [(7, 15, True), (6, 30, False), (50, 13, False), (7, 14, True)])
def test_a_gap_is_given_up_after_enough_tries_and_enough_time(tries: int, days: int, absent: bool) -> None:  # noqa: FBT001
    assert is_absent(tries, timedelta(days=days)) is absent
