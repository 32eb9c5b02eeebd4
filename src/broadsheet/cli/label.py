"""``broadsheet label``: labels, taken to where references are kept, and made of what is kept there."""

import os
from dataclasses import asdict
from typing import Annotated

import typer

from broadsheet.cli.belongings import ReaderOption, tell_brought
from broadsheet.cli.output import HomeOption, JsonOption, console, counted, open_home, print_json
from broadsheet.errors import Invalid

app = typer.Typer(help="Take labels to where references are kept, and bring them from there.", no_args_is_help=True)


@app.command("push")
def push(
    reader: ReaderOption,
    slug: Annotated[str, typer.Argument(help="The label, as its address ends.")] = "",
    reading: Annotated[str, typer.Option("--reading", help="A reading list instead of a label: later or read.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Push a label into its reader's library at Zotero; what is there already is not pushed twice.

    The key is asked for, or read from ZOTERO_API_KEY; it is used once and not kept.
    """
    from broadsheet.flow.lists.profile import show
    from broadsheet.flow.lists.push_label import READING, push_label, push_reading

    state = next((state for state in READING if state == reading), None)
    if bool(slug) == bool(reading) or (reading and state is None):
        raise Invalid("Name a label, or a reading list by --reading later or --reading read.", field="reading")
    key = _key()
    with open_home(home) as house:
        person = show(house, reader).reader
        done = push_reading(house, person, state, key) if state else push_label(house, person, slug, key)
    if as_json:
        print_json(asdict(done))
        return
    told = f"{counted(done.new, 'new paper')}, {done.added:,} from elsewhere in the library, {done.known:,} were there"
    console().print(f"{done.collection}: {told}, {done.failed:,} not taken.", markup=False)


@app.command("pull")
def pull(
    reader: ReaderOption,
    library: Annotated[
        str, typer.Option("--library", help="users/1 or groups/1; the library of whoever made the key by default.")
    ] = "",
    collection: Annotated[
        str, typer.Option("--collection", help="A collection by its name or key; all of the library by default.")
    ] = "",
    label: Annotated[str, typer.Option("--label", help="The label for papers that would be on none.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a library at Zotero in: collections become labels, and papers that are not here come too.

    The key is asked for, or read from ZOTERO_API_KEY; it is used once and not kept. Pulling again changes nothing.
    """
    from broadsheet.flow.lists.profile import show
    from broadsheet.flow.lists.pull_library import Pulled, pull_library

    key = _key()
    with open_home(home) as house:
        wanted = Pulled(library, collection, label)
        done = pull_library(house, show(house, reader).reader, wanted, key, keeping_papers=True)
    tell_brought(done, home, as_json=as_json)


def _key() -> str:
    key: str = os.environ.get("ZOTERO_API_KEY") or typer.prompt("Key of Zotero's", hide_input=True, err=True)
    return key.strip()
