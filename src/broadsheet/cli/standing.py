"""How sources stand, in a terminal and in JSON."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from broadsheet.cli.output import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadsheet.flow.harvesting.standing import Detail, Standing
    from broadsheet.model.harvest import Run, Source

_ADD_ONE = (
    "No source is harvested yet. Add one: broadsheet sources add arxiv cs:cs:CL (kinds: broadsheet sources kinds)"
)
_STYLES = {
    "on time": "green",
    "running": "green",
    "late": "yellow",
    "waiting": "yellow",
    "failing": "red",
    "parked": "red",
    "refused": "red",
}
_LONGEST = 80


def source_json(source: "Source") -> dict[str, Any]:
    """Shape a source for ``--json``; periods in seconds, instants in ISO 8601."""
    return {
        "name": source.name,
        "kind": source.kind,
        "target": source.target,
        "since": source.since.isoformat() if source.since else None,
        "every_s": source.every_s,
        "paused": source.paused,
        "last_success": _iso(source.succeeded_at),
        "last_try": _iso(source.tried_at),
        "next": _iso(source.next_at),
        "failures": source.failures,
        "trouble": source.trouble,
    }


def run_json(run: "Run") -> dict[str, Any]:
    """Shape a run for ``--json``."""
    return {
        "begun": _iso(run.begun_at),
        "ended": _iso(run.ended_at),
        "outcome": run.outcome,
        "pages": run.pages,
        "records": run.records,
        "new": run.new,
        "changed": run.changed,
        "problems": run.problems,
        "message": run.message,
    }


def standing_json(standing: "Standing") -> dict[str, Any]:
    """Shape how a source stands for ``--json``."""
    return {
        **source_json(standing.source),
        "state": standing.state,
        "lag_s": standing.lag_s,
        "runs": standing.totals.runs,
        "records": standing.totals.records,
        "new": standing.totals.new,
        "changed": standing.totals.changed,
        "problems_open": standing.problems,
        "gaps_open": standing.gaps,
    }


def detail_json(detail: "Detail") -> dict[str, Any]:
    """Shape a source looked at closely for ``--json``."""
    return {
        **standing_json(detail.standing),
        "last_runs": [run_json(run) for run in detail.runs],
        "days": [
            {"day": each.day.isoformat(), "papers": each.papers, "looks": each.looks, "final": each.final}
            for each in detail.days
        ],
        "gaps": [
            {"id": gap.id, "kind": gap.kind, "name": gap.name, "found": _iso(gap.found_at), "tries": gap.tries}
            for gap in detail.gaps
        ],
        "problems": [{"id": p.id, "where": p.where, "kind": p.kind, "message": p.message} for p in detail.problems],
    }


def print_standings(standings: "Sequence[Standing]", at: datetime) -> None:
    """Print a table of all sources, or how to add the first."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow.harvesting.sources import period_of

    if not standings:
        console().print(_ADD_ONE, markup=False)
        return
    names = (
        "Name",
        "Kind",
        "Target",
        "Every",
        "State",
        "Last success",
        "Next run",
        "New",
        "Problems",
        "Gaps",
        "Trouble",
    )
    table = Table(*names, box=None, padding=(0, 1))
    for each in standings:
        source = each.source
        cells = (source.name, source.kind, source.target, period_of(source.every_s))
        table.add_row(
            *(Text(cell) for cell in cells),
            Text(each.state, style=_STYLES.get(each.state, "")),
            ago(source.succeeded_at, at),
            _next(source, at),
            *(f"{count:,}" for count in (each.totals.new, each.problems, each.gaps)),
            Text(_short(each.trouble)),
        )
    console().print(table)


def print_detail(detail: "Detail", at: datetime) -> None:
    """Print one source: how it stands, then its runs, days, gaps and problems."""
    from rich.text import Text

    print_standings([detail.standing], at)
    out = console()
    if trouble := detail.standing.trouble:
        out.print(Text(f"Trouble: {_plain(trouble)}", style="yellow"))
    _print_runs(detail.runs)
    if detail.days:
        final = sum(day.final for day in detail.days)
        out.print(f"Days: {len(detail.days)} looked at, {final} of them final; the last {detail.days[-1].day}.")
    if detail.gaps:
        shown = ", ".join(gap.name for gap in detail.gaps[:10])
        out.print(Text(f"Missing: {shown}{' …' if len(detail.gaps) > 10 else ''}"))  # noqa: PLR2004 - as shown
    if detail.problems:
        out.print(Text(f"Not read: {len(detail.problems)} records; see broadsheet problems --raw"))


def ago(then: datetime | None, at: datetime) -> str:
    """Say how long ago an instant was: ``5 min ago``, ``never``."""
    if then is None:
        return "never"
    return f"{_span(max(0.0, (at - then).total_seconds()))} ago"


def _next(source: "Source", at: datetime) -> str:
    if source.paused or not source.every_s or source.next_at is None:
        return "–"
    left = (source.next_at - at).total_seconds()
    return f"in {_span(left)}" if left > 0 else "now"


def _span(seconds: float) -> str:
    from broadsheet.flow.harvesting.standing import span

    return span(seconds)


def _print_runs(runs: "Sequence[Run]") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        "Begun (UTC)", "Outcome", "Pages", "Records", "New", "Changed", "Problems", "", box=None, padding=(0, 1)
    )
    for run in runs:
        counts = (run.pages, run.records, run.new, run.changed, run.problems)
        shown = (
            f"{run.begun_at:%Y-%m-%d %H:%M}",
            run.outcome,
            *(f"{count:,}" for count in counts),
            _short(run.message),
        )
        table.add_row(*map(Text, shown))
    console().print(table if runs else "It has not run yet.")


def _short(text: str) -> str:
    told = _plain(text)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"


def _plain(text: str) -> str:
    from broadsheet.model.text import clean

    return clean(text)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
