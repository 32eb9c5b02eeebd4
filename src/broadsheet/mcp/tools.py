"""The table of tools: what each is called, what it takes and answers, and the verb behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.errors import NotFound
from broadsheet.mcp import reading, writing
from broadsheet.mcp.arguments import Argument, Schema
from broadsheet.mcp.desk import Desk
from broadsheet.mcp.shown import Answer
from broadsheet.model.label import MAX_NAME, MAX_NOTE
from broadsheet.model.query import MAX_OFFSET, MAX_TEXT, SORTS

MOST_LISTED = 50
_MAX_REFERENCE = 2_000
_LIMIT = Argument(name="limit", about="How many papers at most.", kind="number", default=10, least=1, most=MOST_LISTED)
_OFFSET = Argument(
    name="offset",
    about="How many papers to leave out before; next_offset of an answer goes on from there.",
    kind="number",
    default=0,
    most=MAX_OFFSET,
)
_PAPER = Argument(
    name="paper",
    about="A paper by its id or address, such as 1706.03762, a DOI, or an id that another tool gave.",
    required=True,
    most=_MAX_REFERENCE,
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool; ``answers`` states its structure in JSON Schema, ``writes`` tells whether it changes something."""

    name: str
    title: str
    about: str
    arguments: tuple[Argument, ...]
    verb: Callable[[Desk, Mapping[str, Any]], Answer]
    answers: Schema
    writes: bool = False


def _object(**fields: Schema) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields)}


_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer"}
_YES: Schema = {"type": "boolean"}
_COUNT_OR_NONE: Schema = {"type": ["integer", "null"]}
_FACTS: Final[dict[str, Schema]] = {
    "id": _TEXT,
    "title": _TEXT,
    "authors": {"type": "array", "items": _TEXT},
    "author_count": _COUNT,
    "published": _TEXT,
    "upvotes": _COUNT,
    "comments": _COUNT,
    "withdrawn": _YES,
    "url": _TEXT,
}
_LIST = _object(
    notice=_TEXT,
    list=_TEXT,
    papers={"type": "array", "items": _object(**_FACTS, evidence=_TEXT, sentence=_TEXT)},
    total=_COUNT_OR_NONE,
    next_offset=_COUNT_OR_NONE,
    sentences={"type": "array", "items": _TEXT},
)

TOOLS: Final = (
    Tool(
        "search_papers",
        "Search papers",
        "Find papers by words and meaning. Takes plain words, “exact phrases”, -without, author:name, title:word, "
        "venue:name; an id or address finds its paper. Each paper says why it is there (evidence: phrase, all words, "
        "some words, same topic) and shows the sentence for that. For a whole abstract take search_by_abstract.",
        (
            Argument(name="query", about="What to look for.", required=True, most=MAX_TEXT),
            _LIMIT,
            _OFFSET,
            Argument(name="category", about="Only papers of this category, such as cs.CL.", most=100),
            Argument(name="since", about="Only papers published on this day or later (YYYY-MM-DD).", kind="day"),
            Argument(name="until", about="Only papers published on this day or before (YYYY-MM-DD).", kind="day"),
            Argument(name="has_code", about="Only papers with code, or only without.", kind="yes or no"),
            Argument(name="sort", about="The order.", default=SORTS[0], choices=SORTS),
        ),
        reading.search_papers,
        _LIST,
    ),
    Tool(
        "search_by_abstract",
        "Search by an abstract",
        "Find the papers nearest to a passage, such as the abstract of a draft: related or competing work. No sign in "
        "it means anything special.",
        (
            Argument(name="abstract", about="The passage, such as an abstract.", required=True, most=MAX_TEXT),
            _LIMIT,
            _OFFSET,
        ),
        reading.search_by_abstract,
        _LIST,
    ),
    Tool(
        "similar_papers",
        "Similar papers",
        "Find the papers nearest to one that is on the shelf, by words and meaning.",
        (_PAPER, _LIMIT, _OFFSET),
        reading.similar_papers,
        _LIST,
    ),
    Tool(
        "daily_papers",
        "Daily papers",
        "List the papers of a day's page, those with most upvotes first, and name the nearest days that have papers.",
        (
            Argument(name="date", about="The day (YYYY-MM-DD); the latest that has papers if not given.", kind="day"),
            _LIMIT,
            _OFFSET,
        ),
        reading.daily_papers,
        _LIST,
    ),
    Tool(
        "trending_papers",
        "Trending papers",
        "List the papers that trend now: by upvotes, comments, stars and age.",
        (
            Argument(
                name="span",
                about="Among which papers: those of today's page (day), of the last seven pages (week), or all.",
                default="all",
                choices=("all", "week", "day"),
            ),
            _LIMIT,
            _OFFSET,
        ),
        reading.trending_papers,
        _LIST,
    ),
    Tool(
        "get_paper",
        "Read a paper's facts and abstract",
        "Give one paper as Markdown: title, authors, ids, dates, links and abstract. The full text is not kept here.",
        (_PAPER,),
        reading.get_paper,
        _object(notice=_TEXT, **_FACTS, abstract=_TEXT),
    ),
    Tool(
        "upvote_paper",
        "Upvote a paper",
        "Upvote a paper in the name of the reader whose token it is, or take that back. Others see the count. Only do "
        "so when the reader asks for it.",
        (
            _PAPER,
            Argument(name="undo", about="Take the upvote back instead.", kind="yes or no", default=False),
        ),
        writing.upvote_paper,
        _object(notice=_TEXT, **_FACTS, upvoted=_YES, waits=_TEXT),
        writes=True,
    ),
    Tool(
        "label_paper",
        "Put a paper on a label",
        "Put a paper on one of the reader's own labels, by the label's name; one that does not exist is made, and only "
        "the reader sees it. Other labels of the paper stay.",
        (
            _PAPER,
            Argument(name="label", about="The name of the label, such as To read.", required=True, most=MAX_NAME),
            Argument(name="note", about="A note to the paper there; without one the note stays.", most=MAX_NOTE),
        ),
        writing.label_paper,
        _object(notice=_TEXT, **_FACTS, label=_TEXT, label_papers=_COUNT, seen_by=_TEXT),
        writes=True,
    ),
)


def offered(desk: Desk) -> tuple[Tool, ...]:
    """Give the tools that whoever is at the desk is offered: those that write only to a token made for writing."""
    return tuple(tool for tool in TOOLS if desk.writes or not tool.writes)


def named(name: str) -> Tool:
    """Give a tool, offered or not; raises NotFound."""
    found = next((tool for tool in TOOLS if tool.name == name), None)
    if found is None:
        raise NotFound(f"There is no tool {name[:80]!r}. There are: {', '.join(tool.name for tool in TOOLS)}.")
    return found
