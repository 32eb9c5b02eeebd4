"""``broadsheet problems``: records that could not be read."""

from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json

if TYPE_CHECKING:
    from broadsheet.store.problems import Noted

app = typer.Typer(name="problems", help="Records that could not be read.", invoke_without_command=True)

IdsArgument = Annotated[list[int], typer.Argument(help="Numbers of problems, as the list shows them.")]


@app.callback()
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    source: Annotated[str, typer.Option(metavar="NAME", help="Only those of this source.")] = "",
    raw: Annotated[bool, typer.Option("--raw", help="Also what the source said, as far as it was kept.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List records that could not be read, newest first; or ignore some, or try to read them again."""
    from broadsheet.flow.harvesting import problems as flow

    if context.invoked_subcommand is not None:
        return
    with open_home(home, as_it_is=True) as house:
        found = flow.problems(house, limit=limit, source=source)
    if as_json:
        shown = ("id", "source", "where", "kind", "message", "raw")
        told = [{name: getattr(p, name) for name in shown} | {"at": p.at.isoformat()} for p in found]
        print_json({"problems": told})
    else:
        _print(found, raw=raw)


@app.command("ignore")
def ignore(ids: IdsArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Close problems that do not matter; they are not listed or counted any more."""
    from broadsheet.flow.harvesting import problems as flow

    with open_home(home, as_it_is=True) as house:
        done = flow.ignore(house, ids)
    if as_json:
        print_json({"ignored": done})
    else:
        console().print(f"{counted(done, 'problem')} ignored.")


@app.command("retry")
def retry(ids: IdsArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Read again what was kept of records; worth it after an upgrade whose parsers know more."""
    from broadsheet.flow.harvesting import problems as flow

    with open_home(home, as_it_is=True) as house:
        done = flow.retry(house, ids)
    if as_json:
        print_json({"read": done, "open": len(set(ids)) - done})
    else:
        left = len(set(ids)) - done
        console().print(f"{counted(done, 'record')} read and kept; {counted(left, 'problem')} as before.")


def _print(found: "tuple[Noted, ...]", *, raw: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    if not found:
        console().print("No problems.")
        return
    table = Table("No", "Source", "Where", "Kind", "Message", *(["Raw"] if raw else []), box=None, padding=(0, 1))
    for p in found:
        cells = (str(p.id), p.source, p.where, p.kind, p.message, *([p.raw] if raw else []))
        table.add_row(*(Text(_seen(cell)) for cell in cells))
    console().print(table)


def _seen(text: str) -> str:
    """Show what would otherwise move the cursor, or hide, or colour the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else f"\\x{ord(letter):02x}" for letter in text)
