"""``broadsheet dump``, ``load`` and ``purge``, and what is one reader's: ``user export`` and ``user import``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json, warn
from broadsheet.errors import Conflict, Invalid

if TYPE_CHECKING:
    from broadsheet.flow.belongings.dump import Progress
    from broadsheet.flow.lists.bring_in import BroughtIn

ReaderOption = Annotated[str, typer.Option("--reader", help="The reader's handle; the owner at this machine is owner.")]
_MISSING_SHOWN = 20


def dump(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything that is kept into one file, to move or to keep: papers, readers, all they said and keep.

    It holds mail addresses and secrets, and only you may read it. The indexes are left out: they are made again.
    """
    from broadsheet.flow.belongings.dump import dump as write

    with open_home(home, as_it_is=True) as house, _telling("Dumping", quiet=as_json) as progress:
        manifest = write(house, file, progress=progress)
    size = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "bytes": size, "rows": dict(manifest.rows)})
    else:
        console().print(f"{counted(sum(manifest.rows.values()), 'row')}, {size / 1e6:,.1f} MB: {file}", markup=False)


def load(
    file: Annotated[Path, typer.Argument(help="A file that `broadsheet dump` wrote.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in a dump, into a house that nothing was put into yet, whichever database either uses.

    It is loaded whole or not at all; then the indexes are built.
    """
    from broadsheet.flow.belongings.dump import load as take

    with open_home(home, as_it_is=True) as house, _telling("Loading", quiet=as_json) as progress:
        manifest = take(house, file, progress=progress)
    # Opened anew, for what a house knows of its embedders was just replaced.
    with open_home(home):
        pass
    if as_json:
        print_json({"file": str(file), "rows": dict(manifest.rows)})
    else:
        console().print(f"{counted(sum(manifest.rows.values()), 'row')} loaded, as of {manifest.at}.", markup=False)


def purge(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Make unreadable what was deleted, such as readers who left: the database is written anew.

    Also drops mails from the outbox that go to nobody who is here.
    """
    from broadsheet.flow.belongings.purge import purge as clear

    with open_home(home, as_it_is=True) as house:
        done = clear(house)
    if as_json:
        print_json({"mails": done.mails, "bytes_before": done.bytes_before, "bytes_after": done.bytes_after})
    else:
        console().print(f"What was deleted is gone from the database, and {counted(done.mails, 'mail')} with it.")


def export(
    file: Annotated[Path, typer.Argument(help="The zip to write; it must not exist yet.")],
    reader: ReaderOption,
    home: HomeOption = None,
) -> None:
    """Write everything that is one reader's into a zip: a JSON document, and their lists as BibTeX."""
    import os
    import shutil

    from broadsheet.flow.belongings.export import export as give
    from broadsheet.flow.lists.profile import show

    with open_home(home, as_it_is=True) as house:
        person = show(house, reader).reader
        try:
            number = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise Conflict(f"{file} exists already. Choose another name.") from None
        except OSError as error:
            raise Invalid(f"{file} cannot be written: {error.strerror}.", field="file") from error
        with os.fdopen(number, "wb") as out, give(house, person) as told:
            shutil.copyfileobj(told, out)
    console().print(f"Everything of {person.handle} is in {file}.", markup=False)


def import_(
    file: Annotated[Path, typer.Argument(help="BibTeX, CSL-JSON, Zotero RDF, a Scholar CSV, tags as JSON, an export.")],
    reader: ReaderOption,
    label: Annotated[str, typer.Option("--label", help="The label for papers that are on no list of their own.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a reader's lists in: collections and tags become labels, and papers that are not here come too.

    Bringing the same file in again changes nothing.
    """
    from broadsheet.flow.lists.bring_in import Brought, bring_in
    from broadsheet.flow.lists.profile import show

    try:
        content = file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.", field="file") from error
    with open_home(home) as house:
        person = show(house, reader).reader
        done = bring_in(house, person, Brought(content, file.name, label), keeping_papers=True)
    tell_brought(done, home, as_json=as_json)


def tell_brought(done: "BroughtIn", home: Path | None, *, as_json: bool) -> None:
    """Index the papers that came, by opening the house again, and tell what came of bringing lists in."""
    if done.new:
        with open_home(home):
            pass
    if as_json:
        came = {label.slug: number for label, number in done.labels}
        told = {"kind": done.kind, "papers": done.papers, "known": done.known, "new": done.new, "labels": came}
        print_json({**told, "marked": done.stated, "missing": done.missing, "problems": done.problems})
        return
    out = console()
    out.print(f"{counted(done.papers, 'paper')} in {done.kind}: {done.known:,} here, {done.new:,} of them new.")
    for label, number in done.labels:
        out.print(f"  {label.name}: {counted(number, 'paper')} came", markup=False)
    for name in done.missing[:_MISSING_SHOWN]:
        warn(f"  Not here: {name}")
    if done.missing_count > _MISSING_SHOWN:
        warn(f"  … and {done.missing_count - _MISSING_SHOWN:,} more")


@contextmanager
def _telling(what: str, *, quiet: bool) -> Iterator["Progress"]:
    """Give a report of how far it is; a bar on stderr."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def report(table: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what} {table}", completed=done, total=total)

        yield report
