"""Who answers is chosen among what is embedded, and knows at once what any process embeds."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event, Semaphore
from time import monotonic

import numpy as np
import pytest
from tests.papers import record
from tests.vectors import ExactIndex, WordEmbedder, open_exact_index

from broadsheet.embed.lazy import LazyEmbedder
from broadsheet.errors import Unavailable
from broadsheet.flow import spaces as flow
from broadsheet.flow.house import House
from broadsheet.flow.shelf.embedding import catch_up
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.spaces import Spaces, answering_among, target_among
from broadsheet.store import spaces
from broadsheet.store.spaces import Identity, Space

RECORDS = [record(number) for number in range(1, 8)]


@pytest.fixture
def process(house: House) -> Iterator[Callable[[], House]]:
    """Open the house's store as another process would."""
    opened = []

    def open_() -> House:
        one = Spaces(house.store, [WordEmbedder()], house.settings.vectors_folder, open_exact_index)
        opened.append(one)
        return replace(house, spaces=one)

    yield open_
    for one in opened:
        one.close()


def space(number: int, name: str, *, complete: bool, version: str = "1") -> Space:
    return Space(
        id=number,
        identity=Identity(name, version, 8),
        token=str(number),
        seen=0,
        head=0,
        complete=complete,
        weight=None,
    )


WHOLE_BUNDLED, WHOLE_BETTER = space(1, "bundled", complete=True), space(2, "better", complete=True)
BEGUN_BUNDLED, BEGUN_BETTER = space(3, "bundled", complete=False), space(4, "better", complete=False)
OLD_BETTER, OTHER = space(5, "better", complete=True, version="0"), space(6, "other", complete=True)


@pytest.mark.parametrize(
    ("live", "answering", "target"),
    [
        ([], None, None),
        ([OTHER, OLD_BETTER], None, None),
        ([BEGUN_BUNDLED], BEGUN_BUNDLED, None),
        ([BEGUN_BUNDLED, BEGUN_BETTER], BEGUN_BUNDLED, BEGUN_BETTER),
        ([WHOLE_BUNDLED, BEGUN_BUNDLED], WHOLE_BUNDLED, None),
        ([WHOLE_BUNDLED, WHOLE_BETTER], WHOLE_BETTER, WHOLE_BETTER),
        ([WHOLE_BUNDLED, WHOLE_BETTER, BEGUN_BETTER], WHOLE_BETTER, BEGUN_BETTER),
        ([BEGUN_BETTER], None, BEGUN_BETTER),
        ([WHOLE_BETTER], WHOLE_BETTER, WHOLE_BETTER),
    ],
)
def test_the_wanted_embedder_answers_once_it_has_all_papers(
    live: Sequence[Space], answering: Space | None, target: Space | None
) -> None:
    embedders = WordEmbedder("better"), WordEmbedder("bundled")
    found, wanted = answering_among(live, embedders), target_among(live, embedders)
    assert (found and found.space, wanted and wanted.space) == (answering, target)
    assert found is None or found.embedder.name == found.space.identity.name


@pytest.mark.parametrize(
    ("live", "answering", "target"),
    [
        ([BEGUN_BUNDLED], BEGUN_BUNDLED, BEGUN_BUNDLED),
        ([WHOLE_BUNDLED, BEGUN_BUNDLED], WHOLE_BUNDLED, BEGUN_BUNDLED),
        ([WHOLE_BUNDLED, WHOLE_BETTER], WHOLE_BUNDLED, WHOLE_BUNDLED),
    ],
)
def test_the_bundled_embedder_alone_answers_from_what_it_has(
    live: Sequence[Space], answering: Space, target: Space
) -> None:
    found, wanted = answering_among(live, [WordEmbedder("bundled")]), target_among(live, [WordEmbedder("bundled")])
    assert found is not None
    assert wanted is not None
    assert (found.space, wanted.space) == (answering, target)


def test_the_wanted_embedder_is_not_woken_while_it_has_nothing_to_answer_from() -> None:
    def wake() -> WordEmbedder:
        raise AssertionError

    found = answering_among([WHOLE_BUNDLED, BEGUN_BETTER], [LazyEmbedder(wake), WordEmbedder("bundled")])
    assert found is not None
    assert found.space == WHOLE_BUNDLED


def test_nobody_answers_before_a_paper_is_embedded(process: Callable[[], House]) -> None:
    house = process()
    with pytest.raises(Unavailable, match="No paper is embedded"):
        house.spaces.answering()
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    assert house.spaces.answering().vectors.count() == 7


def test_what_another_process_embeds_is_seen_within_a_second(
    process: Callable[[], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, reader = process(), process()
    keep(writer.store, RECORDS, at=writer.clock())
    catch_up(writer)
    assert reader.spaces.answering().vectors.count() == 7
    keep(writer.store, [record(8)], at=writer.clock())
    catch_up(writer)
    later = monotonic() + 1
    monkeypatch.setattr(flow, "monotonic", lambda: later)
    assert reader.spaces.answering().vectors.count() == 8


class Sleeper(WordEmbedder):
    """An embedder that takes its time to fail: until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.entered, self.released = Semaphore(0), Event()
        self.asked = 0

    @property
    def version(self) -> str:
        self.asked += 1
        self.entered.release()
        self.released.wait()
        raise Unavailable("It does not answer.")

    @version.setter
    def version(self, _: str) -> None:
        """Keep it untold."""


@pytest.fixture
def asleep(process: Callable[[], House]) -> Iterator[tuple[Spaces, Sleeper]]:
    """Give spaces with vectors to answer from, and the embedder that will not."""
    house, sleeper = process(), Sleeper()
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    one = Spaces(house.store, [sleeper], house.settings.vectors_folder, open_exact_index)
    yield one, sleeper
    sleeper.released.set()
    one.close()


def test_readers_who_wait_for_one_failure_do_not_wait_for_a_second(asleep: tuple[Spaces, Sleeper]) -> None:
    one, sleeper = asleep
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(one.answering) for _ in range(4)]
        sleeper.entered.acquire()
        sleeper.released.set()
        assert {str(each.exception()) for each in asked} == {"It does not answer."}
    assert sleeper.asked == 1


def test_what_took_long_to_fail_is_not_tried_again_at_once(
    asleep: tuple[Spaces, Sleeper], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, sleeper = asleep
    sleeper.released.set()
    times = iter([0.0] * 3 + [60.0] * 2)
    monkeypatch.setattr(flow, "monotonic", lambda: next(times))
    one.look_again()
    for _ in range(2):
        with pytest.raises(Unavailable):
            one.answering()
    assert sleeper.asked == 1


def test_while_one_reader_asks_again_the_others_hear_what_failed(asleep: tuple[Spaces, Sleeper]) -> None:
    one, sleeper = asleep
    sleeper.released.set()
    with pytest.raises(Unavailable):
        one.answering()
    sleeper.entered.acquire()
    sleeper.released.clear()
    one.look_again()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(one.answering)
        sleeper.entered.acquire()
        with pytest.raises(Unavailable, match="does not answer"):
            one.answering()
        assert not first.done()
        sleeper.released.set()
    assert sleeper.asked == 2


def test_asking_again_at_once_asks_nobody(process: Callable[[], House], monkeypatch: pytest.MonkeyPatch) -> None:
    house = process()
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    now = monotonic()
    monkeypatch.setattr(flow, "monotonic", lambda: now)
    held = house.spaces.answering()
    monkeypatch.setattr(house.spaces, "_store", None)
    assert house.spaces.answering() is held


def test_a_snapshot_is_read_on_from(process: Callable[[], House], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "SAVE_AFTER_ROWS", 7)
    first = process()
    keep(first.store, RECORDS, at=first.clock())
    catch_up(first)
    first.spaces.answering()
    first.spaces.close()
    keep(first.store, [record(8)], at=first.clock())
    second = process()
    catch_up(second)
    written: list[Sequence[int]] = []
    write = ExactIndex.write

    def note(index: ExactIndex, ids: Sequence[int], *rest: object) -> None:
        written.append(ids)
        write(index, ids, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ExactIndex, "write", note)
    assert second.spaces.answering().vectors.count() == 8
    assert [len(ids) for ids in written] == [1]


def test_few_rows_are_not_worth_a_snapshot(process: Callable[[], House]) -> None:
    house = process()
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    house.spaces.answering()
    house.spaces.close()
    house.spaces.close()
    assert not house.settings.vectors_folder.exists()


def test_vectors_from_the_future_of_an_older_store_are_not_believed(process: Callable[[], House]) -> None:
    house = process()
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    index = house.spaces.answering().vectors
    index.write([99], index.vectors([1])[1][None, :], (), index.seen() + 1)
    index.save()
    again = process()
    assert again.spaces.answering().vectors.count() == 7


def test_rebuilding_reads_all_from_the_store(process: Callable[[], House]) -> None:
    house = process()
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    index = house.spaces.answering().vectors
    index.write([], np.empty((0, 8), np.float32), [1, 2], index.seen())
    index.save()
    assert house.spaces.rebuild() == 7
    assert house.spaces.answering().vectors.count() == 7
    assert process().spaces.answering().vectors.count() == 7


def test_folders_of_spaces_that_are_no_more_go(process: Callable[[], House]) -> None:
    house = process()
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    house.spaces.answering().vectors.save()
    folder: Path = house.settings.vectors_folder
    (folder / "abandoned").mkdir()
    house.spaces.tidy()
    assert [path.name for path in folder.iterdir()] == [house.spaces.answering().space.token]


def test_the_weight_is_what_the_self_test_chose_else_what_the_embedder_says(process: Callable[[], House]) -> None:
    house = process()
    catch_up(house)
    answering = house.spaces.answering()
    assert (answering.weight, answering.complete) == (0.4, True)
    with house.store.writing() as connection:
        spaces.weigh(connection, answering.space.id, 0.0)
    house.spaces.look_again()
    assert house.spaces.answering().weight == 0
