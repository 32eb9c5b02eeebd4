"""Time runs out."""

import threading

import pytest

from broadsheet.net.deadline import Deadline, within


def test_no_step_gets_more_than_its_own_time() -> None:
    assert Deadline(100, 2).left() == 2


def test_steps_share_what_is_left() -> None:
    assert 9 < Deadline(10, 100).left() <= 10


def test_when_none_is_left_it_says_so() -> None:
    with pytest.raises(TimeoutError):
        Deadline(0, 1).left()


def test_what_is_done_in_time_is_given() -> None:
    assert within(60, lambda: 7) == 7


def test_what_fails_in_time_is_raised() -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        within(60, fail)


def test_what_hangs_is_left_alone() -> None:
    released = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, lambda: released.wait(60))
    released.set()
