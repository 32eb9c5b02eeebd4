"""``broadsheet mcp``: serve an agent over the standard streams."""

from importlib.util import find_spec
from typing import Annotated

import typer

from broadsheet.cli.background import catching_up
from broadsheet.cli.logs import start_logging
from broadsheet.cli.output import HomeOption
from broadsheet.errors import Unavailable


def mcp(
    token: Annotated[
        str,
        typer.Option(
            envvar="BROADSHEET_TOKEN",
            show_envvar=False,
            help="A reader's token with the scopes read and write, to upvote and label too. [env: BROADSHEET_TOKEN]",
        ),
    ] = "",
    home: HomeOption = None,
) -> None:
    """Serve an agent by the Model Context Protocol, over standard input and output, until it closes its end.

    An agent's client starts this itself; see docs/mcp.md. Needs the extra `mcp`: pip install 'broadsheet[mcp]'.
    """
    if find_spec("mcp") is None:
        raise Unavailable("For agents the official SDK is needed: pip install 'broadsheet[mcp]'")
    from broadsheet.mcp.over_streams import serve
    from broadsheet.settings import read_settings
    from broadsheet.wiring import open_house

    settings = read_settings(home)
    start_logging(settings.log_format)
    with open_house(settings) as house, catching_up(house):
        serve(house, token)
