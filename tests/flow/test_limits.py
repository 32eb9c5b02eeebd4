"""Rates are exact, whoever asks at once, and keep nobody's address."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from tests.conftest import NOW
from tests.contracts.store import rows

from broadsheet.errors import TooMany
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, HOUR_S, MINUTE_S, Rate, sweep, take, take_within

RATES = (Rate(4, MINUTE_S), Rate(10, HOUR_S))


def later(house: House, seconds: float) -> House:
    return replace(house, clock=lambda: NOW + timedelta(seconds=seconds))


def allowed(house: House, who: str = "ada", times: int = 1, what: str = "signing in") -> int:
    """Ask so many times and count how often it is allowed."""
    count = 0
    for _ in range(times):
        try:
            take(house, what, who, RATES)
        except TooMany:
            continue
        count += 1
    return count


def test_so_many_at_once_and_then_evenly(house: House) -> None:
    assert allowed(house, times=20) == 4
    assert allowed(later(house, 14.9)) == 0
    assert allowed(later(house, 15), times=2) == 1
    assert allowed(later(house, 30), times=2) == 1


def test_the_longer_rate_holds_too(house: House) -> None:
    assert sum(allowed(later(house, 60 * minute), times=20) for minute in range(4)) == 10
    assert allowed(later(house, HOUR_S), times=20) == 4


def test_the_wait_that_is_told_is_enough_and_no_more_than_needed(house: House) -> None:
    assert allowed(house, times=4) == 4
    with pytest.raises(TooMany, match="Try again in 15 seconds") as refused:
        take(house, "signing in", "ada", RATES)
    wait_s = refused.value.retry_after_s
    assert wait_s == pytest.approx(15)
    assert allowed(later(house, wait_s - 0.01)) == 0
    assert allowed(later(house, wait_s)) == 1


def test_who_is_refused_is_not_counted(house: House) -> None:
    assert allowed(house, times=100) == 4
    assert allowed(later(house, 60), times=9) == 4


def test_others_and_other_things_have_rates_of_their_own(house: House) -> None:
    assert [allowed(house, who, 9) for who in ("ada", "bob")] == [4, 4]
    assert allowed(house, "ada", 9, what="joining") == 4


def test_sixty_four_at_once_get_exactly_as_many_as_are_allowed(house: House) -> None:
    together = Barrier(64, timeout=60)

    def ask(_: int) -> int:
        together.wait()
        return allowed(house, "ada")

    with ThreadPoolExecutor(64) as clients:
        assert sum(clients.map(ask, range(64))) == 4


def test_a_refusal_undoes_all_that_was_written_with_it(house: House) -> None:
    allowed(house, times=4)
    before = rows(house.store)

    def both() -> None:
        with house.store.writing() as connection:
            take_within(connection, house, "other", "ada", RATES)
            take_within(connection, house, "signing in", "ada", RATES)

    with pytest.raises(TooMany):
        both()
    assert rows(house.store) == before


def test_who_asked_is_kept_only_as_a_hash(house: House) -> None:
    take(house, "signing in", "ada@example.org", RATES)
    kept = repr(rows(house.store))
    assert "signing in:" in kept
    assert "example.org" not in kept


def test_what_lies_in_the_past_is_swept(house: House) -> None:
    allowed(house, times=4)
    assert sweep(later(house, MINUTE_S - 1)) == 0
    assert sweep(later(house, MINUTE_S)) == 1
    assert sweep(later(house, HOUR_S)) == 1
    assert sweep(later(house, HOUR_S)) == 0


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (Rate(1, 1), "1 second"),
        (Rate(1, 90), "2 minutes"),
        (Rate(1, HOUR_S), "60 minutes"),
        (Rate(1, 3 * DAY_S), "3 days"),
    ],
    ids=["second", "minutes", "hour", "days"],
)
def test_the_wait_is_told_in_words(house: House, rate: Rate, said: str) -> None:
    take(house, "it", "ada", [rate])
    with pytest.raises(TooMany, match=f"in {said}"):
        take(house, "it", "ada", [rate])
