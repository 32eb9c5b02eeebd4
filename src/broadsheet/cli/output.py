"""How every command speaks: the shared options, JSON, tables and the one error table."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.errors import BroadsheetError, Conflict, Invalid, NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from rich.console import Console

    from broadsheet.flow.house import House
    from broadsheet.flow.shelf.reindex import Progress, Stage
    from broadsheet.model.paper import Paper

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="FOLDER", help="The folder that holds all state. [env: BROADSHEET_HOME]"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

STAGES: dict["Stage", str] = {"words": "Indexing", "meaning": "Embedding"}
# Wide enough for any line that a pipe or a file is given.
_PIPE_WIDTH = 10_000

EXIT_CODES: dict[type[BroadsheetError], int] = {
    Invalid: 2,
    NotFound: 3,
    Refused: 4,
    Conflict: 5,
    Unavailable: 6,
}


@contextmanager
def open_home(home: Path | None, *, as_it_is: bool = False) -> Iterator["House"]:
    """Open the house in ``home`` and, unless it is wanted ``as_it_is``, bring its indexes up to what is stored."""
    from broadsheet.flow.shelf.reindex import catch_up
    from broadsheet.settings import read_settings
    from broadsheet.wiring import open_house

    with open_house(read_settings(home)) as house:
        if not as_it_is:
            with indexing() as progress:
                trouble = catch_up(house, progress=progress).trouble
            if trouble is not None:
                warn(f"Not all papers are found by meaning yet: {trouble}")
        yield house


@contextmanager
def indexing() -> Iterator["Progress"]:
    """Give a report for long work on the indexes; its bar on stderr appears with the first news."""
    from rich.progress import Progress

    stderr = console(stderr=True)
    bar = Progress(console=stderr, transient=True, disable=not stderr.is_terminal)
    task = bar.add_task("", total=None)

    def progress(stage: "Stage", done: int, total: int) -> None:
        bar.start()
        bar.update(task, description=STAGES[stage], completed=done, total=total)

    try:
        yield progress
    finally:
        if bar.live.is_started:
            bar.stop()


def warn(sentence: str) -> None:
    """Say on stderr what is not as it should be, where the command goes on all the same."""
    console(stderr=True).print(sentence, style="yellow", markup=False)


def console(*, stderr: bool = False) -> "Console":
    """Make a console; colours and width follow the terminal, elsewhere text is plain and its lines are whole."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    if not (made.is_terminal or "COLUMNS" in os.environ):
        made.width = _PIPE_WIDTH
    return made


def print_json(value: object) -> None:
    """Write one JSON document to stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def fail(error: BroadsheetError) -> int:
    """Say what went wrong, in JSON when the command was asked for JSON, and give its exit code."""
    kind = next((one for one in type(error).__mro__ if one in EXIT_CODES), type(error))
    if "--json" in sys.argv:
        typer.echo(json.dumps({"error": str(error), "kind": kind.__name__}, ensure_ascii=False))
    else:
        typer.secho(f"Error: {error}", fg="red", err=True)
    return EXIT_CODES.get(kind, 1)


def paper_json(paper: "Paper") -> dict[str, Any]:
    """Shape a paper for ``--json``; ``id`` is the public id used in URLs."""
    return {
        "id": paper.slug,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": [author.name for author in paper.authors],
        "published": paper.published,
        "venue": paper.venue,
        "organisations": list(paper.organisations),
        "categories": list(paper.categories),
        "keywords": list(paper.keywords),
        "ids": [str(external_id) for external_id in paper.ids],
        "links": [{"kind": link.kind, "url": link.url} for link in paper.links],
        "sources": list(paper.sources),
        "days": [day.isoformat() for day in paper.days],
        "versions": [{"number": version.number, "at": version.at} for version in paper.versions],
        "upvotes": paper.upvotes,
        "comments": paper.comments,
        "stars": paper.stars,
        "citations": paper.citations,
        "withdrawn": paper.withdrawn,
    }


def byline(paper: "Paper", shown: int = 3) -> str:
    """Name the first authors, or say how many there are when a source gave only their number."""
    names = [author.name for author in paper.authors]
    if not names:
        return f"{paper.author_count} authors (names not given)" if paper.author_count else ""
    return ", ".join(names[:shown]) + (f" +{len(names) - shown}" if len(names) > shown else "")


def counted(number: int, one: str) -> str:
    """Count something: ``1 paper``, ``2,345 papers``."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"
