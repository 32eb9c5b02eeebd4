"""``broadsheet trending``: what trends, and whether any past order can be made again."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, byline, console, counted, open_home, paper_json, print_json

if TYPE_CHECKING:
    from broadsheet.flow.house import House
    from broadsheet.flow.voting.replay import Order
    from broadsheet.model.paper import Paper

_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]
_SHOWN = 50


def trending(
    of: Annotated[
        str, typer.Option(help="all, week or day: of all time, of the last seven pages, of today's.")
    ] = "all",
    at: Annotated[
        datetime | None,
        typer.Option(formats=_MOMENTS, metavar="MOMENT", help="Make the order of a past moment, in UTC, from the log."),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Check that the log, the stored order and all counters agree; exit 5 if not."),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the papers that trend, highest first.

    With --at the order is made again as it was, by the formula of today, from the log alone; its hash tells two orders
    apart. With --verify the log is read on to its end and must lead to the stored order, to the last digit.
    """
    from broadsheet.errors import Conflict
    from broadsheet.flow.voting import replay, trending

    span = trending.span_of(of)
    with open_home(home) as house:
        order = replay.replay(house, at.replace(tzinfo=UTC)) if at else None
        verdict = replay.verify(house) if verify else None
        shown = _papers(house, order) if order else trending.page(house, span).papers
    if verdict is not None and not verdict.agrees:
        raise Conflict(
            f"The log leads to {verdict.replayed.digest[:16]} and stored is {verdict.stored.digest[:16]}; "
            f"{counted(len(verdict.miscounted), 'counter')} beside what rows say."
        )
    told: dict[str, Any] = {"hash": order.digest} if order else {}
    told |= {"verified": True, "stored": verdict.stored.digest} if verdict else {}
    if as_json:
        print_json({**told, "papers": [paper_json(paper) for paper in shown]})
    else:
        _print(shown, told)


def _papers(house: "House", order: "Order") -> "tuple[Paper, ...]":
    from broadsheet.store import papers

    with house.store.reading() as connection:
        return papers.by_ids(connection, [paper_id for paper_id, _ in order.papers[:_SHOWN]])


def _print(shown: "tuple[Paper, ...]", told: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    out = console()
    if shown:
        table = Table(title="Trending papers", title_justify="left", box=None, padding=(0, 1))
        table.add_column("▲", justify="right")
        for heading in ("Paper", "Authors", "Id"):
            table.add_column(heading, overflow="fold")
        for paper in shown:
            table.add_row(str(paper.upvotes), Text(paper.title, style="bold"), Text(byline(paper, 2)), Text(paper.slug))
        out.print(table)
    else:
        out.print("Nothing trends yet: no paper has upvotes, comments or stars gained.")
    if "hash" in told:
        out.print(f"Hash of the order: {told['hash']}", markup=False)
    if "verified" in told:
        out.print(f"The log, the stored order and all counters agree: {told['stored']}", markup=False)
