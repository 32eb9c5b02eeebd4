"""What every store must do with embeddings and their spaces; ``tests/store`` runs this against each database."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
from tests.papers import AT, record

from broadsheet.errors import Unavailable
from broadsheet.flow.shelf.keep import keep
from broadsheet.store import embeddings, papers, spaces
from broadsheet.store.connect import Store
from broadsheet.store.embeddings import Vectors
from broadsheet.store.schema import embeddings as table
from broadsheet.store.spaces import Identity, Space

WORDS, OTHER = Identity("words", "1", 8), Identity("other", "1", 3)


def begin(store: Store, identity: Identity = WORDS, folder: str = "a") -> Space:
    with store.writing() as connection:
        spaces.add(connection, identity, folder, AT)
        return spaces.live(connection)[-1]


def again(store: Store, space: Space) -> Space:
    with store.reading() as connection:
        return next(one for one in spaces.live(connection) if one.id == space.id)


def unit(count: int, dimension: int = 8, seed: int = 0) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def put(store: Store, space: Space, ids: Sequence[int], vectors: Vectors, gone: Sequence[int] = ()) -> None:
    with store.writing() as connection:
        embeddings.put(connection, space.id, [(paper_id, paper_id * 11) for paper_id in ids], [vectors], gone)


class EmbeddingContract:
    """Each test gets an empty store as ``store``."""

    @pytest.fixture(autouse=True)
    def _with_papers(self, store: Store) -> None:
        keep(store, [record(number, published=f"2024-01-{30 - number:02d}") for number in range(1, 10)], at=AT)

    def test_a_space_follows_the_changes_from_where_it_begins(self, store: Store) -> None:
        space = begin(store)
        assert (space.identity, space.token, space.seen, space.head) == (WORDS, "a", 9, 0)
        assert (space.complete, space.weight) == (False, None)

    @pytest.mark.parametrize("kept", [b"", b"odd", b"\0\0", b"\0" * 18])
    def test_a_vector_of_another_width_is_told_with_what_to_do(self, store: Store, kept: bytes) -> None:
        space = begin(store)
        put(store, space, [1, 2, 3], unit(3))
        with store.writing() as connection:
            connection.execute(table.update().where(table.c.paper_id == 2).values(vector=kept))
        with store.reading() as connection:
            for read in (
                lambda: embeddings.after(connection, space, 0, 9),
                lambda: embeddings.by_papers(connection, space, [2]),
            ):
                with pytest.raises(Unavailable, match="broadsheet reindex --embeddings"):
                    read()

    def test_vectors_come_back_nearly_as_they_were_and_of_unit_length(self, store: Store) -> None:
        space, vectors = begin(store), unit(4)
        put(store, space, [3, 1, 4, 2], vectors)
        with store.reading() as connection:
            news = embeddings.after(connection, space, 0, 100)
            some = embeddings.by_papers(connection, space, [4, 9, 3])
        assert (news.ids, news.removed, news.upto) == ([3, 1, 4, 2], [], again(store, space).head)
        assert news.vectors.dtype == np.float32
        assert np.allclose(news.vectors, vectors, atol=1e-3)
        assert np.allclose(np.linalg.norm(news.vectors, axis=1), 1, atol=1e-6)
        assert some.keys() == {3, 4}
        assert np.array_equal(some[3], news.vectors[0])

    def test_the_log_is_read_on_from_any_number(self, store: Store) -> None:
        space = begin(store)
        put(store, space, range(1, 10), unit(9))
        with store.reading() as connection:
            whole = embeddings.after(connection, space, 0, 100)
            upto, ids = 0, []
            while (news := embeddings.after(connection, space, upto, 4)).upto != upto:
                ids.append(news.ids)
                upto = news.upto
        assert [len(some) for some in ids] == [4, 4, 1]
        assert list(chain(*ids)) == whole.ids
        assert news.vectors.shape == (0, 8)

    def test_what_changes_is_at_the_end_of_the_log_and_in_it_once(self, store: Store) -> None:
        space = begin(store)
        put(store, space, [1, 2, 3], unit(3))
        seen = again(store, space).head
        put(store, space, [2], unit(1, seed=1), gone=[3])
        with store.reading() as connection:
            news = embeddings.after(connection, space, seen, 100)
            whole = embeddings.after(connection, space, 0, 100)
            assert embeddings.text_hashes(connection, space.id, [1, 2, 3, 4]) == {1: 11, 2: 22}
            assert embeddings.count(connection, space.id) == 2
        assert (news.ids, news.removed) == ([2], [3])
        assert (whole.ids, whole.removed, whole.upto) == ([1, 2], [3], news.upto)

    def test_spaces_do_not_mix(self, store: Store) -> None:
        words, other = begin(store), begin(store, OTHER, "b")
        put(store, words, [1, 2], unit(2))
        put(store, other, [2, 3], unit(2, 3))
        put(store, words, [3], unit(1, seed=2))
        with store.reading() as connection:
            assert embeddings.after(connection, words, 0, 100).ids == [1, 2, 3]
            assert embeddings.after(connection, other, 0, 100).vectors.shape == (2, 3)
            assert embeddings.by_papers(connection, other, [1, 2]).keys() == {2}
        assert again(store, words).head > again(store, other).head

    def test_what_is_not_embedded_comes_newest_first(self, store: Store) -> None:
        space = begin(store)
        put(store, space, [2, 4], unit(2), gone=[5])
        with store.writing() as connection:
            papers.merge_away(connection, [(1, 3), (1, 4)])
            assert embeddings.backlog(connection, space.id) == [1, 5, 6, 7, 8, 9]
            assert embeddings.left_behind(connection, space.id) == [4]

    def test_only_one_of_two_writers_goes_on_from_a_moment(self, store: Store) -> None:
        space = begin(store)
        with store.writing() as connection:
            assert spaces.advance(connection, space, space.seen)
            assert spaces.advance(connection, space, space.seen + 1)
            assert not spaces.advance(connection, space, space.seen + 1)
        assert again(store, space).seen == space.seen + 1

    def test_a_dropped_space_is_not_written_to_and_goes_in_batches(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        space, other = begin(store), begin(store, OTHER, "b")
        put(store, space, range(1, 10), unit(9))
        put(store, other, [1], unit(1, 3))
        with store.writing() as connection:
            spaces.drop(connection, [space.id], AT)
            assert not spaces.advance(connection, space, space.seen)
            assert [one.id for one in spaces.live(connection)] == [other.id]
            assert [one.id for one in spaces.dropped(connection)] == [space.id]
        with store.writing() as connection:
            assert embeddings.delete_some(connection, space.id) == 9
            assert embeddings.delete_some(connection, space.id) == 0
            spaces.forget(connection, space.id)
            assert spaces.dropped(connection) == ()
            assert embeddings.count(connection, other.id) == 1

    def test_numbers_of_the_log_only_rise(self, store: Store) -> None:
        space, other = begin(store), begin(store, OTHER, "b")
        put(store, other, [1], unit(1, 3))
        put(store, space, [1, 2], unit(2))
        with store.writing() as connection:
            spaces.drop(connection, [space.id], AT)
            embeddings.delete_some(connection, space.id)
        before = again(store, space=other).head
        put(store, other, [2], unit(1, 3))
        assert again(store, other).head > max(before, 3)

    def test_a_weight_is_chosen_and_left_again(self, store: Store) -> None:
        space = begin(store)
        for weight in (0.25, None):
            with store.writing() as connection:
                spaces.weigh(connection, space.id, weight)
            assert again(store, space).weight == weight

    def test_putting_nothing_changes_nothing(self, store: Store) -> None:
        space = begin(store)
        put(store, space, [], unit(0))
        assert again(store, space) == space
