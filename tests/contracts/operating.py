"""What every store must tell an operator: alerts, sums of runs, open problems; ``tests/store`` runs it on each."""

from dataclasses import replace
from datetime import timedelta

from tests.papers import AT, house_around

from broadsheet.flow.harvesting.alerts import look, troubles
from broadsheet.flow.harvesting.sources import pause, resume
from broadsheet.flow.harvesting.standing import detail, standings
from broadsheet.model.harvest import Source
from broadsheet.model.record import Problem
from broadsheet.store import alerts, leases, overview, problems, runs, sources
from broadsheet.store.connect import Store

HOUR = timedelta(hours=1)


class OperatingContract:
    """Each test gets an empty store as ``store``."""

    def test_an_alert_is_claimed_by_one_and_told_twice_at_most(self, store: Store) -> None:
        with store.writing() as connection:
            alerts.begin(connection, "mail", "source:a", "It fails.", AT)
            alerts.begin(connection, "mail_", "source:b", "Another way.", AT)
            (found,) = alerts.standing(connection, "mail").values()
            assert (alerts.claim(connection, found, AT), alerts.claim(connection, found, AT)) == (True, False)
            alerts.give_back(connection, found)
            assert alerts.claim(connection, found, AT + HOUR)
            alerts.reword(connection, found, "It fails still.", AT + HOUR)
            alerts.end(connection, alerts.standing(connection, "mail").values(), AT + 2 * HOUR)
            assert alerts.standing(connection, "mail") == {}
            (over,) = alerts.to_tell_over(connection, "mail")
            assert (over.message, over.ended_at) == ("It fails still.", AT + 2 * HOUR)
            assert alerts.claim(connection, over, AT + HOUR)
            assert alerts.to_tell_over(connection, "mail") == ()
            alerts.prune(connection, AT + 3 * HOUR)
            assert list(alerts.standing(connection, "mail_")) == ["source:b"]

    def test_what_was_over_before_it_was_told_is_told_to_nobody(self, store: Store) -> None:
        with store.writing() as connection:
            alerts.begin(connection, "mail", "gaps", "Open.", AT)
            alerts.end(connection, alerts.standing(connection, "mail").values(), AT + HOUR)
            assert alerts.to_tell_over(connection, "mail") == ()

    def test_runs_are_summed_up_by_source(self, store: Store) -> None:
        with store.writing() as connection:
            for name in ("a", "b"):
                made = sources.add(connection, Source(name=name, kind="hf", at=AT, next_at=AT))
                for records in (1, 20):
                    run = runs.begin(connection, made.id, AT)
                    runs.save(connection, replace(run, outcome="done", ended_at=AT, records=records, new=1, changed=2))
            leases.take(connection, "source:2", "x", AT, 60)
            leases.take(connection, "task:x", "x", AT, 60)
            found = overview.totals(connection)
            assert found == {1: (2, 21, 2, 4, 2), 2: (2, 21, 2, 4, 4)}
            last = overview.last_runs(connection, found)
            assert {number: run.records for number, run in last.items()} == {1: 20, 2: 20}
            assert overview.running(connection, AT) == {2}
            assert overview.running(connection, AT + HOUR) == set()

    def test_a_settled_problem_is_counted_no_more_until_it_is_opened_again(self, store: Store) -> None:
        with store.writing() as connection:
            problems.note(connection, [Problem(name, "1", "k", "m", "raw") for name in ("a", "a2", "b")], at=AT)
            problems.settle(connection, [1, 3], "ignored", AT)
            assert (problems.count(connection), problems.count_by_source(connection)) == (1, {"a2": 1})
            assert [each.source for each in problems.page(connection, 10)] == ["a2"]
            assert problems.page(connection, 10, source="a") == ()
            problems.settle(connection, [1], "", AT)
            found = problems.by_ids(connection, [1, 3, 9])
            assert {number: each.settled for number, each in found.items()} == {1: "", 3: "ignored"}

    def test_a_source_stands_as_it_is_steered_and_its_trouble_is_told(self, store: Store) -> None:
        house = house_around(store)
        with store.writing() as connection:
            made = Source(name="a", kind="hf", every_s=3600, at=AT, next_at=AT, failures=99, trouble="X")
            sources.add(connection, made)
        assert [each.state for each in standings(house)] == ["parked"]
        assert list(troubles(house)) == ["source:a"]
        assert (look(house), look(house)) == (1, 0)
        pause(house, "a")
        assert (detail(house, "a").standing.state, troubles(house)) == ("paused", {})
        look(house)
        resume(house, "a")
        assert detail(house, "a").standing.state == "new"
