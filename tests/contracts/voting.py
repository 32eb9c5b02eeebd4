"""What every store must do with upvotes and the order of papers; ``tests/store`` runs this against each database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from threading import Event

import pytest
from tests.papers import AT, house_around, record
from tests.readers import make_reader

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow import daily
from broadsheet.flow.house import House
from broadsheet.flow.scoring import follow, rescore_stars, tell_index
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.flow.voting import crowds, trending
from broadsheet.flow.voting.replay import replay, verify
from broadsheet.flow.voting.upvote import cast, take_back
from broadsheet.model.reader import Reader
from broadsheet.model.record import Daily, Link, Signal
from broadsheet.model.weeks import read_month, read_week
from broadsheet.store import changes, scores, upvotes
from broadsheet.store.connect import Store
from broadsheet.store.evidence_log import append
from broadsheet.store.schema_accounts import readers as reader_rows
from broadsheet.store.scores import Score

DAY = timedelta(days=1)
OLD = AT - 100 * DAY


def slug(number: int) -> str:
    return f"2401.{number:05d}"


def shelf(store: Store, count: int = 3, *, at: datetime = AT) -> House:
    """Give a house with papers, and nothing that speaks for them."""
    keep(store, [record(number) for number in range(1, count + 1)], at=at)
    return at_time(house_around(store), at)


def at_time(house: House, at: datetime, **settings: object) -> House:
    return replace(house, clock=lambda: at, settings=replace(house.settings, **settings))  # type: ignore[arg-type]


def readers(house: House, count: int, *, since: datetime = OLD) -> list[Reader]:
    made = at_time(house, since)
    return [make_reader(made, f"reader-{since:%j}-{number}") for number in range(count)]


def score(house: House, number: int) -> Score | None:
    with house.store.reading() as connection:
        return scores.one(connection, number)[0]


def counts(house: House, number: int) -> tuple[int, int]:
    found = score(house, number)
    return (found.upvotes, found.waiting) if found else (0, 0)


def check(house: House) -> None:
    """Hold counters to rows, and the stored order to the log."""
    assert verify(house).agrees


def together(verbs: Sequence[Callable[[], object]]) -> None:
    """Run verbs beside each other."""
    with ThreadPoolExecutor(len(verbs)) as pool:
        for future in [pool.submit(verb) for verb in verbs]:
            future.result(60)


class VotingContract:
    """Each test gets an empty store as ``store``."""

    def test_an_upvote_counts_once_and_can_be_taken_back(self, store: Store) -> None:
        house = shelf(store)
        ann, bo = readers(house, 2)
        for reader in (ann, bo, ann):
            cast(house, reader, slug(1))
        assert counts(house, 1) == (2, 0)
        take_back(house, ann, slug(1))
        take_back(house, ann, slug(1))
        assert counts(house, 1) == (1, 0)
        cast(house, ann, slug(1))
        assert counts(house, 1) == (2, 0)
        check(house)

    def test_readers_who_upvote_at_once_all_count_and_each_once(self, store: Store) -> None:
        house = shelf(store, 2)
        voters = readers(house, 8)
        pairs = [*product(voters, (1, 2)), *product(voters, (1, 2))]
        together([lambda r=reader, n=number: cast(house, r, slug(n)) for reader, number in pairs])  # type: ignore[misc]
        assert (counts(house, 1), counts(house, 2)) == ((8, 0), (8, 0))
        together([lambda r=reader: take_back(house, r, slug(1)) for reader in voters[:4] * 2])  # type: ignore[misc]
        assert counts(house, 1) == (4, 0)
        check(house)

    def test_a_reader_sees_which_papers_are_upvoted_in_one_statement(self, store: Store, statements: list[str]) -> None:
        house = shelf(store)
        ann, bo = readers(house, 2)
        cast(house, ann, slug(1))
        cast(house, bo, slug(2))
        with store.reading() as connection:
            statements.clear()
            assert upvotes.of_reader(connection, ann.id, [1, 2, 3]) == {1: ""}
            assert len(statements) == 1

    def test_an_upvote_takes_few_statements(self, store: Store, statements: list[str]) -> None:
        house = shelf(store)
        ann, bo = readers(house, 2)
        cast(house, ann, slug(1))
        statements.clear()
        cast(house, bo, slug(1))
        written = [each for each in statements if each.split()[0] in {"INSERT", "UPDATE", "DELETE"}]
        assert len(written) == 4
        assert len(statements) <= 12  # two of them to take turns on PostgreSQL

    def test_who_is_suspended_may_not_and_no_paper_is_no_paper(self, store: Store) -> None:
        house = shelf(store)
        (ann,) = readers(house, 1)
        with pytest.raises(Refused):
            cast(house, replace(ann, state="suspended"), slug(1))
        with pytest.raises(Refused):
            take_back(house, replace(ann, state="gone"), slug(1))
        with pytest.raises(NotFound):
            cast(house, ann, "2401.99999")

    def test_upvotes_of_a_new_account_wait_until_it_is_old_enough(self, store: Store) -> None:
        house = shelf(store)
        (new,) = readers(house, 1, since=AT - DAY)
        cast(house, new, slug(1))
        assert counts(house, 1) == (0, 1)
        assert [paper.upvotes for paper in trending.page(house).papers] == []
        assert crowds.judge(house) == 0
        later = at_time(house, AT + 2 * DAY)
        assert crowds.judge(later) == 1
        assert counts(later, 1) == (1, 0)
        check(later)

    def test_who_is_vouched_for_need_not_wait(self, store: Store) -> None:
        house = shelf(store)
        (old,) = readers(house, 1)
        moderator = make_reader(house, "moderator", role="moderator")
        guest = make_reader(house, "guest")
        with store.writing() as connection:
            connection.execute(reader_rows.update().where(reader_rows.c.id == guest.id).values(invited_by=old.id))
        cast(house, moderator, slug(1))
        cast(house, guest, slug(1))
        assert counts(house, 1) == (2, 0)
        cast(at_time(house, AT, probation_h=0.0), make_reader(house, "new"), slug(1))
        assert counts(house, 1) == (3, 0)

    def test_what_waits_can_be_taken_back(self, store: Store) -> None:
        house = shelf(store)
        (new,) = readers(house, 1, since=AT)
        cast(house, new, slug(1))
        take_back(house, new, slug(1))
        assert counts(house, 1) == (0, 0)
        check(house)

    def test_upvotes_here_and_those_of_sources_make_one_number(self, store: Store) -> None:
        house = shelf(store, 0)
        told = [
            record(number, signals=(Signal("upvotes", number, AT),), daily=(Daily(date(2024, 1, 3)),))
            for number in (1, 2, 3)
        ]
        keep(store, told, at=AT)
        for reader in readers(house, 3):
            cast(house, reader, slug(1))
        page = daily.page(house, date(2024, 1, 3))
        assert [(paper.id, paper.upvotes) for paper in page.papers] == [(1, 4), (3, 3), (2, 2)]
        with store.reading() as connection:
            at = changes.head(connection)
        assert tell_index(house) == 1
        assert tell_index(house) == 0
        with store.reading() as connection:
            assert [paper_id for _, paper_id in changes.after(connection, at, 10)] == [1]

    def test_a_count_at_the_end_of_all_numbers_stays_one(self, store: Store) -> None:
        house = shelf(store, 0)
        keep(store, [record(1, signals=(Signal("upvotes", 2**63 - 1, AT),), daily=(Daily(AT.date()),))], at=AT)
        (ann,) = readers(house, 1)
        cast(house, ann, slug(1))
        assert daily.page(house).papers[0].upvotes == 2**63 - 1

    def test_what_sources_tell_moves_papers_when_it_is_followed(self, store: Store) -> None:
        house = shelf(store)
        assert follow(house) == 3
        assert trending.page(house).papers == ()
        keep(store, [record(2, signals=(Signal("upvotes", 50, AT),))], at=AT)
        assert follow(house) == 1
        assert follow(house) == 0
        assert [paper.id for paper in trending.page(house).papers] == [2]
        check(house)

    def test_a_paper_dated_ahead_appeared_when_it_was_heard_of(self, store: Store) -> None:
        house = shelf(store, 0)
        told = (Signal("upvotes", 1, AT),)
        keep(store, [record(1, published="2099-01-01", signals=told), record(2, published="2026-11-20")], at=AT)
        follow(house)
        for reader in readers(house, 3):
            cast(house, reader, slug(2))
        assert [paper.id for paper in trending.page(house).papers] == [2, 1]
        keep(store, [record(1, published="2099-01-01", signals=(Signal("upvotes", 2, AT),))], at=AT)
        follow(at_time(house, AT + DAY))
        found = score(house, 1)
        assert found is not None
        assert datetime.fromisoformat(found.born) == AT
        check(house)

    def test_stars_count_by_what_a_week_brought(self, store: Store) -> None:
        house = shelf(store, 0)
        link = (Link("code", "https://github.com/example/napkins"),)
        for days, stars in ((9, 10), (4, 100), (0, 140)):
            told = (Signal("stars", stars, AT - days * DAY),)
            keep(store, [record(1, links=link, signals=told)], at=AT)
            follow(house)
        found = score(house, 1)
        assert found is not None
        assert found.stars_per_day == 10_000
        later = at_time(house, AT + 8 * DAY)
        rescore_stars(later, Event())
        assert score(house, 1) is None
        check(house)

    def test_the_order_of_any_moment_can_be_made_again(self, store: Store) -> None:
        house = shelf(store, 4)
        voters = readers(house, 5)
        seen = {}
        for hour, (reader, number) in enumerate([(0, 1), (1, 2), (2, 2), (3, 4), (4, 4), (0, 4), (1, 1)]):
            now = at_time(house, AT + timedelta(hours=hour))
            cast(now, voters[reader], slug(number))
            seen[now.clock()] = replay(now)
            check(now)
        take_back(at_time(house, AT + DAY), voters[0], slug(1))
        last = AT + 2 * DAY
        take_back(at_time(house, last), voters[1], slug(1))
        seen[last] = replay(house)
        assert {at: replay(house, at) for at in seen} == seen
        assert len({order.digest for order in seen.values()}) == len(seen)
        assert replay(house, AT - DAY).papers == ()
        check(house)

    def test_a_clock_that_lags_writes_no_entry_before_another(self, store: Store) -> None:
        house = shelf(store)
        (ann, bo) = readers(house, 2)
        cast(house, ann, slug(1))
        cast(at_time(house, AT - DAY), bo, slug(1))
        assert replay(house, AT - DAY).papers == ()
        assert replay(house, AT) == replay(house)

    def test_what_is_stored_and_not_in_the_log_is_noticed(self, store: Store) -> None:
        house = shelf(store)
        (ann,) = readers(house, 1)
        cast(house, ann, slug(1))
        with store.writing() as connection:
            append(connection, [(1, "upvotes", 7)], AT)
        assert not verify(house).agrees
        with store.writing() as connection:
            append(connection, [(1, "upvotes", 1)], AT)
            row = scores.one(connection, 1)[0]
            assert row is not None
            scores.count(connection, row._replace(waiting=1))
        assert verify(house).miscounted == (1,)

    def test_upvotes_follow_a_merged_paper_and_come_back(self, store: Store) -> None:
        house = shelf(store)
        ann, bo, cy = readers(house, 3)
        for reader, number in ((ann, 1), (ann, 2), (bo, 2), (cy, 1)):
            cast(at_time(house, AT + timedelta(minutes=number)), reader, slug(number))
        keep(store, [record(9, ids=(f"arxiv:{slug(1)}", f"arxiv:{slug(2)}"))], at=AT)
        assert (counts(house, 1), counts(house, 2)) == ((3, 0), (0, 0))
        assert [paper.id for paper in trending.page(house).papers] == [1]
        check(house)
        undo_merge(house, merges(house)[0].id)
        assert (counts(house, 1), counts(house, 2)) == ((2, 0), (2, 0))
        check(house)

    def test_an_upvote_taken_back_from_a_merged_paper_does_not_come_back(self, store: Store) -> None:
        house = shelf(store)
        ann, bo = readers(house, 2)
        for reader in (ann, bo):
            cast(house, reader, slug(2))
        keep(store, [record(9, ids=(f"arxiv:{slug(1)}", f"arxiv:{slug(2)}"))], at=AT)
        take_back(house, ann, slug(2))
        assert counts(house, 1) == (1, 0)
        undo_merge(house, merges(house)[0].id)
        assert (counts(house, 1), counts(house, 2)) == ((0, 0), (1, 0))
        check(house)

    def test_of_three_merged_papers_one_can_be_parted(self, store: Store) -> None:
        house = shelf(store)
        ann, bo, cy = readers(house, 3)
        for reader, number in ((ann, 2), (ann, 3), (bo, 3), (cy, 1)):
            cast(at_time(house, AT + timedelta(minutes=number)), reader, slug(number))
        keep(store, [record(8, ids=(f"arxiv:{slug(1)}", f"arxiv:{slug(2)}"))], at=AT)
        keep(store, [record(9, ids=(f"arxiv:{slug(1)}", f"arxiv:{slug(3)}"))], at=AT)
        assert counts(house, 1) == (3, 0)
        undo_merge(house, merges(house)[0].id)
        assert sorted(counts(house, number) for number in (1, 2, 3)) == [(0, 0), (2, 0), (2, 0)]
        check(house)

    def test_another_formula_makes_all_keys_anew(self, store: Store) -> None:
        house = shelf(store)
        for number, reader in zip((1, 2, 2), readers(house, 3), strict=True):
            cast(house, reader, slug(number))
        follow(house)
        before = replay(house)
        lobsters = at_time(house, AT, trending_formula="lobsters")
        follow(lobsters)
        check(lobsters)
        assert replay(lobsters).digest != before.digest
        hacker_news = at_time(house, AT, trending_formula="hackernews")
        follow(hacker_news)
        assert [paper.id for paper in trending.page(hacker_news).papers] == [2, 1]
        assert replay(hacker_news) == before
        check(hacker_news)
        with pytest.raises(Invalid, match="no formula"):
            follow(at_time(house, AT, trending_formula="digg"))

    def test_trending_can_be_had_by_day_and_week(self, store: Store) -> None:
        house = shelf(store, 0)
        for number, days in ((1, 0), (2, 3), (3, 30)):
            keep(store, [record(number, daily=(Daily((AT - days * DAY).date()),))], at=AT)
        for number, reader in zip((1, 2, 3), readers(house, 3), strict=True):
            cast(house, reader, slug(number))
        spans = {span: [paper.id for paper in trending.page(house, span).papers] for span in trending.SPANS}
        assert spans == {"all": [1, 2, 3], "week": [1, 2], "day": [1]}

    def test_a_week_and_a_month_hold_what_their_days_hold(self, store: Store) -> None:
        house = shelf(store, 0)
        days = (date(2026, 3, 2), date(2026, 3, 8), date(2026, 3, 9), date(2026, 4, 1))
        keep(store, [record(n, daily=(Daily(day),)) for n, day in enumerate(days, 1)], at=AT)
        (ann,) = readers(house, 1)
        cast(house, ann, slug(2))
        week = daily.span_page(house, read_week("2026-W10"), reader=ann)
        assert ([paper.id for paper in week.papers], week.total) == ([2, 1], 2)
        assert (week.previous, str(week.next), week.mine) == (None, "2026-W11", {2: ""})
        month = daily.span_page(house, read_month("2026-04"))
        assert ([paper.id for paper in month.papers], str(month.previous), month.next) == ([4], "2026-03", None)
