"""The one grammar in which lists are asked for: a kind, a name, and parameters that are the same for all."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import Query as Parameter
from pydantic import BaseModel, Field
from starlette.datastructures import QueryParams
from starlette.requests import Request

from broadsheet.api.v1 import cursors
from broadsheet.api.v1.shapes.objects import Paper
from broadsheet.entrance.address import MAX_FILTERS, read_day, read_query
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow.voting.trending import span_of
from broadsheet.model.query import MAX_LIKE, MAX_TEXT, Query, Sort, Way
from broadsheet.model.selection import MOST, Kind, Selection, Stretch
from broadsheet.model.weeks import read_month, read_week

MOST_AT_ONCE = 200
USUAL = 50
LINES = "application/x-ndjson"
ROOT = "/api/v1"
FIELDS = tuple(name for name in Paper.__annotations__ if name != "evidence")
_DAY = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"
# What asks for something, and so belongs to a search alone; any list takes the others.
_WORDS = ("q", "passage", "like", "unlike", "way")
# Lists that need no name, and those that take none.
_NAMELESS: frozenset[Kind] = frozenset({"day", "trending", "search", "following"})
_UNNAMED: frozenset[Kind] = frozenset({"search", "following"})
Names = Annotated[list[str], Field(max_length=MAX_FILTERS)]
Papers = Annotated[list[str], Field(max_length=MAX_LIKE)]


class Filters(BaseModel):
    """What narrows any list and orders it, as in the address of the search page; several of one name are alternatives.

    This only tells programs of the parameters; entrance/address.py reads them.
    """

    q: str = Field("", max_length=MAX_TEXT, description="Of a search: words, an id, an address, a whole abstract.")
    passage: Literal["", "0", "1"] = Field(
        "", description="Of a search: `1` where `q` is a text whose signs mean nothing."
    )
    like: Papers = Field([], description="Of a search: papers to be like, by any id.")
    unlike: Papers = Field([], description="Of a search: papers to be away from.")
    way: Way = Field("both", description="Of a search: by words, by meaning, or both.")
    cat: Names = Field(
        [], description="Categories; an archive such as `cs` stands for all of it.", examples=[["cs.CL"]]
    )
    source: Names = Field([], description="Sources that tell of a paper.")
    venue: Names = Field([], description="Venues.")
    org: Names = Field([], description="Organisations, as printed.")
    author: Names = Field([], description="Authors by their whole names, in any case and with or without accents.")
    year: Annotated[list[int], Field(max_length=MAX_FILTERS)] = Field([], description="Years of publication.")
    since: str = Field("", pattern=_DAY, description="First day of publication.", examples=["2026-03-06"])
    until: str = Field("", pattern=_DAY, description="Last day of publication.")
    code: Literal["", "0", "1"] = Field("", description="`1` for papers with code, `0` for those without.")
    sort: Sort = Field("relevance", description="`relevance` is the list's own order.")


class Asked(Filters):
    """What any list is asked by."""

    limit: int = Field(
        USUAL, description=f"Clamped to 1 … {MOST_AT_ONCE}, or {MOST:,} where lines are answered, which is then usual."
    )
    cursor: str = Field("", pattern=cursors.PATTERN, description="Goes on with a list: take it from `next`.")
    fields: str = Field(
        "", max_length=1_000, description="Only these fields of each paper, with commas between.", examples=["id,title"]
    )
    evidence: bool = Field(default=False, description="Tell of each paper why it is there.")


InAddress = Annotated[Asked, Parameter()]
InSearch = Annotated[Filters, Parameter()]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list and the piece of it that is asked for; ``fields`` is empty for all."""

    selection: Selection
    stretch: Stretch
    fields: tuple[str, ...] = ()
    evidence: bool = False
    lines: bool = False


def wanted_of(request: Request, kind: Kind, name: str, asked: Asked) -> Wanted:
    """Read what is asked for; raises Invalid, naming the parameter, for what cannot be meant, NotFound for no list."""
    selection = Selection(kind, _name(kind, name), _query(request, kind, asked))
    lines = wants_lines(request)
    usual, most = (MOST, MOST) if lines else (USUAL, MOST_AT_ONCE)
    limit = min(max(asked.limit if "limit" in asked.model_fields_set else usual, 1), most)
    stretch = Stretch(cursors.read(selection, asked.cursor), limit)
    return Wanted(selection, stretch, _fields(asked.fields), asked.evidence, lines)


def query_of(request: Request, asked: Filters) -> Query:
    """Read a search from the parameters; raises Invalid, naming the one that cannot be meant."""
    return read(request.query_params, asked)


def read(params: QueryParams, asked: Filters) -> Query:
    """Read a search from its words; raises Invalid, naming the one that cannot be meant."""
    query = replace(read_query(params), offset=0, limit=Query().limit, facets=False)
    authors = tuple(dict.fromkeys(name for each in asked.author if (name := each.strip())))
    return replace(query, authors=authors)


def next_of(request: Request, selection: Selection, offset: int) -> str:
    """Give the address of what follows."""
    named = f"/{quote(selection.name, safe='/:@,;')}" if selection.name else ""
    told = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{ROOT}/lists/{selection.kind}{named}?{urlencode([*told, ('cursor', cursors.written(selection, offset))])}"


def wants_lines(request: Request) -> bool:
    """Tell whether papers are asked for line by line."""
    return LINES in request.headers.get("accept", "")


def _name(kind: Kind, name: str) -> str:
    """Read the name of a list, in the one spelling it has."""
    if name and kind in _UNNAMED:
        raise NotFound(f"There is one list of the kind {kind}, which takes no name.")
    if not name:
        if kind not in _NAMELESS:
            raise Invalid(f"Name the {kind}: {ROOT}/lists/{kind}/…", field="name")
        return ""
    match kind:
        case "day":
            return read_day(name).isoformat()
        case "week":
            return str(read_week(name))
        case "month":
            return str(read_month(name))
        case "trending":
            return span_of(name)
    return name


def _query(request: Request, kind: Kind, asked: Asked) -> Query:
    if kind != "search":
        for word in _WORDS:
            if word in asked.model_fields_set and request.query_params.get(word):
                raise Invalid(f"This belongs to a search: {ROOT}/lists/search?{word}=…", field=word)
    return query_of(request, asked)


def _fields(told: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for each in told.split(",") if (name := each.strip())))
    unknown = next((name for name in names if name not in FIELDS), None)
    if unknown is not None:
        raise Invalid(f"A paper has no field {unknown[:40]!r}; it has {', '.join(FIELDS)}.", field="fields")
    return names
