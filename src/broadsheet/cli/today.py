"""``broadsheet today``: the daily page in the terminal."""

from datetime import datetime
from typing import Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, byline, console, open_home, paper_json, print_json


def today(
    day: Annotated[
        datetime | None, typer.Argument(formats=["%Y-%m-%d"], metavar="[YYYY-MM-DD]", help="Default: the latest day.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the daily page of a day, most upvotes first."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow import daily

    with open_home(home) as house:
        page = daily.page(house, day.date() if day else None)
    if as_json:
        neighbours = {"previous": page.previous, "next": page.next}
        print_json(
            {
                "day": page.day.isoformat(),
                **{name: near.isoformat() if near else None for name, near in neighbours.items()},
                "papers": [paper_json(paper) for paper in page.papers],
            }
        )
        return
    out = console()
    if not page.papers:
        near = page.previous or page.next
        hint = f" The nearest day with papers is {near}." if near else " Import some: broadsheet import PATH."
        out.print(f"No papers on {page.day}.{hint}")
        return
    table = Table(title=f"Daily papers, {page.day:%A %d %B %Y}", title_justify="left", box=None, padding=(0, 1))
    for heading, justify in (("▲", "right"), ("Paper", "left"), ("Authors", "left"), ("Id", "left")):
        table.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
    for paper in page.papers:
        table.add_row(str(paper.upvotes), Text(paper.title, style="bold"), Text(byline(paper, 2)), Text(paper.slug))
    out.print(table)
