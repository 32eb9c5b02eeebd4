"""Every paper is embedded, by the embedder that is wanted, whatever happens meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from tests.papers import record
from tests.vectors import WordEmbedder, open_exact_index

from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.shelf import embedding, reindex
from broadsheet.flow.shelf.embedding import begin_anew, catch_up
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.flow.spaces import Spaces
from broadsheet.index.port import Vectors
from broadsheet.model.record import Record, Signal
from broadsheet.store import embeddings, papers, spaces
from broadsheet.store.schema import embeddings as table
from broadsheet.store.spaces import Space

With = Callable[..., House]
RECORDS = [record(number) for number in range(1, 8)]


@pytest.fixture
def with_embedders(house: House) -> Iterator[With]:
    """Open the house's store as another process would, with these embedders."""
    opened = []

    def open_(*embedders: WordEmbedder) -> House:
        one = Spaces(house.store, embedders, house.settings.vectors_folder, open_exact_index)
        opened.append(one)
        return replace(house, spaces=one)

    yield open_
    for one in opened:
        one.close()


def live(house: House) -> tuple[Space, ...]:
    with house.store.reading() as connection:
        return spaces.live(connection)


def log(house: House, space: Space | None = None) -> dict[int, Vectors]:
    """Give the vectors in the store of a space, the only one if none is given."""
    (chosen,) = [space] if space else live(house)
    with house.store.reading() as connection:
        news = embeddings.after(connection, chosen, 0, 1_000)
    return dict(zip(news.ids, news.vectors, strict=True))


def rows(house: House) -> list[tuple[object, ...]]:
    with house.store.reading() as connection:
        return sorted(map(tuple, connection.execute(table.select())))


def texts(house: House) -> dict[int, tuple[str, str]]:
    with house.store.reading() as connection:
        return {paper.id: (paper.title, paper.abstract) for paper in papers.stream(connection, 0, 1_000)}


def is_right(house: House) -> bool:
    """Tell whether who answers has every paper, and each where its text of now lies."""
    answering = house.spaces.answering()
    expected = texts(house)
    held = answering.vectors.vectors(list(range(1, 1_000)))
    if held.keys() != expected.keys() or answering.vectors.count() != len(expected):
        return False
    where = answering.embedder.embed([answering.embedder.text_of(*expected[paper_id]) for paper_id in held])
    return bool(np.allclose(list(held.values()), where, atol=2e-3))


def test_what_is_kept_is_embedded_once(with_embedders: With) -> None:
    words = WordEmbedder()
    house = with_embedders(words)
    keep(house.store, RECORDS, at=house.clock())
    assert catch_up(house) == 7
    assert len(words.given) == 7
    assert is_right(house)
    before, words.given = rows(house), []
    assert catch_up(house) == 0
    assert (rows(house), words.given) == (before, [])
    assert live(house)[0].complete


def test_a_changed_text_is_embedded_again_and_an_upvote_is_not(with_embedders: With) -> None:
    words = WordEmbedder()
    house = with_embedders(words)
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    words.given = []
    liked = replace(RECORDS[0], signals=(Signal("upvotes", 9, house.clock()),))
    keep(house.store, [liked], at=house.clock())
    assert (catch_up(house), words.given) == (0, [])
    keep(house.store, [record(1, version=2, abstract="All about quokkas.")], at=house.clock())
    assert catch_up(house) == 1
    assert [text.splitlines()[-1] for text in words.given] == ["All about quokkas."]
    assert is_right(house)


def test_a_merged_paper_leaves_and_comes_back_when_the_merge_is_undone(with_embedders: With) -> None:
    house = with_embedders(WordEmbedder())
    keep(house.store, [record(1), record(2, ids=("acl:2024.a-b.2",))], at=house.clock())
    catch_up(house)
    keep(house.store, [record(3, ids=("arxiv:2401.00001", "acl:2024.a-b.2"), title=record(1).title)], at=house.clock())
    catch_up(house)
    assert len(log(house)) == 1
    assert is_right(house)
    undo_merge(house, merges(house)[0].id)
    catch_up(house)
    assert len(log(house)) == 2
    assert is_right(house)


def dated(number: int) -> Record:
    return record(number, published=f"2024-01-{number:02d}")


def test_papers_from_before_are_embedded_newest_first(with_embedders: With, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "SMALLEST_BATCH", 1)
    monkeypatch.setattr(embedding, "LARGEST_BATCH", 1)
    words = WordEmbedder()
    house = with_embedders(words)
    keep(house.store, [dated(number) for number in (3, 1, 5, 2, 4)], at=house.clock())
    told: list[tuple[int, int]] = []
    stop = Event()

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            stop.set()

    assert catch_up(house, progress=progress, stop=stop) == 2
    assert (told, live(house)[0].complete) == ([(1, 5), (2, 5)], False)
    assert house.spaces.answering().vectors.count() == 2
    assert catch_up(house, progress=lambda done, total: told.append((done, total))) == 3
    assert told[-1] == (3, 3)
    assert [text.split()[2] for text in words.given] == ["5", "4", "3", "2", "1"]
    assert live(house)[0].complete
    assert is_right(house)


class Interrupted(WordEmbedder):
    """Does something in the middle of its work."""

    def __init__(self, then: Callable[[], object], at: int, name: str = "words") -> None:
        super().__init__(name)
        self._then = then
        self._at = at

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = super().embed(texts)
        self._at -= 1
        if self._at == 0:
            self._then()
        return vectors


def stop_at_once() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("at", [1, 2, 3])
def test_what_is_killed_in_the_middle_goes_on_where_it_was(
    with_embedders: With, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(embedding, "SMALLEST_BATCH", 2)
    monkeypatch.setattr(embedding, "LARGEST_BATCH", 2)
    house = with_embedders(Interrupted(stop_at_once, at))
    keep(house.store, RECORDS, at=house.clock())
    with pytest.raises(KeyboardInterrupt):
        catch_up(house)
    assert len(log(house)) == 2 * (at - 1)
    again = with_embedders(WordEmbedder())
    assert catch_up(again) == 7 - 2 * (at - 1)
    assert is_right(again)


@pytest.mark.parametrize("way", ["backlog", "changes"])
def test_a_text_that_changes_while_it_is_embedded_is_not_embedded_as_it_was(with_embedders: With, way: str) -> None:
    other = with_embedders(WordEmbedder())
    if way == "changes":
        catch_up(other)
    keep(other.store, RECORDS, at=other.clock())

    def meanwhile() -> None:
        keep(other.store, [record(1, version=2, abstract="All about quokkas.")], at=other.clock())
        catch_up(other)

    house = with_embedders(Interrupted(meanwhile, 1))
    catch_up(house)
    assert is_right(house)
    assert is_right(other)
    assert len(live(house)) == 1


def test_two_processes_at_once_embed_everything_once(with_embedders: With, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "SMALLEST_BATCH", 2)
    houses = [with_embedders(WordEmbedder()) for _ in range(3)]
    keep(houses[0].store, [record(number) for number in range(1, 40)], at=houses[0].clock())
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(catch_up, houses))
    assert len(live(houses[0])) == 1
    assert all(is_right(house) for house in houses)


def test_a_better_embedder_takes_over_when_it_has_all_papers(with_embedders: With) -> None:
    bundled = WordEmbedder("bundled")
    before = with_embedders(bundled)
    keep(before.store, RECORDS, at=before.clock())
    catch_up(before)
    folder = before.settings.vectors_folder / live(before)[0].token
    before.spaces.answering().vectors.save()
    seen: list[tuple[str, int]] = []
    other = with_embedders(WordEmbedder("better", dimension=16), bundled)

    def look() -> None:
        answering = other.spaces.answering()
        seen.append((answering.embedder.name, answering.vectors.dimension))
        assert is_right(other)

    better = Interrupted(look, 1, "better")
    better.dimension = 16
    house = with_embedders(better, bundled)
    assert catch_up(house) == 0
    assert house.spaces.answering().embedder is bundled
    assert folder.is_dir()
    assert catch_up(house, effort="all") == 7
    assert seen == [("bundled", 8)]
    assert [space.identity.name for space in live(house)] == ["better"]
    assert len(rows(house)) == 7
    assert not folder.exists()
    other.spaces.look_again()
    assert other.spaces.answering().embedder.name == "better"
    assert is_right(other)


def test_the_old_embedder_keeps_up_while_the_new_one_is_not_done(
    with_embedders: With, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "SMALLEST_BATCH", 2)
    monkeypatch.setattr(embedding, "LARGEST_BATCH", 2)
    bundled = WordEmbedder("bundled")
    first = with_embedders(bundled)
    keep(first.store, RECORDS, at=first.clock())
    catch_up(first)
    stop = Event()

    def news() -> None:
        keep(first.store, [record(9)], at=first.clock())

    house = with_embedders(Interrupted(news, 1, "better"), bundled)
    catch_up(house, effort="all", stop=stop, progress=lambda done, _: stop.set() if done >= 6 else None)
    assert not live(house)[-1].complete
    assert house.spaces.answering().embedder is bundled
    assert is_right(house)
    catch_up(house, effort="all")
    assert house.spaces.answering().embedder.name == "better"
    assert is_right(house)


def test_going_back_works_too(with_embedders: With) -> None:
    bundled = WordEmbedder("bundled")
    house = with_embedders(WordEmbedder("better"), bundled)
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house, effort="all")
    back = with_embedders(bundled)
    assert catch_up(back) == 7
    assert back.spaces.answering().embedder is bundled
    assert is_right(back)
    assert {space.identity.name for space in live(back)} == {"better", "bundled"}
    catch_up(back, effort="all")
    assert [space.identity.name for space in live(back)] == ["bundled"]


def test_a_new_version_of_a_model_is_another_space(with_embedders: With) -> None:
    old = with_embedders(WordEmbedder())
    keep(old.store, RECORDS, at=old.clock())
    catch_up(old)
    house = with_embedders(WordEmbedder(version="2"))
    with pytest.raises(Unavailable):
        house.spaces.answering()
    assert catch_up(house) == 7
    assert [space.identity.version for space in live(house)] == ["2"]
    assert is_right(house)


def test_all_can_be_embedded_anew_while_the_old_embeddings_answer(with_embedders: With) -> None:
    words = WordEmbedder()
    house = with_embedders(words)
    keep(house.store, RECORDS, at=house.clock())
    catch_up(house)
    old = live(house)[0]
    begin_anew(house)
    assert house.spaces.answering().space.token == old.token
    assert catch_up(house) == 7
    assert [space.token for space in live(house)] != [old.token]
    house.spaces.look_again()
    assert house.spaces.answering().space.token == live(house)[0].token
    assert is_right(house)


def test_processes_with_different_settings_do_not_undo_each_other(with_embedders: With) -> None:
    bundled = WordEmbedder("bundled")
    old = with_embedders(bundled)
    keep(old.store, RECORDS, at=old.clock())
    catch_up(old, effort="all")
    new = with_embedders(WordEmbedder("better"), bundled)
    catch_up(new, effort="all")
    with pytest.raises(Unavailable, match="moved all papers away"):
        catch_up(old, effort="all")
    assert [space.identity.name for space in live(new)] == ["better"]


def test_an_embedder_that_fails_is_told_and_words_go_on(with_embedders: With) -> None:
    words = WordEmbedder()
    words.down = True
    house = with_embedders(words)
    keep(house.store, RECORDS, at=house.clock())
    caught_up = reindex.catch_up(house)
    assert (caught_up.changes, caught_up.embedded, str(caught_up.trouble)) == (7, 0, "The embedder is down.")
    assert house.text_index.count() == 7
    words.down = False
    assert reindex.catch_up(house) == reindex.CaughtUp(0, 7)
    assert is_right(house)


def test_the_bundled_embedder_answers_while_the_wanted_one_is_down(with_embedders: With) -> None:
    better = WordEmbedder("better")
    better.down = True
    house = with_embedders(better, WordEmbedder("bundled"))
    keep(house.store, RECORDS, at=house.clock())
    assert reindex.catch_up(house, effort="all").trouble is not None
    assert house.spaces.answering().embedder.name == "bundled"
    assert is_right(house)


def test_the_gentle_way_leads_to_the_same(with_embedders: With, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "GENTLE_PAPERS", 2)
    house = with_embedders(WordEmbedder())
    keep(house.store, RECORDS, at=house.clock())
    assert catch_up(house, effort="gentle") == 7
    assert is_right(house)


def test_a_stop_is_heard_in_the_middle_of_a_gentle_batch(with_embedders: With, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "GENTLE_PAPERS", 2)
    stop = Event()
    words = Interrupted(stop.set, 2)
    house = with_embedders(words)
    keep(house.store, RECORDS, at=house.clock())
    assert catch_up(house, effort="gentle", stop=stop) == 0
    assert len(words.given) == 4
    assert catch_up(house) == 7
    assert is_right(house)
