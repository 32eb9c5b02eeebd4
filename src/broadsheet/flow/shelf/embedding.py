"""Keep every paper embedded: follow what changes, then embed what was there before, newest papers first."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex
from threading import Event
from time import perf_counter
from typing import Literal

from broadsheet.embed.port import Embedder, Vectors
from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.spaces import Work, answering_among, identity_of, target_among
from broadsheet.model.identity import number
from broadsheet.store import changes, embeddings, papers, spaces
from broadsheet.store.connect import Connection
from broadsheet.store.spaces import Space

# A batch is one transaction. It grows while it is embedded faster than this, so that a kill or a stop costs a second
# of work with any embedder, and shrinks when it is slower.
BATCH_S = 1.0
SMALLEST_BATCH = 16
LARGEST_BATCH = 4_000
# Beside searches a few papers are embedded at once, a millisecond of work, and as long a pause is made after them; and
# few are read and written at once, since that holds up Python's other threads too.
GENTLE_PAPERS = 8
LARGEST_GENTLE_BATCH = 256

Report = Callable[[int, int], None]
Find = Callable[[Sequence[Space], Sequence[Embedder]], Work | None]
# How much is done: what search needs now; all that is to be done; or all of it, beside readers who search.
Effort = Literal["needed", "all", "gentle"]


def catch_up(
    house: House,
    *,
    progress: Report | None = None,
    stop: Event | None = None,
    effort: Effort = "needed",
) -> int:
    """Embed what has changed or has never been embedded; gives the number of papers embedded or taken out.

    What is needed is that the space which answers is up to date, and all that the bundled embedder, which is fast, has
    not done yet. All is to move the papers to the wanted embedder too, which may take hours, and to drop the spaces
    that nobody needs any more; the gentle way leaves half of the time to others. ``progress`` hears
    ``(papers done, papers in all)``; ``stop`` ends it after the batch in hand. It may be killed at any moment, and run
    twice at once.

    Raises Unavailable when an embedder cannot be reached; what was embedded before stays.
    """
    run = _Run(house, progress, stop or Event(), gently=effort == "gentle")
    for work in _at_work(house, thorough=effort != "needed"):
        run.take(work)
    if not run.stop.is_set():
        _drop_rest(house, run.stop, thorough=effort != "needed")
    return run.done


def begin_anew(house: House) -> None:
    """Begin a new space for the wanted embedder, to embed every paper again; the old one answers until it is done."""
    identity = identity_of(house.spaces.embedders[0])
    with house.store.writing() as connection:
        spaces.add(connection, identity, token_hex(8), house.clock())


def mend(house: House, work: Work, ids: Sequence[int]) -> None:
    """Look at papers anew: embed those that are not embedded by what they say now, and end what is left of gone ones.

    Raises as ``catch_up``.
    """
    run = _Run(house, None, Event(), gently=False)
    run.take(work)
    run.go_back(work, ids)


def stale(connection: Connection, work: Work, ids: Collection[int]) -> list[int]:
    """Tell which of these papers are embedded by what they do not say, or not at all, or are gone."""
    batch = _look(connection, work.embedder, work.space, ids, 0)
    return [*(paper_id for paper_id, _ in batch.texts), *batch.gone]


def _at_work(house: House, *, thorough: bool) -> Iterator[Work]:
    """Tell one after the other which spaces to bring up to date, beginning those that there must be."""
    wanted, bundled = house.spaces.embedders[0], house.spaces.embedders[-1]
    if not thorough and wanted is not bundled and _at_rest(house):
        return
    answering = _begun(house, answering_among, bundled)
    if answering is not None:
        yield answering
    if thorough or wanted is bundled:
        target = _begun(house, target_among, wanted)
        if target is not None and (answering is None or target.space.id != answering.space.id):
            yield target


def _begun(house: House, find: Find, embedder: Embedder) -> Work | None:
    """Find a space, beginning one for the embedder where there is none; None where another process ends it again."""
    found = find(_live(house), house.spaces.embedders)
    if found is None:
        _begin(house, embedder)
        found = find(_live(house), house.spaces.embedders)
    return found


def _at_rest(house: House) -> bool:
    """Tell whether spaces with all papers in them have nothing to do, without waking an embedder to tell its name."""
    with house.store.reading() as connection:
        head = changes.head(connection)
        whole = [space for space in spaces.live(connection) if space.complete]
    return bool(whole) and all(space.seen == head for space in whole)


def _live(house: House) -> tuple[Space, ...]:
    with house.store.reading() as connection:
        live = spaces.live(connection)
    house.spaces.met.update(space.identity for space in live)
    return live


def _begin(house: House, embedder: Embedder) -> None:
    """Begin a space where the embedder has none."""
    identity = identity_of(embedder)
    if identity in house.spaces.met:
        # Two processes with different settings would drop each other's work for ever.
        raise Unavailable(f"Another process has moved all papers away from {embedder.name}; start again to move back.")
    with house.store.writing() as connection:
        if all(space.identity != identity for space in spaces.live(connection)):
            spaces.add(connection, identity, token_hex(8), house.clock())


def _drop_rest(house: House, stop: Event, *, thorough: bool) -> None:
    """Drop what the wanted embedder's space has taken the place of: older states of it, and, thoroughly, all others."""
    if not thorough and house.spaces.embedders[0] is not house.spaces.embedders[-1]:
        return
    target = target_among(_live(house), house.spaces.embedders)
    if target is None or not target.space.complete:
        return
    with house.store.reading() as connection:
        others = [space for space in spaces.live(connection) if space.id != target.space.id]
        ended = spaces.dropped(connection)
    rest = [space.id for space in others if thorough or space.identity.name == target.space.identity.name]
    if rest:
        with house.store.writing() as connection:
            spaces.drop(connection, rest, house.clock())
            ended = spaces.dropped(connection)
    for space in ended:
        _empty(house, space, stop)
    if ended:
        house.spaces.tidy()


def _empty(house: House, space: Space, stop: Event) -> None:
    while not stop.is_set():
        with house.store.writing() as connection:
            if not embeddings.delete_some(connection, space.id):
                spaces.forget(connection, space.id)
                return


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is to be embedded as of one moment of the store: ``(paper id, hash)`` and a text each, and papers gone."""

    space: Space
    upto: int
    texts: list[tuple[int, int]]
    words: list[str]
    gone: list[int]


class _Run:
    """One catching up: how far it is, and how large the next batch shall be."""

    def __init__(self, house: House, progress: Report | None, stop: Event, *, gently: bool) -> None:
        self.house = house
        self.stop = stop
        self.done = 0
        self._told = 0
        self._total = 0
        self._progress = progress
        self._gently = gently
        self._works: list[Work] = []
        self._sizes: dict[int, int] = {}

    def take(self, work: Work) -> None:
        """Bring one space up to date, and keep those up to date that were taken before."""
        self._works.append(work)
        self._sizes[work.space.id] = SMALLEST_BATCH
        self._follow(work)
        while not self.stop.is_set() and not self._is_whole(work):
            with self.house.store.reading() as connection:
                left = embeddings.backlog(connection, work.space.id)
            self._expect(len(left))
            if not left:
                with self.house.store.writing() as connection:
                    spaces.finish(connection, work.space.id)
            self.go_back(work, left)

    def _is_whole(self, work: Work) -> bool:
        space = self._space(work)
        return space is None or space.complete

    def _space(self, work: Work) -> Space | None:
        with self.house.store.reading() as connection:
            return _standing(connection, work.space.id)

    def _follow(self, work: Work) -> None:
        """Take in the changes since the space last looked."""
        with self.house.store.reading() as connection:
            space = _standing(connection, work.space.id)
            self._expect(0 if space is None else changes.head(connection) - space.seen)
        while not self.stop.is_set():
            with self.house.store.reading() as connection:
                space = _standing(connection, work.space.id)
                news = () if space is None else changes.after(connection, space.seen, self._sizes[space.id])
                if space is None or not news:
                    return
                ids = {paper_id for _, paper_id in news}
                batch = _look(connection, work.embedder, space, sorted(ids), news[-1][0])
            if self._embed(work.embedder, batch):
                self._tell(len(news))

    def go_back(self, work: Work, left: Sequence[int]) -> None:
        """Embed papers that were there before the space, and what changes meanwhile."""
        at = 0
        while at < len(left) and not self.stop.is_set():
            some = left[at : at + self._sizes[work.space.id]]
            with self.house.store.reading() as connection:
                space = _standing(connection, work.space.id)
                if space is None:
                    return
                is_behind = changes.head(connection) > space.seen
                batch = None if is_behind else _look(connection, work.embedder, space, some, space.seen)
            if batch is None:
                for each in self._works:
                    self._follow(each)
            elif self._embed(work.embedder, batch):
                at += len(some)
                self._tell(len(some))

    def _embed(self, embedder: Embedder, batch: _Batch) -> bool:
        """Embed a batch and keep it; False when it was overtaken by another process and has to be looked at anew."""
        began = perf_counter()
        vectors = list(self._vectors(embedder, batch.words))
        took = perf_counter() - began
        if self.stop.is_set() and len(batch.words) > sum(map(len, vectors)):
            return False
        with self.house.store.writing() as connection:
            if not spaces.advance(connection, batch.space, batch.upto):
                return False
            embeddings.put(connection, batch.space.id, batch.texts, vectors, batch.gone)
        self.house.spaces.look_again()
        self.done += len(batch.texts) + len(batch.gone)
        size = self._sizes[batch.space.id]
        if took < BATCH_S / 2:
            self._sizes[batch.space.id] = min(LARGEST_GENTLE_BATCH if self._gently else LARGEST_BATCH, size * 2)
        elif took > BATCH_S * 2:
            self._sizes[batch.space.id] = max(SMALLEST_BATCH, size // 2)
        return True

    def _vectors(self, embedder: Embedder, words: Sequence[str]) -> Iterator[Vectors]:
        step = GENTLE_PAPERS if self._gently else LARGEST_BATCH
        for start in range(0, len(words), step):
            began = perf_counter()
            yield embedder.embed(words[start : start + step])
            if self._gently and self.stop.wait(perf_counter() - began):
                return

    def _expect(self, more: int) -> None:
        self._total += max(0, more)

    def _tell(self, more: int) -> None:
        self._told += more
        if self._progress:
            self._progress(self._told, max(self._total, self._told))


def _standing(connection: Connection, space_id: int) -> Space | None:
    return next((space for space in spaces.live(connection) if space.id == space_id), None)


def _look(connection: Connection, embedder: Embedder, space: Space, ids: Collection[int], upto: int) -> _Batch:
    """Find which of these papers say something else than what was embedded, and which are gone."""
    before = embeddings.text_hashes(connection, space.id, ids)
    texts: list[tuple[int, int]] = []
    words: list[str] = []
    live = set()
    for paper_id, title, abstract in papers.texts(connection, ids):
        text = embedder.text_of(title, abstract)
        text_hash = number(text.encode())
        live.add(paper_id)
        if before.get(paper_id) != text_hash:
            texts.append((paper_id, text_hash))
            words.append(text)
    return _Batch(space, upto, texts, words, sorted(before.keys() - live))
