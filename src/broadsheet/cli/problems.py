"""``broadsheet problems``: records that could not be read."""

from typing import Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, open_home, print_json


def problems(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List records that could not be read, newest first."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow import problems as flow

    with open_home(home) as house:
        found = flow.problems(house, limit=limit)
    if as_json:
        shown = ("source", "where", "kind", "message", "raw")
        print_json({"problems": [{name: getattr(p, name) for name in shown} for p in found]})
        return
    if not found:
        console().print("No problems.")
        return
    table = Table("Source", "Where", "Kind", "Message", box=None, padding=(0, 1))
    for p in found:
        table.add_row(*(Text(value) for value in (p.source, p.where, p.kind, p.message)))
    console().print(table)
