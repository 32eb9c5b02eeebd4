"""``broadsheet import``: papers from files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.output import STAGES, HomeOption, JsonOption, console, counted, open_home, print_json, warn

if TYPE_CHECKING:
    from broadsheet.flow.house import House
    from broadsheet.flow.shelf.import_files import Imported
    from broadsheet.flow.shelf.import_files import Progress as Progress_
    from broadsheet.flow.shelf.reindex import Stage

_SHOWN = 20


def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; formats are detected, .gz is fine.")],
    format_name: Annotated[
        str | None, typer.Option("--format", help="Say the format instead of having it detected.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import papers from files and folders; importing the same thing twice changes nothing.

    Knows Hugging Face daily and paper JSON, saved Daily Papers pages, arXiv Atom, OAI-PMH, ACL Anthology XML, BibTeX,
    RIS, CSL-JSON, JSON Lines and CSV. What cannot be read is listed as a problem, and the rest goes on.
    """
    with open_home(home) as house:
        imported = _with_progress(house, paths, format_name, quiet=as_json)
    if imported.trouble is not None:
        warn(f"Not all papers are found by meaning yet: {imported.trouble}")
    if as_json:
        print_json(_as_json(imported))
    else:
        _as_text(imported)


def _with_progress(house: "House", paths: list[Path], format_name: str | None, *, quiet: bool) -> "Imported":
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from broadsheet.flow.shelf.import_files import import_files

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]:,} papers"),
        TimeRemainingColumn(),
        console=console(stderr=True),
        disable=quiet,
        transient=True,
    )
    with bar:
        task = bar.add_task("Importing", total=None, records=0)

        def report(progress: "Progress_") -> None:
            bar.update(
                task,
                description=progress.path[:40],
                completed=progress.bytes_read,
                total=progress.bytes_total,
                records=progress.records,
            )

        def indexing(stage: "Stage", done: int, total: int) -> None:
            bar.update(task, description=STAGES[stage], completed=done, total=total)

        return import_files(house, paths, format_name=format_name, progress=report, indexing=indexing)


def _as_json(imported: "Imported") -> dict[str, object]:
    return {
        "files": imported.files,
        "new": imported.kept.new,
        "changed": imported.kept.changed,
        "unchanged": imported.kept.unchanged,
        "merged": imported.kept.merged,
        "problems": imported.problem_count,
        "problem_list": [
            {"source": p.source, "where": p.where, "kind": p.kind, "message": p.message} for p in imported.problems
        ],
    }


def _as_text(imported: "Imported") -> None:
    from rich.text import Text

    out = console()
    kept = imported.kept
    files, problems = counted(imported.files, "file"), counted(imported.problem_count, "problem")
    out.print(
        f"{files}: {kept.new:,} new, {kept.changed:,} changed, {kept.merged:,} joined a known paper, "
        f"{kept.unchanged:,} unchanged, {problems}."
    )
    for problem in imported.problems[:_SHOWN]:
        out.print(Text(f"  {problem.kind}: {problem.where}: {problem.message}", style="yellow"))
    if imported.problem_count > _SHOWN:
        out.print(f"  … and {imported.problem_count - _SHOWN:,} more: broadsheet problems")
