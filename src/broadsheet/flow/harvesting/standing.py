"""How sources stand: in one word each, with what they brought, what is missing and what could not be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from broadsheet.errors import NotFound
from broadsheet.flow.harvesting.harvest import MOST_FAILURES
from broadsheet.flow.house import House
from broadsheet.model.harvest import Run, Source
from broadsheet.store import gaps, overview, problems, runs, source_days, sources
from broadsheet.store.connect import Connection
from broadsheet.store.gaps import Gap
from broadsheet.store.overview import Totals
from broadsheet.store.problems import Noted
from broadsheet.store.source_days import SourceDay

State = Literal[
    "new", "on time", "running", "late", "waiting", "failing", "parked", "refused", "paused", "only when asked"
]
# Whoever runs sources looks every few seconds; one that is due for so long is not being run.
_LATE_S = 15 * 60.0
# One or two failures are the weather.
_FAILING = 3
RUNS_SHOWN, PROBLEMS_SHOWN, GAPS_SHOWN = 20, 50, 24
DAYS_SHOWN = timedelta(days=12 * 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one source stands.

    ``lag_s`` is how long ago a run last came to its end, None before the first; ``age_s`` how long ago it was added.
    ``totals`` are of the runs that are remembered; ``problems`` and ``gaps`` count those that are open.
    """

    source: Source
    state: State
    lag_s: float | None
    age_s: float
    last: Run | None
    totals: Totals
    problems: int
    gaps: int

    @property
    def trouble(self) -> str:
        """Say why it rests, where it was refused, else why the last try failed."""
        return self.source.refused or self.source.trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One source looked at closely: its last runs, days, open gaps and open problems."""

    standing: Standing
    runs: tuple[Run, ...]
    days: tuple[SourceDay, ...]
    gaps: tuple[Gap, ...]
    problems: tuple[Noted, ...]


def standings(house: House) -> tuple[Standing, ...]:
    """Tell how every source stands, oldest first; as many statements for one as for a hundred."""
    with house.store.reading() as connection:
        return _standings(connection, house.clock())


def detail(house: House, name: str) -> Detail:
    """Look at one source closely; raises NotFound."""
    at = house.clock()
    with house.store.reading() as connection:
        found = next((each for each in _standings(connection, at) if each.source.name == name), None)
        if found is None:
            raise NotFound("There is no source of this name.")
        source = found.source
        in_days = gaps.open_gaps(connection, "day", source.name)
        return Detail(
            standing=found,
            runs=runs.latest(connection, source.id, RUNS_SHOWN),
            days=source_days.history(connection, source.id, (at - DAYS_SHOWN).date()),
            gaps=(*in_days, *gaps.open_gaps(connection, "id", source.kind))[:GAPS_SHOWN],
            problems=problems.page(connection, PROBLEMS_SHOWN, source=source.name),
        )


def list_gaps(house: House, limit: int) -> tuple[Gap, ...]:
    """Give the newest open gaps first, at most ``limit``."""
    with house.store.reading() as connection:
        return gaps.page(connection, limit)


def gaps_open(house: House) -> int:
    """Count all that should be on the shelf and is not."""
    with house.store.reading() as connection:
        return sum(count for (_, _, outcome), count in gaps.counts(connection).items() if not outcome)


def state_of(source: Source, at: datetime, *, is_running: bool) -> State:
    """Say in a word or two how a source stands."""
    if source.paused:
        return "refused" if source.refused else "paused"
    if is_running:
        return "running"
    if source.failures:
        return "parked" if source.failures >= MOST_FAILURES else "failing" if source.failures >= _FAILING else "waiting"
    if not source.every_s:
        return "only when asked"
    if source.next_at is not None and at - source.next_at > timedelta(seconds=_LATE_S):
        return "late"
    return "on time" if source.tried_at else "new"


def span(seconds: float) -> str:
    """Write a length of time in its largest fitting unit: ``40 s``, ``5 min``, ``3 h``, ``12 days``."""
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= (2 if unit == "days" else 1) * length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds)} s"


def _standings(connection: Connection, at: datetime) -> tuple[Standing, ...]:
    known = sources.everything(connection)
    if not known:
        return ()
    sums = overview.totals(connection)
    last = overview.last_runs(connection, sums)
    running = overview.running(connection, at)
    misread = problems.count_by_source(connection)
    missing = {(kind, scheme): n for (kind, scheme, outcome), n in gaps.counts(connection).items() if not outcome}
    return tuple(
        Standing(
            source=source,
            state=state_of(source, at, is_running=source.id in running),
            lag_s=(at - source.succeeded_at).total_seconds() if source.succeeded_at else None,
            age_s=(at - source.at).total_seconds(),
            last=last.get(source.id),
            totals=sums.get(source.id, Totals()),
            problems=misread.get(source.name, 0),
            gaps=missing.get(("day", source.name), 0) + missing.get(("id", source.kind), 0),
        )
        for source in known
    )
