"""The same paper is never sent twice to anybody: across subscriptions, versions, sources, merges and partings."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.empty_store import empty_home
from tests.flow.digests.sending_by_hand import composed, send, subscribe
from tests.papers import record
from tests.readers import make_reader

from broadsheet.errors import Conflict, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.scoring import follow
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.ids import ExternalId
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.record import Daily, Record, Signal
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber
from broadsheet.settings import Settings
from broadsheet.store import papers
from broadsheet.wiring import open_house

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORKS = 5
SCHEMES = {"arxiv": "2401.{:05d}", "acl": "2024.napkins-long.{}"}
DAY, TRENDING, OF_WEEK, LABEL = (
    Selection("day"),
    Selection("trending", "all"),
    Selection("trending", "week"),
    Selection("label", "ann/good-ones"),
)
# Whoever searches the index too is asked for less often: each look at it takes a while.
SEARCHES = (Selection("search", query=Query(text="folded")), Selection("category", "cs.CL"))
works, sources = st.integers(1, WORKS), st.sampled_from(sorted(SCHEMES))
acts = st.one_of(
    st.tuples(st.just("arrives"), works, sources, st.integers(0, 3)),
    st.tuples(st.just("is told anew"), works, sources, st.integers(0, 3)),
    st.tuples(st.just("is one with"), works, sources, works, sources),
    st.tuples(st.just("is parted"), st.integers(0, 3)),
    st.tuples(st.just("is labelled"), works, sources),
    st.tuples(st.just("is sent"), st.integers(0, 2)),
)


def external_id(work: int, source: str) -> ExternalId:
    """Name a work as a source does."""
    return ExternalId(source, SCHEMES[source].format(work))


def told(work: int, source: str, days_ago: int, **more: Any) -> Record:
    """Tell of a work as one source does: under a title and authors that nothing is known to share with others."""
    return record(
        work,
        source=source,
        ids=(external_id(work, source),),
        title=f"How {source} tells of the folding of napkin {work}",
        authors=(f"Ann {source} {'Lee' * work}", f"Bo {source} {'Chen' * work}"),
        daily=(Daily((NOW - timedelta(days=days_ago)).date()),),
        signals=(Signal("upvotes", work, NOW),),
        categories=("cs.CL",),
        published="2026-11-18",
        **more,
    )


class History:
    """A house in which papers come, become one and are parted, and what was sent to whom."""

    def __init__(self, house: House, owner: Reader, everybody: list[Subscriber], *, indexed: bool) -> None:
        self.house, self.owner, self.everybody, self.indexed = house, owner, everybody, indexed
        self.sent: dict[int, set[int]] = {each.id: set() for each in everybody}
        self.times = 0

    def happen(self, act: tuple[Any, ...]) -> None:
        """Let one thing happen."""
        self.times += 1
        # Time goes on, for all but the calendar.
        self.house = replace(self.house, clock=lambda: NOW + timedelta(seconds=self.times))
        what, *how = act
        match what:
            case "arrives":
                self._keep(told(*how))
            case "is told anew":
                self._keep(told(*how, version=self.times, abstract=f"Told anew: folded {self.times} times."))
            case "is one with":
                self._join(*how)
            case "is parted":
                self._part(*how)
            case "is labelled":
                self._label(*how)
            case "is sent":
                self._send(self.everybody[how[0]])

    def _keep(self, *records: Record) -> None:
        keep(self.house.store, records, at=self.house.clock())
        follow(self.house)
        if self.indexed:
            catch_up(self.house)

    def _join(self, one: int, source: str, other: int, other_source: str) -> None:
        both = (external_id(one, source), external_id(other, other_source))
        self._keep(replace(told(one, source, 0), source="somebody", key=f"{both}", ids=both, daily=()))

    def _part(self, back: int) -> None:
        done = [merge for merge in merges(self.house) if not merge.undone]
        if len(done) > back:
            try:
                undo_merge(self.house, done[back].id)
            except Conflict:
                return
            self._keep()

    def _label(self, work: int, source: str) -> None:
        try:
            labels.put(self.house, self.owner, "good-ones", external_id(work, source).slug)
        except NotFound:
            return

    def _send(self, subscriber: Subscriber) -> None:
        digest = composed(self.house, subscriber)
        if digest is None:
            return
        numbers = [paper.id for paper in digest.papers]
        assert len(numbers) == len(set(numbers))
        with self.house.store.reading() as connection:
            standing = papers.standing(connection, self.sent[subscriber.id] | set(numbers))
        assert all(standing[number].is_live for number in numbers)
        known = {standing[number].merged_into or number for number in self.sent[subscriber.id]}
        assert known.isdisjoint(numbers)
        self.sent[subscriber.id].update(numbers)
        send(self.house, subscriber, digest, str(self.times))


@contextmanager
def history(*, indexed: bool) -> Iterator[History]:
    """Open a house with a label and three subscribers whose lists overlap."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_house(Settings(home=empty_home(Path(folder)), digest_papers=3), clock=lambda: NOW) as house,
    ):
        owner = make_reader(house, "ann")
        labels.make(house, owner, Wanted("Good ones", seen_by="all"))
        before = NOW - timedelta(days=9)
        extra = SEARCHES if indexed else ()
        lists = ((DAY, TRENDING, *extra), (LABEL, *extra, OF_WEEK, DAY), (TRENDING, LABEL, *extra))
        everybody = [subscribe(house, *each, at=before) for each in lists]
        yield History(house, owner, everybody, indexed=indexed)


@settings(max_examples=60)
@given(st.lists(acts, min_size=10, max_size=40))
def test_the_same_paper_is_never_sent_twice_whatever_happens(happened: list[tuple[Any, ...]]) -> None:
    with history(indexed=False) as told_of:
        for act in happened:
            told_of.happen(act)


@settings(max_examples=4)
@given(st.lists(acts, min_size=8, max_size=15))
def test_nor_is_it_by_way_of_what_searches_find(happened: list[tuple[Any, ...]]) -> None:
    with history(indexed=True) as told_of:
        for act in happened:
            told_of.happen(act)


def test_two_that_were_sent_together_stay_sent_when_they_are_merged_and_parted() -> None:
    with history(indexed=False) as told_of:
        for act in (
            ("arrives", 1, "arxiv", 0),
            ("arrives", 2, "arxiv", 0),
            ("is sent", 0),
            ("is one with", 1, "arxiv", 2, "arxiv"),
            ("is parted", 0),
            ("is sent", 0),
        ):
            told_of.happen(act)
        assert told_of.sent[told_of.everybody[0].id] == {1, 2}
        assert composed(told_of.house, told_of.everybody[0]) is None
