"""What every store must do, whatever database is behind it; ``tests/store`` runs this against each."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from tests.papers import AT, house_around, record, shown

from broadsheet.errors import Conflict, NotFound, Unavailable
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import Kept, keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Daily, Link, Problem, Record, Signal, Version
from broadsheet.store import changes, daily, papers, problems
from broadsheet.store.connect import Store
from broadsheet.store.tables import metadata

FULL = Record(
    source="arxiv",
    key="2401.00001",
    version=2,
    title=r"Folding $\mathcal{N}$apkins",
    abstract="We fold napkins “properly” — 折り紙.",
    authors=(Author("Ann Lee", "Napkin Lab", "0000-0001"), Author("Bo Chen")),
    ids=(ExternalId("arxiv", "2401.00001"), ExternalId("doi", "10.1/napkin")),
    published="2024-01-02T10:00:00Z",
    updated="2024-01-05T10:00:00Z",
    categories=("cs.LG", "math.OC"),
    keywords=("napkins",),
    venue="FoldConf",
    organisations=("Napkin Lab",),
    links=(Link("code", "https://github.com/example/napkins"),),
    media=("https://example.org/napkin.png",),
    summary="Folds.",
    comment="12 pages",
    licence="CC0",
    versions=(Version(1, "2024-01-02T10:00:00Z"),),
    daily=(Daily(date(2024, 1, 3), "2024-01-03T05:00:00Z", "reader-1"),),
    signals=(Signal("upvotes", 7, AT), Signal("stars", 70, AT)),
)


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table."""
    with store.reading() as connection:
        return {table.name: sorted(map(tuple, connection.execute(table.select()))) for table in metadata.sorted_tables}


def empty(store: Store) -> None:
    """Forget everything."""
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def all_papers(store: Store) -> tuple[Paper, ...]:
    with store.reading() as connection:
        return papers.stream(connection, 0, 1_000)


def find(store: Store, scheme: str, value: str) -> Paper | None:
    with store.reading() as connection:
        return papers.find(connection, ExternalId(scheme, value))


def noted(store: Store) -> list[int]:
    with store.reading() as connection:
        return [paper_id for _, paper_id in changes.after(connection, 0, 1_000)]


class StoreContract:
    """Each test gets an empty store as ``store``."""

    def test_a_record_comes_back_as_a_paper_with_all_it_says(self, store: Store) -> None:
        keep(store, [FULL], at=AT)
        (paper,) = all_papers(store)
        assert (paper.title, paper.abstract, paper.authors) == (FULL.title, FULL.abstract, FULL.authors)
        assert (paper.ids, paper.slug) == (FULL.ids, "2401.00001")
        assert (paper.published, paper.updated) == (FULL.published, FULL.updated)
        assert (paper.categories, paper.keywords, paper.venue) == (FULL.categories, FULL.keywords, FULL.venue)
        assert (paper.organisations, paper.links, paper.media) == (FULL.organisations, FULL.links, FULL.media)
        assert (paper.summary, paper.comment, paper.licence) == (FULL.summary, FULL.comment, FULL.licence)
        assert [version.number for version in paper.versions] == [1, 2]
        assert (paper.days, paper.upvotes, paper.stars) == ((date(2024, 1, 3),), 7, 70)
        assert paper.sources == ("arxiv",)
        assert 0 < paper.stamp < 2**63

    def test_keeping_twice_changes_no_row(self, store: Store) -> None:
        gone = Record(source="test", key="9", title="", deleted=True, observed=AT)
        told = [FULL, record(2), record(3, ids=()), gone]
        first = keep(store, told, at=AT)
        before = rows(store)
        again = keep(store, told, at=AT + timedelta(days=1))
        assert (first.new, first.total) == (3, 4)
        assert again == Kept(total=4, unchanged=4)
        assert rows(store) == before

    def test_the_telling_observed_later_stands_whichever_came_first(self, store: Store) -> None:
        old = record(1, title="An Old Title of Napkins", observed=AT)
        new = record(1, title="A New Title of Napkins", observed=AT + timedelta(days=1))
        keep(store, [new], at=AT)
        assert keep(store, [old], at=AT) == Kept(total=1, unchanged=1)
        assert [p.title for p in all_papers(store)] == [new.title]

    def test_of_two_tellings_of_one_moment_the_same_stands_in_either_order(self, store: Store) -> None:
        told = [record(1, title=f"Title number {n} of napkins") for n in range(4)]
        keep(store, [told[0], told[1]], at=AT)
        for one in told:
            keep(store, [one], at=AT)
        (first,) = all_papers(store)
        for one in reversed(told):
            keep(store, [one], at=AT)
        assert all_papers(store) == (first,)

    def test_days_told_at_different_times_are_united(self, store: Store) -> None:
        for day in (5, 3):
            keep(store, [record(1, daily=(Daily(date(2024, 1, day)),))], at=AT)
        (paper,) = all_papers(store)
        assert paper.days == (date(2024, 1, 3), date(2024, 1, 5))

    def test_the_latest_signal_is_shown_and_the_larger_of_one_moment(self, store: Store) -> None:
        later = AT + timedelta(hours=1)
        for signals in (
            (Signal("upvotes", 5, later),),
            (Signal("upvotes", 9, AT),),
            (Signal("upvotes", 6, later),),
            (Signal("upvotes", 4, later), Signal("comments", 2, AT)),
        ):
            keep(store, [record(1, signals=signals)], at=AT)
        (paper,) = all_papers(store)
        assert (paper.upvotes, paper.comments) == (6, 2)
        assert len(rows(store)["signals"]) == 3

    def test_new_signals_alone_note_a_change(self, store: Store) -> None:
        keep(store, [record(1)], at=AT)
        assert keep(store, [record(1, signals=(Signal("upvotes", 5, AT),))], at=AT).changed == 1
        assert noted(store) == [1, 1]

    @pytest.mark.parametrize(
        ("days", "shown_"),
        [
            ({"one": 0, "two": 1, "gone": 2}, [("Two", True)]),
            ({"one": 0, "gone": 1, "two": 2}, [("Two", False)]),
            ({"one": 0, "gone": 1}, [("One", True)]),
            ({"gone": 1}, []),
            ({"one": 0, "two": 1, "again": 2}, [("One", False)]),
        ],
    )
    def test_what_was_told_or_taken_back_last_stands_in_any_order(
        self, store: Store, days: dict[str, int], shown_: list[tuple[str, bool]]
    ) -> None:
        one = record(1, title="One")
        say = {"one": one, "again": one, "two": record(1, title="Two"), "gone": record(1, title="", deleted=True)}
        tellings = [replace(say[what], observed=AT + timedelta(day)) for what, day in days.items()]
        for order in permutations(tellings):
            empty(store)
            for telling in order:
                keep(store, [telling], at=AT)
            assert [(p.title, p.withdrawn) for p in all_papers(store)] == shown_
            before = rows(store)
            keep(store, order, at=AT)
            assert rows(store) == before
            with store.reading() as connection:
                assert papers.faults(connection) == ()

    def test_every_page_has_a_name_that_leads_to_it(self, store: Store) -> None:
        tea = [record(n, ids=(), title="Tea") for n in range(3)]
        volume = [
            record(n, ids=("doi:10.1000/volume",), title=f"Sheep {n}", authors=(f"Ann Lee{n}",)) for n in range(4, 9)
        ]
        keep(store, [record(9, ids=("url:https://example.org/a/b",)), *volume], at=AT)
        before = shown(store)
        empty(store)
        for told in (*tea, record(9, ids=("url:https://example.org/a/b",)), *reversed(volume)):
            keep(store, [told], at=AT)
        after = all_papers(store)
        assert [paper for paper in shown(store) if paper.title != "Tea"] == before
        for paper in after:
            assert show(house_around(store), paper.slug) == paper

    def test_a_record_with_ids_of_two_papers_makes_them_one_and_old_names_lead_on(self, store: Store) -> None:
        keep(store, [record(1, ids=("arxiv:2401.00001",)), record(2, ids=("doi:10.1/two",), title="Napkins")], at=AT)
        bridge = record(3, ids=("arxiv:2401.00001", "doi:10.1/two"), title="Napkins")
        kept = keep(store, [bridge], at=AT)
        assert (kept.new, kept.merged) == (0, 1)
        found = find(store, "doi", "10.1/two")
        assert found is not None
        assert (found.id, found.slug) == (1, "2401.00001")
        assert noted(store)[-2:] == [1, 2]
        with store.reading() as connection:
            assert papers.by_ids(connection, [2]) == ()
            assert papers.counts(connection)["papers"] == 1
            assert papers.find(connection, ExternalId("arxiv", "2401.00001")) == found

    def test_undoing_a_bridge_leaves_the_bridging_record_with_its_best_id(self, store: Store) -> None:
        one = record(1, ids=("arxiv:2401.00001",))
        two = record(2, ids=("doi:10.1/two",), title="Counting of Sheep")
        keep(store, [one, two], at=AT)
        before = all_papers(store)
        keep(store, [record(3, ids=("arxiv:2401.00001", "doi:10.1/two"), title="Counting of Sheep")], at=AT)
        (merge,) = merges(house_around(store))
        assert (merge.winner, merge.loser, merge.reason) == (1, 2, "id")
        undo_merge(house_around(store), merge.id)
        after = all_papers(store)
        assert [paper.slug for paper in after] == ["2401.00001", "doi/10.1/two"]
        assert after[1] == before[1]
        assert find(store, "doi", "10.1/two") == after[1]
        with store.reading() as connection:
            assert papers.faults(connection) == ()

    def test_undoing_a_merge_by_title_restores_both_papers_and_it_is_not_made_again(self, store: Store) -> None:
        one, two = record(1, ids=("arxiv:2401.00001",)), record(2, ids=("acl:2024.acl-long.1",), title=record(1).title)
        keep(store, [one], at=AT)
        (alone,) = all_papers(store)
        assert keep(store, [two], at=AT).merged == 1
        house = house_around(store)
        (merge,) = merges(house)
        undo_merge(house, merge.id)
        first, second = all_papers(store)
        assert first == alone
        assert (second.title, [str(i) for i in second.ids]) == (two.title, ["acl:2024.acl-long.1"])
        assert noted(store)[-2:] in ([1, 2], [2, 1])
        assert find(store, "acl", "2024.acl-long.1") == second
        assert keep(store, [replace(two, observed=AT + timedelta(1), comment="new")], at=AT).merged == 0
        assert len(all_papers(store)) == 2
        assert merges(house)[0].undone
        with pytest.raises(Conflict):
            undo_merge(house, merge.id)
        with pytest.raises(NotFound):
            undo_merge(house, 99)

    def test_undoing_a_merge_of_two_papers_revives_the_merged_one_under_its_number(self, store: Store) -> None:
        signals = (Signal("upvotes", 3, AT),)
        days = (Daily(date(2024, 1, 3)),)
        one = record(1, ids=("arxiv:2401.00001",), title="Folding of Napkins One")
        two = record(2, ids=("doi:10.1/two",), title="Folding of Napkins", signals=signals, daily=days)
        keep(store, [one, two], at=AT)
        before = all_papers(store)
        later = {"observed": AT + timedelta(days=1), "title": one.title}
        keep(store, [replace(two, **later)], at=AT)
        assert len(all_papers(store)) == 1
        keep(store, [replace(two, observed=AT + timedelta(days=2))], at=AT)
        assert all_papers(store) == before
        keep(store, [replace(two, **later | {"observed": AT + timedelta(days=3)})], at=AT)
        undo_merge(house_around(store), merges(house_around(store))[0].id)
        after = all_papers(store)
        assert after[0] == before[0]
        assert replace(after[1], title=two.title, stamp=0) == replace(before[1], stamp=0)
        with store.reading() as connection:
            assert daily.papers_of(connection, date(2024, 1, 3)) == after[1:]
            assert papers.faults(connection) == ()

    @pytest.mark.parametrize("order", list(permutations(range(1, 6)))[::17])
    def test_versions_in_any_order_end_with_the_highest_and_a_whole_history(
        self, store: Store, order: tuple[int, ...]
    ) -> None:
        versions = {n: arxiv_version(n) for n in range(1, 6)}
        keep(store, [replace(record(9), ids=versions[1].ids, signals=(Signal("upvotes", 8, AT),))], at=AT)
        for number in order:
            keep(store, [versions[number]], at=AT)
        (paper,) = all_papers(store)
        assert (paper.id, paper.slug, paper.upvotes) == (1, "2401.00001", 8)
        assert (paper.title, [v.number for v in paper.versions]) == ("Napkins in version 5", [1, 2, 3, 4, 5])
        assert paper.published == "2024-01-01"

    def test_a_withdrawn_version_is_shown_as_withdrawn(self, store: Store) -> None:
        keep(store, [replace(arxiv_version(2), withdrawn=True, abstract=""), arxiv_version(1)], at=AT)
        (paper,) = all_papers(store)
        assert (paper.withdrawn, paper.abstract) == (True, "")

    def test_the_daily_page_has_most_upvotes_first_and_neighbours(self, store: Store) -> None:
        for number, day, upvotes in ((1, 3, 2), (2, 3, 5), (3, 3, 2), (4, 5, 1), (5, 9, 1)):
            entry, signal = Daily(date(2024, 1, day)), Signal("upvotes", upvotes, AT)
            keep(store, [record(number, daily=(entry,), signals=(signal,))], at=AT)
        with store.reading() as connection:
            assert [p.id for p in daily.papers_of(connection, date(2024, 1, 3))] == [2, 1, 3]
            assert daily.neighbours(connection, date(2024, 1, 5)) == (date(2024, 1, 3), date(2024, 1, 9))
            assert daily.neighbours(connection, date(2024, 1, 3)) == (None, date(2024, 1, 5))
            assert daily.latest(connection) == date(2024, 1, 9)

    def test_an_empty_store_answers_with_nothing(self, store: Store) -> None:
        with store.reading() as connection:
            assert daily.latest(connection) is None
            assert daily.neighbours(connection, date(2024, 1, 5)) == (None, None)
            assert (changes.head(connection), changes.after(connection, 0, 10)) == (0, ())
            assert (papers.by_ids(connection, []), papers.stream(connection, 0, 10)) == ((), ())
            assert papers.find(connection, ExternalId("arxiv", "2401.00001")) is None
            assert papers.faults(connection) == ()
            assert papers.counts(connection)["papers"] == 0

    def test_papers_come_in_the_order_asked_and_in_one_statement(self, store: Store, statements: list[str]) -> None:
        keep(store, [record(n) for n in range(1, 8)], at=AT)
        statements.clear()
        with store.reading() as connection:
            assert [p.id for p in papers.by_ids(connection, [5, 99, 1, 3])] == [5, 1, 3]
            assert papers.find(connection, record(2).ids[0]) is not None
            assert [p.id for p in daily.papers_of(connection, date(2024, 1, 1))] == []
        assert len(statements) == 3

    def test_changes_are_read_on_from_a_number(self, store: Store) -> None:
        keep(store, [record(n) for n in range(1, 4)], at=AT)
        with store.reading() as connection:
            assert changes.after(connection, 1, 1) == ((2, 2),)
            assert changes.head(connection) == 3
            assert dict(papers.stamps(connection)) == {p.id: p.stamp for p in papers.stream(connection, 0, 9)}

    def test_a_problem_is_noted_once(self, store: Store) -> None:
        told = [Problem("test", f"line {n}", "no-title", "It has no title.", "raw\0\ud800") for n in (1, 2, 1)]
        for expected in (2, 0):
            with store.writing() as connection:
                assert problems.note(connection, told, at=AT) == expected
        with store.reading() as connection:
            assert papers.counts(connection)["problems"] == 2
            assert [p.where for p in problems.page(connection, 10)] == ["line 2", "line 1"]

    @pytest.mark.parametrize(
        "odd",
        [
            {"title": "", "abstract": "\0\ud800 nothing", "ids": ()},
            {"key": "k" * 9_000, "ids": ()},
            {"key": "\0\udfff"},
            {"ids": (ExternalId("moon", "1"), ExternalId("url", "u" * 9_000), ExternalId("doi", "10.1/a\nb"))},
            {"version": 2**70},
            {"published": "soon", "updated": "²²²²-13-99", "authors": (Author(""), Author(",,;"))},
            {"signals": (Signal("upvotes", 2**80, AT), Signal("smell", 1, AT), Signal("stars", -(2**80), AT))},
            {"observed": datetime(2024, 1, 1)},  # noqa: DTZ001 - that is what is odd about it
            {"title": "語" * 50_000, "authors": tuple(Author(f"Ann {n}") for n in range(5_000))},
        ],
    )
    def test_an_odd_record_is_kept_and_raises_nothing(self, store: Store, odd: dict[str, object]) -> None:
        told = [replace(record(1), **odd), record(2)]
        assert keep(store, told, at=AT).new == 2
        assert keep(store, told, at=AT) == Kept(total=2, unchanged=2)
        assert len(all_papers(store)) == 2

    def test_an_error_undoes_the_whole_transaction(self, store: Store) -> None:
        with suppress(ZeroDivisionError), store.writing() as connection:
            problems.note(connection, [Problem("test", "line 1", "no-title", "It has no title.")], at=AT)
            raise ZeroDivisionError
        assert rows(store)["problems"] == []

    def test_a_reader_cannot_write(self, store: Store) -> None:
        with pytest.raises(Unavailable), store.reading() as connection:
            problems.note(connection, [Problem("test", "line 1", "no-title", "It has no title.")], at=AT)

    def test_writers_take_turns_while_readers_read(self, store: Store) -> None:
        def write(worker: int) -> Kept:
            kept = Kept()
            for number in range(worker * 100, worker * 100 + 20):
                kept += keep(store, [record(number), record(7)], at=AT)
            return kept

        def read(_: int) -> int:
            return sum(len(all_papers(store)) >= 0 for _ in range(20))

        with ThreadPoolExecutor(8) as pool:
            written = list(pool.map(write, range(1, 5)))
            list(pool.map(read, range(4)))
        assert sum(kept.new for kept in written) == 81
        with store.reading() as connection:
            assert papers.faults(connection) == ()
            assert [seq for seq, _ in changes.after(connection, 0, 1_000)] == list(range(1, 82))

    def test_the_store_names_its_versions(self, store: Store) -> None:
        assert store.versions().keys() == {store.dialect, "SQLAlchemy"}

    def test_shown_papers_do_not_depend_on_the_batches(self, store: Store) -> None:
        told = [record(n, title=f"Folding of Napkins part {n % 3}", ids=(), authors=("Ann Lee",)) for n in range(9)]
        keep(store, told, at=AT)
        assert len(shown(store)) == 3


def arxiv_version(number: int) -> Record:
    """Give one version of an arXiv paper as arXiv tells it."""
    day = f"2024-01-{number:02d}"
    return Record(
        source="arxiv",
        key="2401.00001",
        version=number,
        title=f"Napkins in version {number}",
        abstract=f"Version {number}.",
        authors=(Author("Ann Lee"),),
        ids=(ExternalId("arxiv", "2401.00001"),),
        published="2024-01-01",
        updated=day,
        observed=datetime(2024, 2, 1, tzinfo=UTC),
    )
