"""``broadsheet gaps``: what should be on the shelf and is not."""

from typing import Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json

app = typer.Typer(name="gaps", help="What should be on the shelf and is not.", invoke_without_command=True)


@app.callback()
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the gaps that are open, newest first; they are asked for again by themselves. Or ignore some."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow.harvesting.standing import list_gaps

    if context.invoked_subcommand is not None:
        return
    with open_home(home, as_it_is=True) as house:
        found = list_gaps(house, limit)
    if as_json:
        shown = ("id", "kind", "scheme", "name", "tries")
        told = [{name: getattr(gap, name) for name in shown} | {"found": gap.found_at.isoformat()} for gap in found]
        print_json({"gaps": told})
        return
    if not found:
        console().print("Nothing is known to be missing.")
        return
    table = Table("No", "What", "Of", "Name", "Found", "Tries", box=None, padding=(0, 1))
    for gap in found:
        cells = (str(gap.id), gap.kind, gap.scheme, gap.name, gap.found_at.date().isoformat(), str(gap.tries))
        table.add_row(*map(Text, cells))
    console().print(table)


@app.command("ignore")
def ignore(
    ids: Annotated[list[int], typer.Argument(help="Numbers of gaps, as the list shows them.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close gaps that are none; they are not asked for any more."""
    from broadsheet.flow.harvesting.gaps import decide

    with open_home(home, as_it_is=True) as house:
        for number in ids:
            decide(house, number, "ignored")
    if as_json:
        print_json({"ignored": len(ids)})
    else:
        console().print(f"{counted(len(ids), 'gap')} ignored.")
