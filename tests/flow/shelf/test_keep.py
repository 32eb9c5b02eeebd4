"""Which records become one paper, in whatever order they come, and what a kill leaves behind."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts.store import arxiv_version
from tests.empty_store import empty_store
from tests.papers import AT, house_around, record, shown

from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.model.record import Daily, Record, Signal
from broadsheet.store import papers
from broadsheet.store.connect import Connection, Store, open_store
from broadsheet.store.schema import metadata

TITLES = ("Folding of Napkins with Graphs", "Counting of Sheep at Scale", "Preface")
IDS = ("arxiv:2401.00001", "arxiv:2401.00002", "acl:2024.acl-long.1", "doi:10.1/a", "doi:10.1/b", "doi:10.2/c")
AUTHORS = (("Ann Lee", "Bo Chen"), ("Lee, Ann", "Chen, Bo"), ("Cy Young",), ())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(empty_store(tmp_path / "papers.db"), clock=lambda: AT)
    yield opened
    opened.close()


@dataclass(frozen=True)
class OneTransaction:
    """A store whose transactions are all one, so that what a test kept can be taken back in a moment."""

    connection: Connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        yield self.connection

    @contextmanager
    def aside(self) -> Iterator[Store]:
        self.connection.exec_driver_sql("SAVEPOINT aside")
        yield cast("Store", self)
        self.connection.exec_driver_sql("ROLLBACK TO aside")

    def rows(self) -> list[Any]:
        return [sorted(map(tuple, self.connection.execute(table.select()))) for table in metadata.sorted_tables]

    def shown(self) -> list[Any]:
        found = papers.stream(self.connection, 0, 10_000)
        return sorted((replace(paper, id=0) for paper in found), key=lambda paper: paper.slug)


@st.composite
def tellings(draw: st.DrawFn) -> list[Record]:
    """Draw a handful of records that may or may not tell of the same works."""
    made = []
    for number in range(draw(st.integers(2, 6))):
        versioned = draw(st.booleans())
        gone = draw(st.integers(0, 5)) == 0
        days = (Daily(AT.date()),) if draw(st.booleans()) else ()
        signals = (Signal("upvotes", draw(st.integers(0, 3)), AT + timedelta(draw(st.integers(0, 2)))),)
        made.append(
            record(
                number,
                source=draw(st.sampled_from(("arxiv", "acl", "hf", "saved-page"))),
                key="shared" if versioned else draw(st.sampled_from(("often", str(number)))),
                version=number if versioned else 0,
                title="" if gone else draw(st.sampled_from(TITLES)),
                deleted=gone,
                observed=AT + timedelta(draw(st.integers(0, 2))),
                abstract=draw(st.sampled_from(("", "Napkins are folded, again and again, until they are flat."))),
                ids=draw(st.lists(st.sampled_from(IDS), max_size=2, unique=True)),
                authors=draw(st.sampled_from(AUTHORS)),
                published=draw(st.sampled_from(("", "2019", "2024", "2024-01-02"))),
                updated=draw(st.sampled_from(("", "2024-01-05", "2024-02-05"))),
                daily=days,
                signals=signals,
                withdrawn=draw(st.booleans()),
            )
        )
    return made


def test_the_papers_do_not_depend_on_the_order_or_the_batches(store: Store) -> None:
    @settings(max_examples=100, deadline=None)
    @given(made=tellings(), data=st.data())
    def check(made: list[Record], data: st.DataObject) -> None:
        other = data.draw(st.permutations(made))
        cut = data.draw(st.integers(0, len(other)))
        with store.writing() as connection:
            once = OneTransaction(connection)
            with once.aside() as aside:
                for one in made:
                    keep(aside, [one], at=AT)
                expected = once.shown()
                assert papers.faults(connection) == ()
                assert len({paper.slug for paper in expected}) == len(expected)
                before = once.rows()
                keep(aside, made, at=AT + timedelta(9))
                assert once.rows() == before
            with once.aside() as aside:
                keep(aside, other[:cut], at=AT)
                keep(aside, other[cut:], at=AT)
                assert once.shown() == expected

    check()


def test_versions_in_each_of_their_orders_end_with_the_same_paper(store: Store) -> None:
    told = [arxiv_version(number) for number in range(1, 6)]
    told[1] = replace(told[1], withdrawn=True, abstract="")
    first = replace(record(9), ids=told[0].ids, signals=(Signal("upvotes", 8, AT),), daily=(Daily(AT.date()),))
    outcomes = []
    with store.writing() as connection:
        once = OneTransaction(connection)
        for order in permutations(told):
            with once.aside() as aside:
                for one in (first, *order):
                    keep(aside, [one], at=AT)
                outcomes.append(once.shown())
    assert len(outcomes) == 120
    assert all(outcome == outcomes[0] for outcome in outcomes)
    (paper,) = outcomes[0]
    assert [version.number for version in paper.versions] == [1, 2, 3, 4, 5]
    assert (paper.upvotes, paper.days) == (8, (AT.date(),))


def test_undoing_the_last_merge_shows_what_was_shown_before(store: Store) -> None:
    one = record(1, signals=(Signal("upvotes", 3, AT),))
    two = record(2, ids=("acl:2024.acl-long.2",), title=one.title)
    keep(store, [one, record(3)], at=AT)
    before = shown(store)
    keep(store, [two], at=AT)
    undo_merge(house_around(store), merges(house_around(store))[0].id)
    after = shown(store)
    assert [paper for paper in after if paper.slug != "acl/2024.acl-long.2"] == before
    assert len(after) == len(before) + 1


def test_a_volume_id_on_many_papers_keeps_them_apart(store: Store) -> None:
    volume = [
        record(n, ids=(f"acl:2024.acl-long.{n}", "doi:10.1/volume"), authors=(f"Ann Author{n}",)) for n in range(1, 30)
    ]
    assert keep(store, volume, at=AT).new == 29
    assert len({paper.slug for paper in shown(store)}) == 29


def test_different_arxiv_ids_are_different_papers_whatever_the_title(store: Store) -> None:
    keep(store, [record(1), record(2, title=record(1).title, abstract=record(1).abstract)], at=AT)
    assert len(shown(store)) == 2


def test_a_record_without_any_id_has_a_page_of_its_own_that_leads_on_when_it_joins(store: Store) -> None:
    keep(store, [record(1, ids=())], at=AT)
    (alone,) = shown(store)
    assert alone.slug.startswith("local/")
    keep(store, [record(2, title=record(1).title)], at=AT)
    (joined,) = shown(store)
    assert joined.slug == "2401.00002"
    assert [i.scheme for i in joined.ids] == ["arxiv"]
    with store.reading() as connection:
        found = papers.find(connection, alone.ids[0])
    assert found is not None
    assert replace(found, id=0) == joined


def test_a_changed_title_parts_what_only_the_title_had_joined(store: Store) -> None:
    one, two = record(1), record(2, ids=("acl:2024.acl-long.2",), title=record(1).title)
    keep(store, [one, two], at=AT)
    assert len(shown(store)) == 1
    renamed = replace(two, title="Something Else about Tea", abstract="", observed=AT + timedelta(days=1))
    assert keep(store, [renamed], at=AT).new == 1
    assert [paper.title for paper in shown(store)] == [one.title, renamed.title]
    with store.reading() as connection:
        found = papers.find(connection, two.ids[0])
        assert found is not None
        assert found.title == renamed.title
        assert papers.faults(connection) == ()


def test_keeping_stays_fast(store: Store) -> None:
    batches = [[record(2_000 * b + n, abstract="Napkins. " * 130) for n in range(2_000)] for b in range(5)]
    keep(store, batches[0], at=AT)
    started = time.process_time()
    for batch in batches[1:]:
        keep(store, batch, at=AT)
    # The aim is 110 us; a machine under load may take a few times that, a quadratic step would take a hundred.
    assert (time.process_time() - started) / 8_000 < 500e-6


KEEPER = """
import sys
from tests.papers import AT, record
from broadsheet.flow.shelf.keep import keep
from broadsheet.store.connect import open_store
store = open_store(sys.argv[1], clock=lambda: AT)
print("open", flush=True)
number = 0
while True:
    numbers = range(number, number + 200)
    batch = [record(n, title=f"Napkin {n // 2} of many", ids=() if n % 2 else None) for n in numbers]
    keep(store, batch, at=AT)
    number += 200
"""


def test_a_kill_leaves_whole_batches_only(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'papers.db'}"
    dice = random.Random(7)
    for _ in range(8):
        worker = subprocess.Popen(
            [sys.executable, "-c", KEEPER, url],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(dice.uniform(0.01, 0.5))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        store = open_store(url, clock=lambda: AT)
        with store.reading() as connection:
            assert papers.faults(connection) == ()
            counts = papers.counts(connection)
        store.close()
        assert counts["records"] % 200 == 0
        assert counts["papers"] * 2 == counts["records"]
    assert counts["records"] > 0
