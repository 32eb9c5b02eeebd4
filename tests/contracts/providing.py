"""What every store must do for those who keep copies of its papers; ``tests/store`` runs this against each database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.papers import AT, house_around, record

from broadsheet.flow.house import House
from broadsheet.flow.reading import provide
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.model.provided import Among, Provided
from broadsheet.store import changes, papers, provided, rulings
from broadsheet.store.connect import Store
from broadsheet.store.rulings import Ruling
from broadsheet.store.schema import changes as log
from broadsheet.store.tables import metadata


def tell(store: Store, number: int, title: str, at: datetime = AT, **told: object) -> None:
    keep(store, [record(number, title=title, observed=at, **told)], at=at)


def hide(store: Store, paper_id: int, *, hidden: bool, at: datetime = AT) -> None:
    with store.writing() as connection:
        rulings.keep(connection, paper_id, Ruling(hidden=hidden, why="spam"), at)
        changes.note(connection, [paper_id], at)


def bridge(store: Store, one: int, two: int) -> None:
    """Let a source say that two papers are one."""
    ids = (f"arxiv:2401.{one:05d}", f"arxiv:2401.{two:05d}")
    keep(store, [record(one, ids=ids, source="other", key=f"{one}-{two}")], at=AT)


def everything(house: House, among: Among = Among(), limit: int = 2) -> list[Provided]:  # noqa: B008 - frozen
    found: list[Provided] = []
    more = True
    while more:
        piece = provide.piece(house, among, found[-1].seq if found else 0, limit)
        found += piece.papers
        more = piece.more
    return found


def titles(found: Sequence[Provided]) -> list[str]:
    return [one.paper.title if one.paper else "gone" for one in found]


class ProvidingContract:
    """Both databases give papers away alike."""

    def test_papers_come_once_in_the_order_in_which_they_changed_last(self, store: Store) -> None:
        for number, title in ((1, "A"), (2, "B"), (3, "C"), (1, "A again")):
            tell(store, number, title, AT + timedelta(seconds=number if title != "A again" else 9))
        found = everything(house_around(store))
        assert titles(found) == ["B", "C", "A again"]
        assert [one.at for one in found] == [AT + timedelta(seconds=second) for second in (2, 3, 9)]
        assert provide.count(house_around(store)) == 3
        assert provide.earliest(house_around(store)) == AT + timedelta(seconds=1)

    def test_an_empty_house_gives_nothing(self, store: Store) -> None:
        house = house_around(store)
        assert everything(house) == []
        assert (provide.count(house), provide.one(house, 1), provide.sources(house)) == (0, None, ())
        assert provide.earliest(house) == provide.settled(house) < AT

    def test_what_is_hidden_or_part_of_another_is_gone_and_nothing_of_it_is_told(self, store: Store) -> None:
        for number in (1, 2, 3):
            tell(store, number, f"Napkins, part {number}", authors=(f"Ann {number}",))
        bridge(store, 1, 2)
        hide(store, 3, hidden=True)
        house = house_around(store)
        assert {one.number: one.paper is None for one in everything(house)} == {1: False, 2: True, 3: True}
        provided_, _ = provide.one(house, 3) or pytest.fail("It was here.")
        assert provided_.paper is None
        hide(store, 3, hidden=False)
        undo_merge(house, merges(house)[0].id)
        assert {one.number: one.paper is None for one in everything(house)} == {1: False, 2: False, 3: False}

    def test_a_paper_that_was_arxivs_until_it_was_parted_is_gone_among_those(self, store: Store) -> None:
        tell(store, 1, "One title for both", ids=("doi:10.1/x",))
        tell(store, 2, "One title for both")
        tell(store, 3, "Never arXiv's", ids=("doi:10.1/y",), authors=("Cy Poe",))
        tell(store, 4, "Never arXiv's", ids=("acl:P19-0001",), authors=("Cy Poe",))
        house, among = house_around(store), Among(arxiv_only=True)
        assert titles(everything(house, among)) == ["One title for both"]
        for merge in merges(house):
            undo_merge(house, merge.id)
        assert {one.number: one.paper is None for one in everything(house, among)} == {1: True, 4: False}
        assert [provide.was_arxivs(house, number) for number in (1, 2)] == [True, False]
        assert [one.paper is None for one in everything(house)] == [False] * 4
        hide(store, 1, hidden=True)
        assert {one.number: one.paper is None for one in everything(house, among)} == {1: True, 4: False}

    def test_moments_never_go_back_whatever_the_clock_does(self, store: Store) -> None:
        tell(store, 1, "A", AT)
        tell(store, 2, "B", AT - timedelta(hours=1))
        tell(store, 3, "C", AT + timedelta(seconds=1))
        assert [one.at for one in everything(house_around(store))] == [AT, AT, AT + timedelta(seconds=1)]

    def test_what_waited_for_its_turn_and_was_long_in_writing_is_in_the_next_harvest(self, store: Store) -> None:
        house = house_around(store)
        since = provide.settled(house)
        # A writer waits a minute for its turn at most; its change is seen only after this harvest.
        tell(store, 1, "A", AT - timedelta(seconds=60 + 90))
        assert titles(everything(house, Among(since=since))) == ["A"]

    def test_papers_are_narrowed_by_moment_source_category_and_id(self, store: Store) -> None:
        tell(store, 1, "A", AT, categories=("cs.CL", "math.CT"))
        tell(store, 2, "B", AT + timedelta(seconds=1), categories=("cs.CV",), ids=("doi:10.1/x",))
        tell(store, 3, "C", AT + timedelta(seconds=2), keywords=("cs.CL", "cs.%"), venue='"cs.CV"')
        house = house_around(store)

        def found(**among: object) -> str:
            return "".join(titles(everything(house, Among(**among), 1)))  # type: ignore[arg-type]

        assert found(category="cs") == "AB"
        assert (found(category="cs.CL"), found(category="math.CT"), found(category="c"), found(category="cs.%")) == (
            "A",
            "A",
            "",
            "",
        )
        assert found(categorised=True) == "AB"
        assert (found(source="test"), found(source="tes"), found(source='te"st')) == ("ABC", "", "")
        assert found(arxiv_only=True) == "AC"
        assert found(since=AT + timedelta(seconds=1)) == "BC"
        assert found(before=AT + timedelta(seconds=1)) == "A"
        assert found(since=AT, before=AT) == ""

    def test_a_page_takes_one_statement_however_long_it_is(self, store: Store, statements: list[str]) -> None:
        keep(store, [record(number) for number in range(1, 60)], at=AT)
        for limit in (3, 50):
            statements.clear()
            assert len(provide.piece(house_around(store), Among(), 0, limit).papers) == limit
            assert len(statements) == 1, statements

    def test_a_source_that_never_told_has_no_paper_read(self, store: Store, statements: list[str]) -> None:
        keep(store, [record(number) for number in range(1, 4)], at=AT)
        statements.clear()
        # Such a word stands in each paper as it is kept.
        assert provide.piece(house_around(store), Among(source="authors"), 0, 2).papers == ()
        assert len(statements) == 1, statements
        assert "papers" not in statements[0]

    def test_ids_lead_to_the_paper_that_bears_them_now(self, store: Store) -> None:
        for number in (1, 2):
            tell(store, number, f"Napkins, part {number}", authors=(f"Ann {number}",))
        bridge(store, 1, 2)
        with store.reading() as connection:
            assert provided.borne(connection, ["2401.00001", "2401.00002", "2401.00003"]) == {
                "2401.00001": 1,
                "2401.00002": 1,
            }

    def test_when_papers_were_changed_is_read_off_them(self, store: Store) -> None:
        tell(store, 1, "A", updated="2025-03-04T01:02:03Z")
        tell(store, 2, "B")
        with store.reading() as connection:
            assert provided.last_told(connection, [1, 2, 3]) == {1: "2025-03-04T01:02:03Z", 2: "2024-01-02"}

    def test_whatever_changes_between_pages_is_in_the_harvest_or_in_the_next_one(self, store: Store) -> None:
        @settings(suppress_health_check=[HealthCheck.too_slow], max_examples=12)
        @given(st.lists(st.lists(_ACTS, max_size=3), min_size=1, max_size=6), st.integers(1, 3))
        def check(between: list[list[tuple[str, int]]], limit: int) -> None:
            _empty(store)
            keep(store, [record(number, authors=(f"Ann {number}",)) for number in range(1, 8)], at=AT)
            copy = _harvested(store, between, limit)
            assert copy == _standing(store)

        check()


_ACTS = st.tuples(st.sampled_from(("tell", "hide", "show", "join", "new")), st.integers(1, 7))


def _empty(store: Store) -> None:
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def _harvested(store: Store, between: list[list[tuple[str, int]]], limit: int) -> dict[int, str]:
    """Follow a list to its end while things happen, then ask once for what is new, and give what a copy holds."""
    house, copy, after, tick = house_around(store), {}, 0, 0
    steps = iter(between)
    since = provide.settled(house)
    while True:
        piece = provide.piece(house, Among(), after, limit)
        copy |= _held(piece.papers)
        after = piece.papers[-1].seq if piece.papers else after
        acts = next(steps, None)
        for act, number in acts or ():
            tick += 1
            _do(store, act, number, tick)
        if acts is None and not piece.more:
            break
        if not piece.more:
            # A list that has come to its end is left; the next harvest asks for what is new since this one began.
            for rest in steps:
                for act, number in rest:
                    tick += 1
                    _do(store, act, number, tick)
            break
    return copy | _held(everything(house, Among(since=since), limit))


def _held(found: Sequence[Provided]) -> dict[int, str]:
    return {one.number: one.paper.title if one.paper else "gone" for one in found}


def _do(store: Store, act: str, number: int, tick: int) -> None:
    at = AT + timedelta(seconds=tick)
    match act:
        case "tell":
            tell(store, number, f"Told at {tick}", at, authors=(f"Ann {number}",))
        case "new":
            tell(store, 100 + tick, f"New at {tick}", at, authors=(f"Bo {tick}",))
        case "join":
            bridge(store, number, number % 7 + 1)
        case _:
            hide(store, number, hidden=act == "hide", at=at)


def _standing(store: Store) -> dict[int, str]:
    with store.reading() as connection:
        numbers = list(connection.execute(log.select().with_only_columns(log.c.paper_id).distinct()).scalars())
        shown = {paper.id: paper.title for paper in papers.by_ids(connection, numbers)}
    return {number: shown.get(number, "gone") for number in numbers}
