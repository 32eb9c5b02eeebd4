"""``broadsheet reindex``: bring the index up to date, or build it anew."""

from typing import Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, console, indexing, open_home, print_json


def reindex(
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Build a new index beside the old one, then swap.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the word index up to what is stored; search goes on meanwhile."""
    from broadsheet.flow import reindex as flow

    with open_home(home, as_it_is=True) as house:
        with indexing() as report:
            build = flow.from_scratch if from_scratch else flow.catch_up
            written = build(house, progress=report)
        indexed = house.text_index.count()
    if as_json:
        print_json({"written": written, "indexed": indexed})
    else:
        console().print(f"{indexed:,} papers are indexed.")
