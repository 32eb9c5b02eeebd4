"""Readers share, a writer is alone and does not wait for readers who come after."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from broadsheet.index.turns import Turns


def test_a_writer_is_alone() -> None:
    turns, inside, seen = Turns(), [], []

    def read(_: int) -> None:
        with turns.reading():
            seen.append(list(inside))

    def write(number: int) -> None:
        with turns.writing():
            inside.append(number)
            seen.append(list(inside))
            inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(write if turn % 3 == 0 else read, turn) for turn in range(300)]
    assert [task.result() for task in done] == [None] * 300
    assert sorted(map(len, seen)) == [0] * 200 + [1] * 100


def test_readers_read_at_once_and_a_waiting_writer_comes_before_later_readers() -> None:
    turns, order, first_in, leave = Turns(), [], Event(), Event()

    def first() -> None:
        with turns.reading():
            first_in.set()
            leave.wait()

    def write() -> None:
        with turns.writing():
            order.append("writer")

    def later() -> None:
        with turns.reading():
            order.append("reader")

    with ThreadPoolExecutor(4) as pool:
        pool.submit(first)
        first_in.wait()
        with turns.reading():
            pass
        pool.submit(write)
        while not turns._waiting:
            pass
        pool.submit(later)
        leave.set()
    assert order == ["writer", "reader"]
