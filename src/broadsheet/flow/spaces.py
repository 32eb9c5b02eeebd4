"""Which embedder answers, and the vectors it searches: fresh in every process, whoever embeds."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from threading import Lock
from time import monotonic

from broadsheet.embed.port import Embedder
from broadsheet.errors import BroadsheetError, Unavailable
from broadsheet.index.port import VectorIndex
from broadsheet.store import embeddings, spaces
from broadsheet.store.connect import Store
from broadsheet.store.spaces import Identity, Space

OpenVectorIndex = Callable[[Path, int], VectorIndex]

# Half of the second within which what any process embeds is to be found.
LOOK_EVERY_S = 0.5
# What failed is not tried again at every search; a reader should not wait for it.
TRY_AGAIN_S = 5.0
# An endpoint may ask for more patience than a reader has.
_LONGEST_WAIT_S = 60.0
# Rows of the log that are taken in at once: some 50 MB while they are on their way.
ROWS_PER_READ = 50_000
# Replaying fewer rows at the next start costs less than writing a snapshot.
SAVE_AFTER_ROWS = 20_000
# Searches that began before another embedder took over have ended by then.
_RETIRES_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Work:
    """A space and the embedder whose space it is."""

    space: Space
    embedder: Embedder


@dataclass(frozen=True, slots=True)
class Answering:
    """The embedder to embed queries with and the vectors to compare them to. Ask for it anew for every search."""

    space: Space
    embedder: Embedder
    vectors: VectorIndex

    @property
    def weight(self) -> float:
        """How much meaning counts beside words, 0 to 1: what the self-test chose, else what the embedder says."""
        return self.embedder.weight if self.space.weight is None else self.space.weight

    @property
    def complete(self) -> bool:
        """Whether every paper has been embedded; if not, the newest have."""
        return self.space.complete


def identity_of(embedder: Embedder) -> Identity:
    """Tell a state of an embedder from any other. Raises Unavailable when the embedder cannot tell."""
    return Identity(embedder.name, embedder.version, embedder.dimension)


def answering_among(live: Sequence[Space], embedders: Sequence[Embedder]) -> Work | None:
    """Choose who answers among spaces, oldest first, for embedders, the wanted one first and the bundled one last.

    The wanted embedder answers from its newest space with all papers in it; until it has one, the bundled one does
    from what it has. A space of any other embedder, or of another version, never answers. Raises what the wanted
    embedder raises when it cannot be had and the bundled one has no space.
    """
    ours = _works(live, embedders[-1])
    whole = [work for work in ours if work.space.complete]
    others = [space for space in live if space.complete and all(space != work.space for work in ours)]
    try:
        # The wanted embedder may be slow to wake, and is left asleep where it has nothing to answer from.
        whole += _works(others, embedders[0])
    except BroadsheetError:
        if not ours:
            raise
    return whole[-1] if whole else ours[0] if ours else None


def target_among(live: Sequence[Space], embedders: Sequence[Embedder]) -> Work | None:
    """Find the newest space of the wanted embedder: the one that is to have all papers, if it has been begun."""
    wanted = _works(live, embedders[0])
    return wanted[-1] if wanted else None


def _works(live: Sequence[Space], embedder: Embedder) -> list[Work]:
    of_name = [space for space in live if space.identity.name == embedder.name] if live else []
    # An embedder may have to be loaded, or asked over the network, to tell its version.
    identity = identity_of(embedder) if of_name else None
    return [Work(space, embedder) for space in of_name if space.identity == identity]


class Spaces:
    """The spaces of a store for some embedders, the wanted one first and the bundled one last.

    Vector indexes live in ``folder``, one a space, and are opened on first use; ``open_index`` opens one by its folder
    and dimension. Threads may share it.
    """

    def __init__(self, store: Store, embedders: Sequence[Embedder], folder: Path, open_index: OpenVectorIndex) -> None:
        self.embedders = tuple(embedders)
        self.met: set[Identity] = set()  # what this process has seen to stand
        self._store = store
        self._folder = folder
        self._open_index = open_index
        self._turn = Lock()
        self._held: Answering | None = None
        self._looked: tuple[Space, ...] | None = None  # what stood when the vectors were read last
        self._trouble: BroadsheetError | None = None
        self._good_until = 0.0
        self._unsaved = 0
        self._retired: list[tuple[float, VectorIndex]] = []

    def answering(self) -> Answering:
        """Give who answers now, with all that was embedded until half a second ago, by whichever process.

        The first call opens the vectors, which takes a moment; later ones cost microseconds. Raises Unavailable when
        the embedder cannot be reached, or has not begun; search goes on by words then.
        """
        spare = self._held or self._trouble
        if (known := self._known()) is not None:
            return known
        # While one thread looks for news, the others answer from what is there, or fail with what failed.
        if not self._turn.acquire(blocking=spare is None) and spare is not None:
            if isinstance(spare, BroadsheetError):
                raise spare
            return spare
        try:
            return self._known() or self._current()
        finally:
            self._turn.release()

    def holds_all(self) -> bool:
        """Tell whether the vectors that answer hold all that is embedded by now, by whichever process."""
        return self._held is not None and self._looked == self._live()

    def look_again(self) -> None:
        """Look for news at the next search, for there are some."""
        self._good_until = 0.0

    def warm(self) -> None:
        """Open the vectors if there is a space that answers, so that the first search need not."""
        with suppress(BroadsheetError):
            self.answering()

    def save(self) -> None:
        """Write a snapshot of the vectors if replaying what came since the last one would take longer."""
        with self._turn:
            if self._held is not None and self._unsaved >= SAVE_AFTER_ROWS:
                self._held.vectors.save()
                self._unsaved = 0

    def rebuild(self) -> int:
        """Read the vectors of the space that answers from the store anew; gives how many. Raises as ``answering``."""
        with self._turn:
            space, embedder = self._chosen(self._live())
            self._remove(space.token)
            index = self._open_index(self._folder / space.token, space.identity.dimension)
            self._read_on(index, space)
            index.save()
            self._answer_with(Answering(space, embedder, index))
            self._unsaved = 0
            return index.count()

    def tidy(self) -> None:
        """Remove the vectors of spaces that are no more."""
        found = [path for path in self._folder.iterdir() if path.is_dir()] if self._folder.is_dir() else []
        # Asked after looking: a space that begins meanwhile is not among what was found.
        with self._store.reading() as connection:
            known = {space.token for space in spaces.live(connection)}
        for path in found:
            if path.name not in known:
                self._remove(path.name)

    def close(self) -> None:
        """Write a snapshot if it is worth it, and let go of the vectors; safe to call twice."""
        try:
            self.save()
        finally:
            with self._turn:
                for index in (*(index for _, index in self._retired), *([self._held.vectors] if self._held else [])):
                    index.close()
                self._held, self._retired = None, []

    def _known(self) -> Answering | None:
        """Give or raise what was found a moment ago; None when it is time to look."""
        if monotonic() >= self._good_until:
            return None
        if self._trouble is not None:
            # Without the frames of those who heard of it before.
            raise self._trouble.with_traceback(None)
        return self._held

    def _current(self) -> Answering:
        now = monotonic()
        try:
            held = self._look()
        except BroadsheetError as error:
            wait_s = error.retry_after_s if isinstance(error, Unavailable) else None
            # Counted from now: to find out may have taken longer than the wait.
            self._trouble, self._good_until = error, monotonic() + min(wait_s or TRY_AGAIN_S, _LONGEST_WAIT_S)
            raise
        # Counted from before the look: what was embedded meanwhile may not be in it.
        self._trouble, self._good_until = None, now + LOOK_EVERY_S
        return held

    def _look(self) -> Answering:
        live = self._live()
        space, embedder = self._chosen(live)
        held = self._held
        index = held.vectors if held is not None and held.space.token == space.token else self._open(space)
        self._read_on(index, space)
        answering = self._answer_with(Answering(space, embedder, index))
        self._looked = live
        return answering

    def _live(self) -> tuple[Space, ...]:
        with self._store.reading() as connection:
            return spaces.live(connection)

    def _chosen(self, live: Sequence[Space]) -> tuple[Space, Embedder]:
        chosen = answering_among(live, self.embedders)
        if chosen is None:
            raise Unavailable(
                f"No paper is embedded by {self.embedders[0].name} yet; `broadsheet reindex` does it.",
                retry_after_s=LOOK_EVERY_S,
            )
        return chosen.space, chosen.embedder

    def _open(self, space: Space) -> VectorIndex:
        self._unsaved = 0
        index = self._open_index(self._folder / space.token, space.identity.dimension)
        if index.seen() <= space.head:
            return index
        # The store is an older one put back: these vectors tell of what it has not seen.
        index.close()
        self._remove(space.token)
        return self._open_index(self._folder / space.token, space.identity.dimension)

    def _read_on(self, index: VectorIndex, space: Space) -> None:
        while (seen := index.seen()) < space.head:
            with self._store.reading() as connection:
                news = embeddings.after(connection, space, seen, ROWS_PER_READ)
            if news.upto == seen:
                return
            index.write(news.ids, news.vectors, news.removed, news.upto)
            self._unsaved += len(news.ids) + len(news.removed)

    def _answer_with(self, answering: Answering) -> Answering:
        now = monotonic()
        if self._held is not None and self._held.vectors is not answering.vectors:
            self._retired.append((now + _RETIRES_AFTER_S, self._held.vectors))
        for when, index in [retired for retired in self._retired if retired[0] < now]:
            index.close()
            self._retired.remove((when, index))
        self._held = answering
        return answering

    def _remove(self, token: str) -> None:
        # Nobody minds a file that stays: its space's name is never used again.
        rmtree(self._folder / token, ignore_errors=True)
