"""``broadsheet reindex``: bring the indexes up to date, or build them anew."""

from typing import Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, indexing, open_home, print_json


def reindex(
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Build new indexes from the store beside the old ones, then swap.")
    ] = False,
    embeddings: Annotated[
        bool, typer.Option("--embeddings", help="Embed every paper anew; the old embeddings answer until it is done.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring words and meaning up to what is stored; search goes on meanwhile.

    After another embedder was chosen in the settings this moves all papers to it, the newest first. It may be stopped
    at any moment and goes on where it was.
    """
    from broadsheet.flow.shelf import reindex as flow
    from broadsheet.flow.shelf.embedding import begin_anew

    with open_home(home, as_it_is=True) as house:
        if embeddings:
            begin_anew(house)
        with indexing() as progress:
            build = flow.from_scratch if from_scratch else flow.catch_up
            caught_up = build(house, progress=progress, effort="all")
        indexed = house.text_index.count()
    if caught_up.trouble is not None:
        raise caught_up.trouble
    if as_json:
        print_json({"written": caught_up.changes, "indexed": indexed, "embedded": caught_up.embedded})
    else:
        console().print(f"{indexed:,} papers are indexed.")
