"""Papers and daily pages by addresses that clients can attach: ``paper://1706.03762``, ``daily://2026-03-06``."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from broadsheet.errors import NotFound
from broadsheet.mcp.arguments import read as read_arguments
from broadsheet.mcp.desk import Desk
from broadsheet.mcp.shown import Answer
from broadsheet.mcp.tools import Tool, named

_MARKDOWN, _PLAIN = "text/markdown", "text/plain"
_PAPER, _DAILY, _LATEST = "paper://", "daily://", "latest"
_MOST_OF_A_DAY = 50


@dataclass(frozen=True, slots=True)
class Resource:
    """An address, or a template of addresses (RFC 6570), and what stands there."""

    uri: str
    name: str
    title: str
    about: str
    kind: str


FIXED: Final = (
    Resource(
        f"{_DAILY}{_LATEST}",
        "latest_daily_papers",
        "The latest daily page",
        "The papers of the latest day that has any, those with most upvotes first.",
        _PLAIN,
    ),
)
TEMPLATES: Final = (
    Resource(
        f"{_PAPER}{{+id}}",
        "paper",
        "A paper",
        "One paper as Markdown, by any id of it: facts, links and abstract.",
        _MARKDOWN,
    ),
    Resource(
        f"{_DAILY}{{date}}",
        "daily_papers",
        "A daily page",
        "The papers of a day (YYYY-MM-DD), those with most upvotes first.",
        _PLAIN,
    ),
)


def read(desk: Desk, uri: str) -> tuple[Answer, str]:
    """Give what stands at an address, and its media type; raises NotFound, and Invalid for a day that is none."""
    if uri.startswith(_PAPER):
        return _answer(desk, named("get_paper"), paper=unquote(uri.removeprefix(_PAPER))), _MARKDOWN
    if uri.startswith(_DAILY):
        day = uri.removeprefix(_DAILY)
        asked = {} if day == _LATEST else {"date": day}
        return _answer(desk, named("daily_papers"), limit=_MOST_OF_A_DAY, **asked), _PLAIN
    raise NotFound("There are papers at paper://ID and daily pages at daily://DATE and daily://latest.")


def _answer(desk: Desk, tool: Tool, **told: object) -> Answer:
    return tool.verb(desk, read_arguments(tool.arguments, told))
