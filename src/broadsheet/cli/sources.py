"""``broadsheet sources``: what is harvested, how often, and how that stands."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, open_home, print_json
from broadsheet.cli.standing import detail_json, print_detail, print_standings, source_json, standing_json

if TYPE_CHECKING:
    from broadsheet.model.harvest import Source

app = typer.Typer(name="sources", help="Sources that are harvested.", invoke_without_command=True)

NameArgument = Annotated[str, typer.Argument(help="The name of a source.")]


@app.callback()
def list_(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the sources: when each last succeeded, when it is due, and what troubles it; or change them.

    Examples: `broadsheet sources add arxiv cs:cs:CL`, `broadsheet sources add hf --every 1h`, `broadsheet sources`.
    """
    from broadsheet.flow.harvesting.standing import standings

    if context.invoked_subcommand is not None:
        return
    with open_home(home, as_it_is=True) as house:
        found, at = standings(house), house.clock()
    if as_json:
        print_json({"sources": [standing_json(each) for each in found]})
    else:
        print_standings(found, at)


@app.command("add")
def add(
    kind: Annotated[str, typer.Argument(help="What kind of source: see broadsheet sources kinds.")],
    target: Annotated[str, typer.Argument(help="What of it: a set, a venue, an address, a folder.")] = "",
    name: Annotated[str, typer.Option(help="Its name, such as arxiv-cs-cl. [default: made of kind and target]")] = "",
    every: Annotated[
        str, typer.Option(metavar="PERIOD", help="How often: 30m, 6h, 1d, or never. [default: the kind's own]")
    ] = "",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day wanted. [default: its own]"),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a source; whoever runs what is due (`up`, `worker`, `harvest --due`) begins with it at once."""
    from broadsheet.flow.harvesting import sources as flow

    with open_home(home, as_it_is=True) as house:
        order = flow.Order(kind=kind, target=target, name=name, every=every, since=since.date() if since else None)
        _print(flow.add(house, order), "is added", as_json=as_json)


@app.command("remove")
def remove(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Forget a source and its runs; the papers it brought stay."""
    from broadsheet.flow.harvesting import sources as flow

    with open_home(home, as_it_is=True) as house:
        flow.remove(house, name)
    if as_json:
        print_json({"removed": name})
    else:
        console().print(f"{name} is removed; its papers stay.", markup=False)


@app.command("pause")
def pause(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Let a source rest until it is resumed."""
    from broadsheet.flow.harvesting import sources as flow

    with open_home(home, as_it_is=True) as house:
        _print(flow.pause(house, name), "is paused", as_json=as_json)


@app.command("resume")
def resume(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Let a source run again, at once; also one that was refused or that failed too often."""
    from broadsheet.flow.harvesting import sources as flow

    with open_home(home, as_it_is=True) as house:
        _print(flow.resume(house, name), "runs again", as_json=as_json)


@app.command("show")
def show(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show a source closely: its last runs and days, what is missing, and what could not be read."""
    from broadsheet.flow.harvesting.standing import detail

    with open_home(home, as_it_is=True) as house:
        found, at = detail(house, name), house.clock()
    if as_json:
        print_json(detail_json(found))
    else:
        print_detail(found, at)


@app.command("kinds")
def kinds(as_json: JsonOption = False) -> None:
    """List the kinds of sources there are, what their targets are, and how often they are run."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow.harvesting.kinds import KINDS
    from broadsheet.flow.harvesting.sources import period_of

    told: list[dict[str, Any]] = [
        {
            "kind": name,
            "title": kind.title,
            "target": kind.target,
            "needs_target": kind.needs_target,
            "every": period_of(kind.every_s),
        }
        for name, kind in sorted(KINDS.items())
    ]
    if as_json:
        print_json({"kinds": told})
        return
    table = Table("Kind", "What", "Target", "Every", box=None, padding=(0, 1))
    for each in told:
        target = each["target"] if each["needs_target"] or not each["target"] else f"{each['target']} (or none)"
        table.add_row(*(Text(part) for part in (each["kind"], each["title"], target, each["every"])))
    console().print(table)


def _print(source: "Source", done: str, *, as_json: bool) -> None:
    from broadsheet.flow.harvesting.sources import period_of

    if as_json:
        print_json(source_json(source))
        return
    every = f"every {period_of(source.every_s)}" if source.every_s else "only when asked"
    told = f"{source.name} {done}; it runs {every}." if done == "is added" else f"{source.name} {done}."
    console().print(told, markup=False)
