"""What every store must do with days of sources and with gaps; ``tests/store`` runs this against each database."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.papers import AT, record

from broadsheet.flow.shelf.keep import keep
from broadsheet.model.harvest import Source
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Record
from broadsheet.store import gaps, source_days, sources
from broadsheet.store.connect import Connection, Store

DAY = date(2026, 11, 19)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    day: date
    papers: int
    final: bool = False


def source(connection: Connection, name: str = "hf") -> int:
    return sources.add(connection, Source(name=name, kind="hf", at=AT)).id


class CompletenessContract:
    """Each test gets an empty store as ``store``."""

    def test_every_look_at_a_day_counts_and_the_most_papers_stand(self, store: Store) -> None:
        with store.writing() as connection:
            own = source(connection)
            for number, papers in enumerate((3, 12, 0)):
                source_days.told(connection, own, [Told(DAY, papers)], AT + number * HOUR)
            (day,) = source_days.history(connection, own)
        assert (day.day, day.papers, day.looks, day.final) == (DAY, 12, 3, False)
        assert day.looked_at == AT + 2 * HOUR

    def test_a_final_day_stays_final(self, store: Store) -> None:
        with store.writing() as connection:
            own = source(connection)
            source_days.told(connection, own, [Told(DAY, 3, final=True)], AT)
            source_days.told(connection, own, [Told(DAY, 3)], AT)
            assert source_days.open_days(connection, own, 9) == ()
            assert source_days.is_final(connection, DAY)

    def test_a_day_is_final_when_it_is_for_all_who_tell_of_it(self, store: Store) -> None:
        with store.writing() as connection:
            one, other = source(connection), source(connection, "other")
            assert not source_days.is_final(connection, DAY)
            source_days.told(connection, one, [Told(DAY, 3, final=True)], AT)
            source_days.told(connection, other, [Told(DAY, 3)], AT)
            assert not source_days.is_final(connection, DAY)
            source_days.close(connection, other, [DAY])
            assert source_days.is_final(connection, DAY)

    def test_the_open_day_looked_at_longest_ago_comes_first(self, store: Store) -> None:
        days = [DAY - timedelta(days=number) for number in range(3)]
        with store.writing() as connection:
            own = source(connection)
            for number, day in enumerate(days):
                source_days.told(connection, own, [Told(day, 1)], AT + number * HOUR)
            source_days.told(connection, own, [Told(days[0], 1)], AT + 9 * HOUR)
            assert source_days.open_days(connection, own, 2) == (days[1], days[2])
            assert [day.day for day in source_days.history(connection, own, DAY)] == [DAY]

    def test_two_looks_in_one_answer_and_a_count_beyond_measure_are_taken(self, store: Store) -> None:
        with store.writing() as connection:
            own = source(connection)
            source_days.told(connection, own, [Told(DAY, 10**30), Told(DAY, -4)], AT)
            (day,) = source_days.history(connection, own)
        assert (day.papers, day.looks) == (2**63 - 1, 2)

    def test_a_gap_is_noted_once_and_never_again_when_it_is_closed(self, store: Store) -> None:
        with store.writing() as connection:
            assert gaps.found(connection, "id", "arxiv", ["2611.00002", "2611.00001", "2611.00002"], AT) == 2
            assert gaps.found(connection, "id", "arxiv", ["2611.00001"], AT) == 0
            assert gaps.found(connection, "day", "arxiv", ["2611.00001"], AT) == 1
            gaps.close(connection, gaps.open_gaps(connection, "id", "arxiv"), "absent", AT)
            assert gaps.found(connection, "id", "arxiv", ["2611.00001"], AT) == 0
            assert gaps.open_gaps(connection, "id", "arxiv") == ()
            assert gaps.closed_names(connection, "id", "arxiv") == {"2611.00001", "2611.00002"}
            assert gaps.counts(connection) == {("id", "arxiv", "absent"): 2, ("day", "arxiv", ""): 1}
            assert gaps.schemes(connection, "day") == {"arxiv"}

    def test_a_gap_is_given_out_once_and_again_when_its_pause_is_over(self, store: Store) -> None:
        with store.writing() as connection:
            gaps.found(connection, "id", "arxiv", [f"2611.{number:05}" for number in range(1, 6)], AT)
            first = gaps.due(connection, "id", "arxiv", 3, AT)
            assert [gap.name[-1] for gap in first] == ["1", "2", "3"]
            assert [gap.name[-1] for gap in gaps.due(connection, "id", "arxiv", 9, AT)] == ["4", "5"]
            assert gaps.due(connection, "id", "arxiv", 9, AT) == ()
            gaps.tried(connection, first, AT + HOUR)  # whoever got the other two was never heard of again
            assert [gap.name[-1] for gap in gaps.due(connection, "id", "arxiv", 9, AT + 2 * HOUR)] == ["4", "5"]
            assert [gap.name[-1] for gap in gaps.due(connection, "id", "arxiv", 9, AT + 7 * HOUR)] == list("12345")

    def test_a_closed_gap_can_be_opened_again(self, store: Store) -> None:
        with store.writing() as connection:
            gaps.found(connection, "day", "hf", ["2026-11-19"], AT)
            (gap,) = gaps.page(connection, 9)
            assert gap == gaps.Gap(id=gap.id, kind="day", scheme="hf", name="2026-11-19", found_at=AT)
            gaps.close(connection, [gap], "ignored", AT)
            assert gaps.page(connection, 9) == ()
            found = gaps.by_id(connection, gap.id)
            assert found == replace(gap, outcome="ignored", closed_at=AT)
            gaps.close(connection, [gap], "", AT)
            assert gaps.page(connection, 9) == (gap,)
            assert gaps.by_id(connection, 99) is None

    def test_arxiv_numbers_are_those_of_which_arxiv_has_told(self, store: Store) -> None:
        told = [replace(record(n), source="arxiv", key=f"2401.{n:05}") for n in (1, 2, 300)]
        told += [replace(told[0], key="2402.00007", ids=(ExternalId("arxiv", "2402.00007"),))]
        told += [replace(told[0], source="arxiv-rss", key="1406.0123", ids=(ExternalId("arxiv", "1406.0123"),))]
        told += [record(77), replace(told[0], key="math/0309136", ids=(ExternalId("arxiv", "math/0309136"),))]
        gone = Record(source="arxiv", key="2401.00044", title="", deleted=True, observed=AT)
        keep(store, [*told, gone, replace(gone, key="2401.00045#arXivRaw")], at=AT)
        with store.reading() as connection:
            assert gaps.arxiv_numbers(connection, "2401") == {1, 2, 300, 44, 45}
            assert gaps.arxiv_numbers(connection, "1406") == {123}
            asked = ["2401.00001", "2401.00003", "2401.00044", "2401.00045", "1406.0123", "2401.00077", "2401.00099"]
            assert gaps.arxiv_here(connection, asked) == {*asked} - {"2401.00003", "2401.00099"}
            assert gaps.arxiv_months(connection, 1) == ("1406", "2401", "2402")
            assert gaps.arxiv_months(connection, 3) == ("2401",)
