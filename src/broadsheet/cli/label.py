"""``broadsheet label``: labels, taken to where references are kept."""

import os
from dataclasses import asdict
from typing import Annotated

import typer

from broadsheet.cli.belongings import ReaderOption
from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json

app = typer.Typer(help="Take labels to where references are kept.", no_args_is_help=True)


@app.command("push")
def push(
    slug: Annotated[str, typer.Argument(help="The label, as its address ends.")],
    reader: ReaderOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Push a label into its reader's library at Zotero; what is there already is not pushed twice.

    The key is asked for, or read from ZOTERO_API_KEY; it is used once and not kept.
    """
    from broadsheet.flow.lists.profile import show
    from broadsheet.flow.lists.push_label import push_label

    key = os.environ.get("ZOTERO_API_KEY") or typer.prompt("Key of Zotero's", hide_input=True, err=True)
    with open_home(home) as house:
        done = push_label(house, show(house, reader).reader, slug, key.strip())
    if as_json:
        print_json(asdict(done))
        return
    told = f"{counted(done.new, 'new paper')}, {done.added:,} from elsewhere in the library, {done.known:,} were there"
    console().print(f"{done.collection}: {told}, {done.failed:,} not taken.", markup=False)
