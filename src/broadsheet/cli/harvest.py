"""``broadsheet harvest``: ask a source now; what cron runs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, indexing, open_home, print_json, warn
from broadsheet.cli.standing import run_json
from broadsheet.cli.stopping import stopping

if TYPE_CHECKING:
    from broadsheet.flow.harvesting.harvest import Progress as Progress_
    from broadsheet.flow.harvesting.harvest import Report
    from broadsheet.flow.house import House
    from broadsheet.model.harvest import Run

_DAY = ["%Y-%m-%d"]
_WELL = frozenset({"done", "stopped"})


def harvest(
    source: Annotated[str, typer.Argument(metavar="[SOURCE]", help="The name of a source, or a kind of source.")] = "",
    target: Annotated[
        str | None, typer.Option("--set", "--target", help="With a kind: what of it, such as the set cs:cs:CL.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, metavar="YYYY-MM-DD", help="From this day on.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, metavar="YYYY-MM-DD", help="Up to this day.")] = None,
    days: Annotated[int | None, typer.Option(help="From so many days ago on.")] = None,
    every: Annotated[
        str, typer.Option(metavar="PERIOD", help="Where this adds a source: how often it shall run by itself.")
    ] = "",
    due: Annotated[bool, typer.Option("--due", help="Run all that is due, once, instead of one source.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Harvest a source now, from where it last ended or for the days that are named, and index what came.

    A kind with a target that is not harvested yet is added first, to run only when asked unless `--every` says more.
    Ctrl-C stops after the page in hand; the next run goes on there. Exits with 1 when the source failed or refused.

    Examples: `broadsheet harvest arxiv --set cs:cs:CL --days 7`, `broadsheet harvest hf --since 2026-11-01`,
    `broadsheet harvest --due`.
    """
    from broadsheet.cli.logs import start_logging
    from broadsheet.errors import Invalid
    from broadsheet.flow.harvesting import sources as flow

    if due == bool(source):
        raise Invalid("Name a source or a kind of source; or say --due.", field="source")
    with open_home(home, as_it_is=True) as house:
        # What one run came to is printed; what it waits for is told meanwhile.
        start_logging(house.settings.log_format, level=logging.INFO if due else logging.WARNING)
        if due:
            _run_due(house, as_json=as_json)
            return
        chosen = flow.for_harvest(house, source, target, every=every)
        first, last = since.date() if since else None, until.date() if until else None
        want = flow.want_of(house, chosen, since=first, until=last, days=days)
        with stopping("Stopping after the page in hand …") as stop, _bar(chosen.name, quiet=as_json) as report:
            from broadsheet.flow.harvesting.harvest import Watch
            from broadsheet.flow.harvesting.harvest import harvest as run_source

            run = run_source(house, chosen.name, want, Watch(stop=stop, progress=report))
        _catch_up(house)
    _print(chosen.name, run, as_json=as_json)
    if run.outcome not in _WELL:
        raise typer.Exit(1)


@contextmanager
def _bar(name: str, *, quiet: bool) -> Iterator["Report"]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    stderr = console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,} records, {task.fields[pages]:,} pages"),
        console=stderr,
        disable=quiet or not stderr.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(name, total=None, pages=0)

        def report(progress: "Progress_") -> None:
            bar.update(task, completed=progress.records, total=progress.expected, pages=progress.pages)

        yield report


def _run_due(house: "House", *, as_json: bool) -> None:
    from broadsheet.flow.harvesting.schedule import run_due

    with stopping("Stopping after the page in hand …") as stop:
        done = run_due(house, stop=stop)
    _catch_up(house)
    if as_json:
        print_json({"done": done})
    else:
        console().print(f"{done:,} done." if done else "Nothing was due.")


def _catch_up(house: "House") -> None:
    from broadsheet.flow.shelf.reindex import catch_up

    with indexing() as progress:
        trouble = catch_up(house, progress=progress).trouble
    if trouble is not None:
        warn(f"Not all papers are found by meaning yet: {trouble}")


def _print(name: str, run: "Run", *, as_json: bool) -> None:
    from rich.text import Text

    if as_json:
        print_json({"source": name, **run_json(run)})
        return
    out = console()
    out.print(
        f"{name}: {run.records:,} records on {run.pages:,} pages: {run.new:,} new papers, {run.changed:,} changed, "
        f"{run.problems:,} problems.",
        markup=False,
    )
    if run.outcome == "stopped":
        out.print("Stopped; the next run goes on where this one ended.")
    elif run.outcome != "done":
        what = {"refused": "The source refused", "parked": "Failed too often", "waiting": "Goes on later"}[run.outcome]
        warn(Text(f"{what}: {run.message}").plain)
