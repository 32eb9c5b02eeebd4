"""``broadsheet saved``: searches kept under a name."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.asking import (
    CatOption,
    CodeOption,
    LikeOption,
    LimitOption,
    OffsetOption,
    OrgOption,
    PassageOption,
    SinceOption,
    SortOption,
    SourceOption,
    TextArgument,
    UnlikeOption,
    UntilOption,
    VenueOption,
    WayOption,
    YearOption,
    query_of,
)
from broadsheet.cli.output import HomeOption, JsonOption, console, open_home, print_json
from broadsheet.cli.search import print_results

if TYPE_CHECKING:
    from broadsheet.model.saved_search import SavedSearch

app = typer.Typer(name="saved", help="Searches kept under a name, to be made again.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The name of a saved search, or its short form in addresses.")]
_LONGEST = 200


@app.command("list")
def list_(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the saved searches by name."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow.reading import saved_searches as flow

    with open_home(home, as_it_is=True) as house:
        found = flow.list_saved(house)
    if as_json:
        print_json({"saved": [flow.as_dict(saved) for saved in found]})
        return
    if not found:
        console().print('No search is saved. Save one: broadsheet saved add "Its name" words and options')
        return
    table = Table("Name", "In addresses", "Asks for", box=None, padding=(0, 1))
    for saved in found:
        table.add_row(Text(saved.name), Text(saved.slug), Text(_sentence(saved)))
    console().print(table)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name to keep it under, at most 100 characters.")],
    text: TextArgument = None,
    passage: PassageOption = None,
    like: LikeOption = None,
    unlike: UnlikeOption = None,
    way: WayOption = "both",
    cat: CatOption = None,
    source: SourceOption = None,
    venue: VenueOption = None,
    org: OrgOption = None,
    year: YearOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    code: CodeOption = None,
    sort: SortOption = "relevance",
    replace: Annotated[bool, typer.Option("--replace", help="Replace the search of this name, if any.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save a search: its name, then what `broadsheet search` takes."""
    from broadsheet.flow.reading import saved_searches as flow

    query = query_of(
        text=text,
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
    with open_home(home, as_it_is=True) as house:
        _print(flow.save(house, name, query, replace=replace), as_json=as_json)


@app.command("show")
def show(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show what a saved search asks for."""
    from broadsheet.flow.reading import saved_searches as flow

    with open_home(home, as_it_is=True) as house:
        _print(flow.show(house, flow.slug_for(house, name)), as_json=as_json)


@app.command("run")
def run(
    name: NameArgument,
    limit: LimitOption = 10,
    offset: OffsetOption = 0,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first, whatever order it was saved with.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a saved search again."""
    from broadsheet.flow.reading import saved_searches as flow
    from broadsheet.flow.shelf.starter import is_empty

    with open_home(home) as house:
        slug = flow.slug_for(house, name)
        results = flow.run(house, slug, limit=limit, offset=offset, newest_first=newest)
        empty = is_empty(house)
    print_results(results, empty=empty, as_json=as_json)


@app.command("rename")
def rename(
    name: NameArgument,
    new: Annotated[str, typer.Argument(help="Its new name; the short form in addresses stays.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a saved search another name."""
    from broadsheet.flow.reading import saved_searches as flow

    with open_home(home, as_it_is=True) as house:
        _print(flow.rename(house, flow.slug_for(house, name), new), as_json=as_json)


@app.command("remove")
def remove(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Forget a saved search."""
    from rich.text import Text

    from broadsheet.flow.reading import saved_searches as flow

    with open_home(home, as_it_is=True) as house:
        slug = flow.slug_for(house, name)
        flow.remove(house, slug)
    if as_json:
        print_json({"removed": slug})
    else:
        console().print(Text(f"The saved search {slug} is removed."))


def _print(saved: "SavedSearch", *, as_json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow.reading.saved_searches import as_dict

    if as_json:
        print_json(as_dict(saved))
        return
    console().print(Text(saved.name, style="bold"))
    facts = Table.grid(padding=(0, 2))
    told = {"In addresses": saved.slug, **_asked(saved), "Saved": saved.at.date().isoformat()}
    for fact, value in told.items():
        facts.add_row(Text(fact, style="dim"), Text(value))
    console().print(facts)


def _asked(saved: "SavedSearch") -> dict[str, str]:
    from broadsheet.flow.reading.saved_searches import as_dict

    return {field.replace("_", " ").capitalize(): _words(value) for field, value in as_dict(saved)["query"].items()}


def _sentence(saved: "SavedSearch") -> str:
    return "; ".join(value if field == "Text" else f"{field.lower()} {value}" for field, value in _asked(saved).items())


def _words(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    from broadsheet.model.text import clean

    if isinstance(value, bool):
        return "yes" if value else "no"
    words = clean(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
