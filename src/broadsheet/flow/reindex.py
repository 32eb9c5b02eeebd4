"""Bring the index up to what is stored, or build it anew beside the old one."""

from collections.abc import Callable, Iterator
from threading import Event

from broadsheet.flow.garbage import collecting_seldom
from broadsheet.flow.house import House
from broadsheet.index.port import TextIndex
from broadsheet.model.paper import Paper
from broadsheet.store import changes, papers

# One write of the index is one commit; papers are read from the store in smaller steps while the engine works.
CHANGES_PER_WRITE = 50_000
PAPERS_PER_READ = 1_000

Report = Callable[[int, int], None]


def catch_up(house: House, *, progress: Report | None = None, stop: Event | None = None) -> int:
    """Index what has changed since the index last looked; gives the number of changes taken in.

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


def from_scratch(house: House, *, progress: Report | None = None) -> int:
    """Build a new index from the store beside the one that answers, then swap; gives the number of papers in it."""
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
        standing = papers.standing(connection, ids)
    gone = [paper_id for paper_id in ids if paper_id not in standing or not standing[paper_id].is_live]
    live = sorted(set(ids) - set(gone))
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
