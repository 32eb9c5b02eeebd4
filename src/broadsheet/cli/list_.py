"""``broadsheet list``: any list of papers in the terminal."""

from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.asking import (
    CodeOption,
    LikeOption,
    OrgOption,
    PassageOption,
    SinceOption,
    SortOption,
    SourceOption,
    UnlikeOption,
    UntilOption,
    VenueOption,
    WayOption,
    YearOption,
    query_of,
)
from broadsheet.cli.output import HomeOption, JsonOption, byline, console, open_home, paper_json, print_json

if TYPE_CHECKING:
    from broadsheet.flow.house import House
    from broadsheet.model.query import Query
    from broadsheet.model.reader import Reader
    from broadsheet.model.selection import Selected, Selection

_KINDS = "day, week, month, trending, search, similar, author, organisation, category, label, saved or following"


def list_(
    kind: Annotated[str, typer.Argument(help=f"Which kind of list: {_KINDS}.")],
    name: Annotated[
        list[str] | None,
        typer.Argument(help="A day, 2026-W10, 2026-03, an id, a slug, cs.CL, handle/slug, or words to search for."),
    ] = None,
    passage: PassageOption = None,
    like: LikeOption = None,
    unlike: UnlikeOption = None,
    way: WayOption = "both",
    cat: Annotated[
        list[str] | None,
        typer.Option("--cat", "--category", help="Only this category, such as cs.CL; repeat for more."),
    ] = None,
    source: SourceOption = None,
    venue: VenueOption = None,
    org: OrgOption = None,
    author: Annotated[list[str] | None, typer.Option(help="Only this author, by the whole name.")] = None,
    year: YearOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    code: CodeOption = None,
    sort: SortOption = "relevance",
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="How many papers.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="How many papers to skip.")] = 0,
    reader: Annotated[
        str, typer.Option(metavar="HANDLE", help="As this reader sees it. Default: the owner, where nobody signs in.")
    ] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show any list of papers, as its page shows it: narrowed by the same filters, in its own order or another."""
    from dataclasses import replace

    from broadsheet.flow.selecting.select import select
    from broadsheet.model.selection import Stretch

    words = name if kind == "search" else None
    query = query_of(
        text=words,
        passage=passage,
        like=like,
        unlike=unlike,
        way=way,
        cat=cat,
        source=source,
        venue=venue,
        org=org,
        year=year,
        since=since,
        until=until,
        code=code,
        sort=sort,
    )
    selection = _selection(kind, name or [], replace(query, authors=tuple(author or ())))
    with open_home(home) as house:
        found = select(house, selection, Stretch(offset, limit), _reader(house, reader))
    if as_json:
        print_json(_told(selection, found))
    else:
        _print(found)


def _selection(kind: str, name: list[str], query: "Query") -> "Selection":
    from broadsheet.errors import Invalid
    from broadsheet.model.query import Query
    from broadsheet.model.selection import KINDS, Selection

    known = next((each for each in KINDS if each == kind), None)
    if known is None:
        raise Invalid(f"There is no kind of list {kind!r}. There are {_KINDS}.", field="kind")
    if known == "search":
        return Selection(known, query=query)
    if query.like or query.unlike or query.passage or query.way != Query().way:
        raise Invalid(
            "--passage, --like, --unlike and --way belong to a search: broadsheet list search …", field="kind"
        )
    return Selection(known, " ".join(name), query)


def _reader(house: "House", handle: str) -> "Reader | None":
    """Give who looks: the reader that is named, else the owner where nobody signs in, else nobody."""
    from broadsheet.flow.accounts.owner import owner
    from broadsheet.flow.lists import profile

    if handle:
        return profile.show(house, handle).reader
    return None if house.settings.public_url else owner(house)


def _told(selection: "Selection", found: "Selected") -> dict[str, object]:
    return {
        "kind": selection.kind,
        "name": found.name or selection.name,
        "title": found.title,
        "about": found.about,
        "total": found.total,
        "more": found.more,
        "notices": list(found.notices),
        "papers": [paper_json(paper) for paper in found.papers],
    }


def _print(found: "Selected") -> None:
    from rich.table import Table
    from rich.text import Text

    out = console()
    for notice in found.notices:
        out.print(notice, style="yellow", markup=False)
    if not found.papers:
        out.print(f"{found.title}: no papers.", markup=False)
        return
    table = Table(title=Text(found.title), title_justify="left", box=None, padding=(0, 1))
    for heading, justify in (("▲", "right"), ("Paper", "left"), ("Authors", "left"), ("Id", "left")):
        table.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
    for paper in found.papers:
        table.add_row(str(paper.upvotes), Text(paper.title, style="bold"), Text(byline(paper, 2)), Text(paper.slug))
    out.print(table)
    if found.more:
        out.print("There are more: --limit, --offset.")
