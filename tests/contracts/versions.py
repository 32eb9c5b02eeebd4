"""What every store must do with versions of a paper, in whatever order they come (H7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from random import Random

from tests.contracts.store import empty, rows
from tests.papers import AT, house_around, record

from broadsheet.flow.daily import page
from broadsheet.flow.shelf.history import has_history, history
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Daily, Record, Signal, Version
from broadsheet.model.weeks import home_day
from broadsheet.store import daily, editions, papers
from broadsheet.store.connect import Store

ORDERS = list(permutations(range(1, 6)))
DAY = date(2024, 1, 3)
_ID = ExternalId("arxiv", "2401.00001")


def version(number: int, **told: object) -> Record:
    """Give one of five versions, each told under its own number."""
    day = f"2024-01-{number:02}"
    made = Record(
        source="arxiv",
        key="2401.00001",
        version=number,
        title=f"Napkins in version {number}",
        abstract=f"We fold {number} napkins.",
        authors=(Author("Ann Lee"),),
        ids=(_ID,),
        published="2024-01-01",
        updated=day if number > 1 else "",
        observed=datetime(2024, 1, number, 21, tzinfo=UTC),
    )
    return replace(made, **told)  # type: ignore[arg-type]


def latest_only(number: int, **told: object) -> Record:
    """Give one of five versions as OAI-PMH tells it: without a number, under one name."""
    return version(number, key="2401.00001#arXiv", **told | {"version": 0})  # type: ignore[arg-type]


def on_the_daily_page(**told: object) -> Record:
    """Give the paper as Hugging Face shows it, with upvotes and comments."""
    signals = (Signal("upvotes", 8, AT), Signal("comments", 3, AT))
    hf = record(9, source="hf", key="2401.00001", ids=(_ID,), daily=(Daily(DAY),), signals=signals)
    return replace(hf, title="Napkins in version 1", abstract="We fold 1 napkins.", **told)  # type: ignore[arg-type]


def the_paper(store: Store) -> Paper:
    with store.reading() as connection:
        (paper,) = papers.stream(connection, 0, 10)
        assert papers.faults(connection) == ()
    return paper


class VersionContract:
    """Each test gets an empty store as ``store``."""

    def test_h7_five_versions_in_all_120_orders_end_alike(self, store: Store) -> None:
        assert len(ORDERS) == 120
        ends = set()
        for order in ORDERS:
            empty(store)
            keep(store, [on_the_daily_page()], at=AT)
            for number in order:
                keep(store, [version(number)], at=AT)
                paper = the_paper(store)
                assert (paper.id, paper.slug, paper.upvotes, paper.comments) == (1, "2401.00001", 8, 3)
                assert page(house_around(store)).day == DAY
            assert paper.title == "Napkins in version 5"
            assert [each.number for each in paper.versions] == [1, 2, 3, 4, 5]
            assert [each.abstract for each in history(house_around(store), paper).tellings] == [
                f"We fold {number} napkins." for number in range(1, 6)
            ]
            ends.add(paper)
        assert len(ends) == 1

    def test_h7_five_texts_under_one_name_in_all_120_orders_leave_a_whole_history(self, store: Store) -> None:
        ends = set()
        for order in ORDERS:
            empty(store)
            for number in order:
                keep(store, [latest_only(number)], at=AT)
            paper = the_paper(store)
            told = history(house_around(store), paper).tellings
            assert paper.title == "Napkins in version 5"
            assert [each.title for each in told] == [f"Napkins in version {number}" for number in range(1, 6)]
            ends.add((paper, told))
        assert len(ends) == 1

    def test_h7_five_texts_in_one_batch_leave_a_whole_history(self, store: Store) -> None:
        for order in ORDERS[::7]:
            empty(store)
            keep(store, [latest_only(number) for number in order], at=AT)
            told = history(house_around(store), the_paper(store)).tellings
            assert [each.title for each in told] == [f"Napkins in version {number}" for number in range(1, 6)]

    def test_h7_a_new_version_neither_resets_counts_nor_makes_the_paper_news(self, store: Store) -> None:
        keep(store, [on_the_daily_page(), latest_only(1)], at=AT)
        before = the_paper(store)
        later = AT + timedelta(days=40)
        keep(store, [latest_only(2, observed=later)], at=later)
        after = the_paper(store)
        assert after.title == "Napkins in version 2"
        assert (after.id, after.slug, after.days) == (before.id, before.slug, (DAY,))
        assert (after.upvotes, after.comments) == (8, 3)
        with store.reading() as connection:
            assert daily.latest(connection) == DAY
            assert [paper.id for paper in daily.papers_of(connection, DAY)] == [after.id]

    def test_h7_a_paper_shown_again_stays_on_the_page_it_was_first_on(self, store: Store) -> None:
        again = on_the_daily_page(daily=(Daily(date(2024, 1, 9)),))
        for order in ((on_the_daily_page(), again), (again, on_the_daily_page())):
            empty(store)
            for each in order:
                keep(store, [each], at=AT)
            paper = the_paper(store)
            assert paper.days == (DAY, date(2024, 1, 9))
            with store.reading() as connection:
                assert daily.entries(connection, [paper.id]) == {(DAY.isoformat(), paper.id)}

    def test_h8_every_paper_that_was_shown_is_on_one_daily_page_and_that_is_its_home(self, store: Store) -> None:
        chance = Random(8)
        for number in range(1, 200):
            days = [date(2026, 12, 20) + timedelta(days=chance.randrange(30)) for _ in range(chance.randint(0, 4))]
            for some in (days[:2], days[2:]):
                keep(store, [record(number, daily=tuple(map(Daily, some)))], at=AT)
        with store.reading() as connection:
            shelf = papers.stream(connection, 0, 1_000)
            entries = sorted(daily.entries(connection, [paper.id for paper in shelf]))
        homes = [(home.isoformat(), paper.id) for paper in shelf if paper.days and (home := home_day(paper.days))]
        assert entries == sorted(homes)
        assert len(shelf) == 199
        assert 0 < len(entries) < 199

    def test_h7_a_withdrawn_paper_is_shown_as_withdrawn_in_any_order_and_its_past_stays(self, store: Store) -> None:
        gone = latest_only(3, withdrawn=True, abstract="", comment="This paper has been withdrawn by the authors")
        for order in permutations((latest_only(1), latest_only(2), gone)):
            empty(store)
            keep(store, [on_the_daily_page()], at=AT)
            for each in order:
                keep(store, [each], at=AT)
            paper = the_paper(store)
            assert (paper.withdrawn, paper.abstract, paper.days) == (True, "", (DAY,))
            told = history(house_around(store), paper).tellings
            assert [each.withdrawn for each in told] == [False, False, True]

    def test_h7_a_paper_that_its_source_has_taken_back_is_withdrawn_and_keeps_its_history(self, store: Store) -> None:
        keep(store, [latest_only(1)], at=AT)
        keep(store, [latest_only(2)], at=AT)
        keep(store, [Record(source="arxiv", key="2401.00001#arXiv", title="", deleted=True, observed=AT)], at=AT)
        paper = the_paper(store)
        assert (paper.title, paper.withdrawn) == ("Napkins in version 2", True)
        told = history(house_around(store), paper).tellings
        assert [(each.title, each.taken_back) for each in told] == [
            ("Napkins in version 1", False),
            ("Napkins in version 2", True),
        ]

    def test_an_edition_is_kept_only_when_the_text_changes(self, store: Store) -> None:
        first = latest_only(1, observed=AT)
        changes = {"comment": "12 pages", "categories": ("cs.CL",), "versions": (Version(1, "2024-01-01"),)}
        for number, (name, value) in enumerate(changes.items(), 1):
            first = replace(first, **{name: value, "observed": AT + timedelta(days=number)})
            keep(store, [first], at=AT)
        assert rows(store)["editions"] == []
        keep(store, [replace(first, authors=(Author("Bo Chen"),), observed=AT + timedelta(days=9))], at=AT)
        assert len(rows(store)["editions"]) == 1

    def test_what_only_adds_to_a_paper_has_no_history(self, store: Store) -> None:
        keep(store, [version(1)], at=AT)
        added = version(2, source="crossref", version=0)
        for number in range(2):
            told = replace(added, title=f"Napkins, edited {number}", observed=AT + timedelta(days=number))
            keep(store, [told], at=AT)
        assert rows(store)["editions"] == []
        assert not has_history(house_around(store), the_paper(store))
        assert len(history(house_around(store), the_paper(store)).tellings) == 1

    def test_keeping_versions_again_writes_nothing(self, store: Store) -> None:
        told = [latest_only(number) for number in (3, 1, 2)]
        for each in told:
            keep(store, [each], at=AT)
        before = rows(store)
        for each in (*told, *reversed(told)):
            keep(store, [each], at=AT + timedelta(days=1))
        keep(store, told, at=AT + timedelta(days=1))
        assert rows(store) == before

    def test_a_source_that_goes_to_and_fro_is_remembered_in_bounds(self, store: Store) -> None:
        for number in range(editions.MOST + 50):
            at = AT + timedelta(hours=number)
            keep(store, [latest_only(1, title=f"Napkins number {number}", observed=at)], at=at)
        with store.reading() as connection:
            assert editions.count(connection) == editions.MOST
        assert the_paper(store).title == f"Napkins number {editions.MOST + 49}"

    def test_an_unchanged_batch_asks_for_no_editions(self, store: Store, statements: list[str]) -> None:
        told = [record(number) for number in range(1, 50)]
        keep(store, told, at=AT)
        statements.clear()
        keep(store, told, at=AT)
        assert [statement for statement in statements if "editions" in statement] == []
