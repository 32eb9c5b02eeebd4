"""The word index on tantivy."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from threading import Lock, RLock

import tantivy
from filelock import Timeout

from broadsheet.errors import Unavailable
from broadsheet.index.generation import (
    LOCK_TIMEOUT_S,
    DamagedError,
    Generation,
    begin,
    clear_others,
    discard,
    is_current,
    make_current,
    open_current,
)
from broadsheet.index.grammar import parse
from broadsheet.index.port import TextIndex, TextResult, TextSuggestions, Word
from broadsheet.index.query_tree import about
from broadsheet.index.schema import document
from broadsheet.index.searching import Search
from broadsheet.index.snapshot import Snapshot
from broadsheet.index.suggesting import Suggester
from broadsheet.index.words import WRITTEN, stem
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query

_STAMPS_AT_ONCE = 20_000
# Below this many papers one thread writes one segment; more segments would only be merged again.
_SMALL_WRITE = 1_000
_THREADS = 2
_LEAST_HEAP = 15_000_000
# tantivy may quote a whole file.
_LONGEST_REASON = 200
_MENDING = "`broadsheet reindex --from-scratch` builds it anew"


def open_index(folder: Path, *, memory_mb: int = 256) -> TextIndex:
    """Open the word index in ``folder``, an empty one where there is none or a damaged one.

    ``memory_mb`` is what it may use while writing. Raises Unavailable when the folder cannot be used.
    """
    return TantivyIndex(folder, open_current(folder), memory_mb=memory_mb)


class TantivyIndex:
    """A TextIndex in a folder; many processes may read it while one writes."""

    def __init__(self, root: Path, generation: Generation, *, memory_mb: int, building: bool = False) -> None:
        self._root = root
        self._current = root / "current"
        self._memory_mb = memory_mb
        self.building = building
        self._swapping = RLock()
        self._writing = Lock()
        self.generation = generation
        self._refresh()

    def write(self, papers: Iterable[Paper], removed: Iterable[int], upto: int) -> None:
        """See TextIndex.write."""
        with self._writing, self._writable() as generation, _translated():
            # Another process may have written while this one waited, and what it wrote is to be replaced.
            generation.index.reload()
            self._fill(generation.index, papers, removed)
            generation.settle(upto)
            self._open(generation)

    def seen(self) -> int:
        """See TextIndex.seen."""
        with _translated():
            while True:
                self._snapshot()
                generation = self.generation
                try:
                    return generation.seen()
                except DamagedError:
                    if self._answers(generation):
                        raise

    def search(self, query: Query, *, deadline_ms: int) -> TextResult:
        """See TextIndex.search."""
        with _translated():
            return Search(self._snapshot(), query, deadline_ms).answer()

    def suggest(self, beginning: str, limit: int) -> TextSuggestions:
        """See TextIndex.suggest."""
        with _translated():
            return Suggester(self._snapshot()).suggest(beginning, limit)

    def about(self, text: str) -> str:
        """See TextIndex.about."""
        return about(parse(text))

    def words(self, text: str) -> list[Word]:
        """See TextIndex.words."""
        with _translated():
            snapshot = self._snapshot()
            pairs = ((stem(word), word) for word in WRITTEN.findall(text))
            return [Word(token, word, snapshot.papers_with("body", token)) for token, word in pairs if token]

    def narrowed(self, query: Query, most: int) -> tuple[int, Sequence[int] | None]:
        """See TextIndex.narrowed."""
        with _translated():
            return Search(self._snapshot(), query).narrowed(most)

    def fitting(self, query: Query, ids: Sequence[int], *, words: bool = False) -> set[int]:
        """See TextIndex.fitting."""
        with _translated():
            return Search(self._snapshot(), query).fitting(ids, words=words)

    def stamps(self) -> Iterator[tuple[int, int]]:
        """See TextIndex.stamps."""
        with _translated():
            snapshot, after = self._snapshot(), 0
        while True:
            with _translated():
                query = tantivy.Query.range_query(snapshot.schema, "id", tantivy.FieldType.Unsigned, after)
                hits = snapshot.searcher.search(
                    query, _STAMPS_AT_ONCE, count=False, order_by_field="id", order=tantivy.Order.Asc
                ).hits
                stamps = snapshot.searcher.fast_field_values("stamp", [address for _, address in hits])
            if not hits:
                return
            yield from ((paper_id, int(stamp or 0)) for (paper_id, _), stamp in zip(hits, stamps, strict=True))
            after = hits[-1][0] + 1

    def warm(self) -> None:
        """See TextIndex.warm."""
        with _translated():
            self._snapshot().read_vocabularies()

    def count(self) -> int:
        """See TextIndex.count."""
        with _translated():
            return self._snapshot().count

    def beside(self) -> TextIndex:
        """See TextIndex.beside."""
        with _translated():
            return TantivyIndex(self._root, begin(self._root), memory_mb=self._memory_mb, building=True)

    def become(self, other: TextIndex) -> None:
        """See TextIndex.become."""
        if not isinstance(other, TantivyIndex) or not other.building:
            raise TypeError("An index can only become one that was made beside it.")
        fresh = other.generation
        with self._writing, _translated():
            with self._writable():
                make_current(self._root, fresh)
            other.building = False
            self._open(fresh)
            fresh.lock.release()
            clear_others(self._root)

    def damage(self) -> tuple[str, ...]:
        """See TextIndex.damage."""
        with self._writing, self._writable() as generation:
            return tuple(f"The word index is damaged: {fault}." for fault in generation.damage())

    def close(self) -> None:
        """See TextIndex.close; one that was being built and has not taken over is thrown away."""
        if self.building:
            self.building = False
            discard(self.generation)

    def _refresh(self) -> None:
        """Open what answers now; while it is being opened another process may put a new one in its place."""
        while True:
            generation = self.generation if self._answers(self.generation) else open_current(self._root)
            try:
                self._open(generation)
            except (OSError, ValueError):
                if self._answers(generation):
                    raise
            else:
                return

    def _answers(self, generation: Generation) -> bool:
        return self.building or is_current(generation.path)

    def _open(self, generation: Generation) -> None:
        with self._swapping:
            self.generation = generation
            self._meta = generation.path / "meta.json"
            # Looked at first: a commit that comes in between is then seen as new at the next look.
            signs = self._signs()
            generation.index.reload()
            self._latest = Snapshot(generation.index.schema, generation.index.searcher(), generation.kept)
            self._signs_seen = signs

    def _signs(self) -> tuple[int, ...]:
        """Give what changes when another process swaps generations or commits: two look-ups, a few microseconds.

        Both files are replaced, never written over, so the inode tells apart what the clock is too coarse for.
        """
        commit = self._meta.stat()
        if self.building:
            return commit.st_mtime_ns, commit.st_ino
        swap = self._current.stat()
        return commit.st_mtime_ns, commit.st_ino, swap.st_mtime_ns, swap.st_ino

    def _snapshot(self) -> Snapshot:
        try:
            if self._signs_seen == self._signs():
                return self._latest
        except FileNotFoundError:
            pass
        with self._swapping:
            self._refresh()
            return self._latest

    @contextmanager
    def _writable(self) -> Iterator[Generation]:
        """Hold the writer's lock of the generation that answers; another may have taken its place meanwhile."""
        while True:
            with _translated(), self._swapping:
                if not self._answers(self.generation):
                    self._refresh()
                generation = self.generation
            try:
                generation.lock.acquire()
            except FileNotFoundError:
                continue
            except Timeout as error:
                message = "Another process is writing the word index."
                raise Unavailable(message, retry_after_s=LOCK_TIMEOUT_S) from error
            try:
                if self._answers(generation):
                    yield generation
                    return
            finally:
                generation.lock.release()

    def _fill(self, index: tantivy.Index, papers: Iterable[Paper], removed: Iterable[int]) -> None:
        """Put one commit into the index; on any error nothing of it."""
        papers = iter(papers)
        first = list(islice(papers, _SMALL_WRITE))
        threads = _THREADS if len(first) == _SMALL_WRITE else 1
        writer = index.writer(max(self._memory_mb * 1_000_000, threads * _LEAST_HEAP), threads)
        # What a killed writer left behind has the names of what is written now.
        writer.garbage_collect_files()
        highest = _highest_id(index.searcher())
        schema = index.schema
        try:
            for paper_id in removed:
                if paper_id <= highest:
                    _delete(writer, schema, paper_id)
            for paper in chain(first, papers):
                # Ids grow, so most papers of an import are beyond all that could have to be replaced.
                if paper.id <= highest:
                    _delete(writer, schema, paper.id)
                highest = max(highest, paper.id)
                writer.add_document(tantivy.Document.from_dict(document(paper), schema))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()


def _delete(writer: tantivy.IndexWriter, schema: tantivy.Schema, paper_id: int) -> None:
    # By query, because delete_documents_by_term takes a whole number for a signed one and so finds nothing here.
    writer.delete_documents_by_query(tantivy.Query.term_query(schema, "id", paper_id))


def _highest_id(searcher: tantivy.Searcher) -> int:
    hits = searcher.search(tantivy.Query.all_query(), 1, count=False, order_by_field="id").hits
    return int(hits[0][0]) if hits else -1


@contextmanager
def _translated() -> Iterator[None]:
    """Turn tantivy's errors into ours; its panics arrive as a BaseException of a class nobody can import."""
    try:
        yield
    except DamagedError as error:
        raise Unavailable(f"The word index is damaged: {error}; {_MENDING}.") from error
    except (ValueError, OSError) as error:
        raise Unavailable(f"The word index failed: {str(error)[:_LONGEST_REASON]}; {_MENDING}.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unavailable(f"The word index is damaged: {str(error)[:_LONGEST_REASON]}; {_MENDING}.") from error
