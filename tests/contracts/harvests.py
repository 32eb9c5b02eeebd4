"""What every store must do with sources, their runs and leases; ``tests/store`` runs this against each database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.papers import AT

from broadsheet.errors import Conflict
from broadsheet.model.harvest import Source
from broadsheet.store import leases, runs, sources
from broadsheet.store.connect import Store

HOUR = timedelta(hours=1)


def source(name: str, **told: object) -> Source:
    return replace(Source(name=name, kind="arxiv", target="cs:cs:CL", every_s=3600, at=AT, next_at=AT), **told)


class HarvestContract:
    """Each test gets an empty store as ``store``."""

    def test_a_source_comes_back_as_it_was_saved(self, store: Store) -> None:
        with store.writing() as connection:
            told = sources.add(connection, source("arxiv-cs", since=AT.date()))
            other = replace(told, mark={"from": "2026-11-01"}, ask={"url": "https://x"}, want={}, failures=3)
            other = replace(other, trouble="It is down.", succeeded_at=AT)
            sources.pause(connection, told.id)
            sources.save(connection, other)
        with store.reading() as connection:
            assert sources.by_name(connection, "arxiv-cs") == replace(other, paused=True)
            assert sources.by_name(connection, "arxiv") is None

    @pytest.mark.parametrize("text", ["\0", "\\u0000", "\ud800", "\u2028", '"', "é" * 9, "x" * 100_000])
    def test_whatever_an_adapter_remembers_can_be_kept(self, store: Store, text: str) -> None:
        mark = {text: [text, {"deep": None, "count": 2**70}]}
        with store.writing() as connection:
            known = sources.add(connection, source("odd"))
            sources.save(connection, replace(known, mark=mark, ask={"url": text}))
            found = sources.by_name(connection, "odd")
        assert found == replace(known, mark=mark, ask={"url": text})

    @pytest.mark.parametrize("by_hand", [True, False])
    def test_why_a_source_rests_outlives_its_runs_and_ends_when_it_is_resumed(
        self, store: Store, *, by_hand: bool
    ) -> None:
        with store.writing() as connection:
            told = sources.add(connection, source("arxiv-cs"))
            for message in ("Before.", "403"):
                run = runs.begin(connection, told.id, AT)
                runs.save(connection, replace(run, outcome="refused", message=message, ended_at=AT))
            sources.pause(connection, told.id, by_hand=by_hand)
            runs.prune(connection, AT + HOUR)
            sources.pause(connection, told.id, by_hand=not by_hand)
            sources.save(connection, replace(told, failures=1, trouble="It is down."))
            rests = sources.by_name(connection, "arxiv-cs")
            sources.resume(connection, told.id, AT)
            awake = sources.by_name(connection, "arxiv-cs")
        assert rests is not None
        assert (rests.paused, rests.refused, rests.trouble) == (True, "" if by_hand else "403", "It is down.")
        assert awake is not None
        assert (awake.paused, awake.refused) == (False, "")

    def test_a_name_is_given_once(self, store: Store) -> None:
        with store.writing() as connection:
            sources.add(connection, source("hf"))
        with pytest.raises(Conflict, match="“hf” already"), store.writing() as connection:
            sources.add(connection, source("hf"))

    def test_due_is_what_runs_by_itself_and_whose_time_has_come(self, store: Store) -> None:
        with store.writing() as connection:
            for each in (
                source("late", next_at=AT - HOUR),
                source("now"),
                source("later", next_at=AT + HOUR),
                source("paused", paused=True),
                source("by-hand", every_s=0),
                source("latest", next_at=AT - 2 * HOUR),
            ):
                sources.add(connection, each)
        with store.reading() as connection:
            assert [each.name for each in sources.due(connection, AT)] == ["latest", "late", "now"]
            assert len(sources.everything(connection)) == 6

    def test_a_source_is_forgotten_with_its_runs(self, store: Store) -> None:
        with store.writing() as connection:
            gone, stays = sources.add(connection, source("gone")), sources.add(connection, source("stays"))
            for each in (gone, stays):
                runs.begin(connection, each.id, AT)
            sources.remove(connection, gone)
            assert runs.latest(connection, gone.id, 5) == ()
            assert len(runs.latest(connection, stays.id, 5)) == 1
            assert [each.name for each in sources.everything(connection)] == ["stays"]

    def test_a_run_left_by_a_dead_process_ends_when_the_next_begins(self, store: Store) -> None:
        with store.writing() as connection:
            known = sources.add(connection, source("hf"))
            left = runs.begin(connection, known.id, AT)
            now = runs.begin(connection, known.id, AT + HOUR)
            runs.save(connection, replace(now, pages=2, records=7, outcome="done", ended_at=AT + 2 * HOUR))
            found = runs.latest(connection, known.id, 5)
            assert [(run.id, run.outcome) for run in found] == [(now.id, "done"), (left.id, "stopped")]
            assert runs.prune(connection, AT + HOUR + HOUR / 2) == 1
            assert [run.id for run in runs.latest(connection, known.id, 5)] == [now.id]

    def test_a_lease_has_one_holder_at_a_time(self, store: Store) -> None:
        with store.writing() as connection:
            assert leases.take(connection, "a", "ann", AT, 60)
            assert leases.take(connection, "b", "bo", AT, 60)
            assert not leases.take(connection, "a", "bo", AT + timedelta(seconds=59), 60)
            assert leases.take(connection, "a", "ann", AT + timedelta(seconds=59), 60)
            assert not leases.take(connection, "a", "bo", AT + timedelta(seconds=118), 60)
            assert leases.take(connection, "a", "bo", AT + timedelta(seconds=119), 60)
            assert not leases.holds(connection, "a", "ann")
            leases.drop(connection, "a", "ann")
            assert leases.holds(connection, "a", "bo")

    def test_a_lease_of_a_clock_that_went_wrong_holds_nobody_up(self, store: Store) -> None:
        with store.writing() as connection:
            assert leases.take(connection, "a", "ann", AT + timedelta(days=1), 60)
            assert leases.take(connection, "a", "bo", AT, 60)
