"""``broadsheet merges`` and ``broadsheet unmerge``: which records were taken for one paper, and how to undo it."""

from typing import Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, open_home, print_json


def merges(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List merges, newest first: which papers became one, and why."""
    from rich.table import Table
    from rich.text import Text

    from broadsheet.flow.shelf import merge as flow

    with open_home(home) as house:
        found = flow.merges(house, limit=limit)
    if as_json:
        print_json({"merges": [flow.as_dict(merge) for merge in found]})
        return
    if not found:
        console().print("No merges.")
        return
    table = Table("Merge", "Paper", "Reason", "Undone", box=None, padding=(0, 1))
    for merge in found:
        table.add_row(str(merge.id), Text(merge.title), Text(merge.reason), "yes" if merge.undone else "")
    console().print(table)


def unmerge(
    merge_id: Annotated[int, typer.Argument(metavar="MERGE", help="The number from `broadsheet merges`.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Undo a merge: the records part again and stay apart."""
    from broadsheet.flow.shelf import merge as flow
    from broadsheet.flow.shelf.reindex import catch_up

    with open_home(home) as house:
        flow.undo_merge(house, merge_id)
        catch_up(house)
    if as_json:
        print_json({"undone": merge_id})
    else:
        console().print(f"Merge {merge_id} is undone.")
