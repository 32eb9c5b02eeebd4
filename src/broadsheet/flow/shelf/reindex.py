"""Bring the indexes up to what is stored, or build them anew beside the old ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Literal

from broadsheet.errors import BroadsheetError
from broadsheet.flow.garbage import collecting_seldom
from broadsheet.flow.house import House
from broadsheet.flow.scoring import follow
from broadsheet.flow.shelf import embedding as meaning
from broadsheet.flow.spaces import SAVE_AFTER_ROWS
from broadsheet.index.port import TextIndex
from broadsheet.model.paper import Paper
from broadsheet.store import changes, papers

# One write of the index is one commit; papers are read from the store in smaller steps while the engine works.
CHANGES_PER_WRITE = 50_000
PAPERS_PER_READ = 1_000

Report = Callable[[int, int], None]
Stage = Literal["words", "meaning"]
Progress = Callable[[Stage, int, int], None]


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What catching up did: changes that the word index took in, papers embedded, and why not all of them were."""

    changes: int
    embedded: int
    trouble: BroadsheetError | None = None


def catch_up(
    house: House, *, progress: Progress | None = None, stop: Event | None = None, effort: meaning.Effort = "needed"
) -> CaughtUp:
    """Bring words and meaning up to what is stored, and the order of papers before them.

    ``progress`` hears ``(what is being done, done, in all)``, first of the words as ``words`` tells, then of the
    meaning as ``embedding.catch_up`` does, which also says what ``stop`` and ``effort`` are. An embedder that fails is
    no error: all is found by words then, and the ``trouble`` is told.
    """
    follow(house, stop=stop)
    done = words(house, progress=_of("words", progress), stop=stop)
    return _with_meaning(house, done, _of("meaning", progress), stop, effort)


def from_scratch(house: House, *, progress: Progress | None = None, effort: meaning.Effort = "needed") -> CaughtUp:
    """Build words and vectors anew from the store, then catch up; what is embedded is not embedded again."""
    written = words_from_scratch(house, progress=_of("words", progress))
    caught_up = _with_meaning(house, written, _of("meaning", progress), None, effort)
    if caught_up.trouble is None:
        house.spaces.rebuild()
    return caught_up


def _of(stage: Stage, progress: Progress | None) -> Report | None:
    return None if progress is None else lambda done, total: progress(stage, done, total)


def _with_meaning(
    house: House, done: int, report: Report | None, stop: Event | None, effort: meaning.Effort
) -> CaughtUp:
    embedded = 0
    try:
        embedded = meaning.catch_up(house, progress=report, stop=stop, effort=effort)
        if embedded >= SAVE_AFTER_ROWS:
            # Whoever embeds much leaves a snapshot, so that nobody who searches has to wait for one.
            house.spaces.warm()
            house.spaces.save()
    except BroadsheetError as error:
        return CaughtUp(done, embedded, error)
    return CaughtUp(done, embedded)


def words(house: House, *, progress: Report | None = None, stop: Event | None = None) -> int:
    """Index the words of what has changed since the index last looked; gives the number of changes taken in.

    Works in writes of CHANGES_PER_WRITE, each durable before the next begins, so a kill costs at most one of them.
    ``progress`` hears ``(changes done, changes in all)`` about every PAPERS_PER_READ papers; ``stop`` ends it after the
    write in hand.
    """
    done = 0
    with house.store.reading() as connection:
        head = changes.head(connection)
    total = max(0, head - house.text_index.seen())

    def tell(papers_read: int) -> None:
        if progress:
            progress(done + papers_read, max(total, done + papers_read))

    while not (stop and stop.is_set()) and (taken := _take(house, house.text_index, tell)):
        done += taken
    return done


def words_from_scratch(house: House, *, progress: Report | None = None) -> int:
    """Build a new word index beside the one that answers, then swap; gives the number of papers in it."""
    fresh = house.text_index.beside()
    try:
        with house.store.reading() as connection:
            head = changes.head(connection)
            total = papers.counts(connection)["papers"]
        with collecting_seldom():
            fresh.write(_all_papers(house, total, progress), (), head)
        while _take(house, fresh, lambda _: None):
            pass
        house.text_index.become(fresh)
    finally:
        fresh.close()
    return house.text_index.count()


def _take(house: House, index: TextIndex, tell: Callable[[int], None]) -> int:
    with house.store.reading() as connection:
        news = changes.after(connection, index.seen(), CHANGES_PER_WRITE)
        if not news:
            return 0
        ids = sorted({paper_id for _, paper_id in news})
        shown = papers.shown(connection, ids)
    live = sorted(shown)
    gone = sorted(set(ids) - shown)
    with collecting_seldom():
        index.write(_papers(house, live, tell), gone, news[-1][0])
    return len(news)


def _papers(house: House, ids: list[int], tell: Callable[[int], None]) -> Iterator[Paper]:
    for start in range(0, len(ids), PAPERS_PER_READ):
        some = ids[start : start + PAPERS_PER_READ]
        with house.store.reading() as connection:
            yield from papers.by_ids(connection, some)
        tell(start + len(some))


def _all_papers(house: House, total: int, progress: Report | None) -> Iterator[Paper]:
    after, done = 0, 0
    while True:
        with house.store.reading() as connection:
            batch = papers.stream(connection, after, PAPERS_PER_READ)
        if not batch:
            return
        yield from batch
        after, done = batch[-1].id, done + len(batch)
        if progress:
            progress(done, total)
