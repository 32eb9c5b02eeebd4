"""Any list of papers by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from broadsheet.api.caller import Anybody
from broadsheet.api.v1.documented import NAMED, OPTIONAL, READ
from broadsheet.api.v1.grammar import LINES, InAddress, Wanted, next_of, wanted_of
from broadsheet.api.v1.shapes import objects as shapes
from broadsheet.api.v1.shapes.papers import Beside, evidence, paper
from broadsheet.api.v1.shapes.values import stamp
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.caller import NoToken
from broadsheet.entrance.memory import answered, encoded, personal, remembered
from broadsheet.flow.house import House
from broadsheet.flow.selecting.select import pieces, select
from broadsheet.flow.talking import thread
from broadsheet.flow.voting import trending, upvote
from broadsheet.model.paper import Paper
from broadsheet.model.places import list_url
from broadsheet.model.reader import Reader
from broadsheet.model.selection import NEVER, Kind, Selected, Selection, Stretch

# Lists that the store alone decides: what is remembered of them is good until something is written.
_KEPT: frozenset[Kind] = frozenset({"day", "week", "month", "trending"})
_VARY = {"Vary": "Accept, Accept-Encoding, Authorization"}
_PIECE = 200
"""So many papers are read, and held for whoever reads slowly, at once where lines are answered."""

router = APIRouter()
_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {
        "model": shapes.List,
        "description": "A piece of the list; or of its papers one a line, as JSON, where `Accept` asks for lines.",
        "content": {LINES: {"schema": {"type": "string"}}},
        "headers": NAMED["Link"],
    },
    **READ,
}


@router.get("/lists/{kind}", responses=_DOCUMENTED, response_model=None, openapi_extra=OPTIONAL, name="list")
def unnamed(request: Request, reader: Anybody, kind: Kind, asked: InAddress) -> Response:
    """Give a list that needs no name: the latest day, what trends, a search, what one follows."""
    return _answer(request, wanted_of(request, kind, "", asked), reader)


@router.get(
    "/lists/{kind}/{name:path}", responses=_DOCUMENTED, response_model=None, openapi_extra=OPTIONAL, name="named_list"
)
def named(request: Request, reader: Anybody, kind: Kind, name: str, asked: InAddress) -> Response:
    """Give a list by its name: a day, a week, a month, `week` or `day` of what trends, whose, what a paper is like."""
    return _answer(request, wanted_of(request, kind, name, asked), reader)


def beside(house: House, papers: Sequence[Paper], reader: Reader | None) -> Beside:
    """Look up what is told beside papers; two statements for any number."""
    mine = None if reader is None else upvote.mine(house, reader, papers)
    return Beside(thread.counts(house, papers), mine)


def _answer(request: Request, wanted: Wanted, reader: Reader | None) -> Response:
    if wanted.selection.kind == "following" and reader is None:
        raise NoToken("What one follows takes a token: Authorization: Bearer bst_… Make one on your account's page.")
    if wanted.lines:
        return _by_line(request, wanted, reader)
    make = partial(_made, request, wanted, reader)
    if reader is not None:
        return personal(*make())
    return remembered(request, make) if wanted.selection.kind in _KEPT else answered(request, *make())


def _made(request: Request, wanted: Wanted, reader: Reader | None) -> tuple[shapes.List, Mapping[str, str]]:
    house = house_of(request)
    found = select(house, wanted.selection, wanted.stretch, reader)
    selection = _as_named(wanted.selection, found)
    following = next_of(request, selection, _end(wanted.stretch)) if found.more else None
    said: shapes.List = {
        "list": _about(selection, found),
        "papers": _papers(house, wanted, found, reader),
        "next": following,
    }
    return said, _VARY | ({"Link": f'<{following}>; rel="next"'} if following else {})


def _by_line(request: Request, wanted: Wanted, reader: Reader | None) -> Response:
    house, stretch = house_of(request), wanted.stretch
    found = pieces(house, wanted.selection, stretch, reader, _PIECE)
    first = next(found)
    selection = _as_named(wanted.selection, first)
    goes_on = first.more and (first.total is None or first.total > _end(stretch))
    link = {"Link": f'<{next_of(request, selection, _end(stretch))}>; rel="next"'} if goes_on else {}
    lines = (_lines(house, wanted, piece, reader) for piece in chain([first], found))
    own = {**_VARY, **link, "Cache-Control": "private, no-store" if reader else "no-cache"}
    return StreamingResponse(lines, headers=own, media_type=LINES)


def _lines(house: House, wanted: Wanted, found: Selected, reader: Reader | None) -> bytes:
    """Write papers, one a line."""
    return b"".join(encoded(each) + b"\n" for each in _papers(house, wanted, found, reader))


def _papers(house: House, wanted: Wanted, found: Selected, reader: Reader | None) -> list[shapes.Paper]:
    around = replace(beside(house, found.papers, reader), notes=found.notes)
    made = [paper(each, around) for each in found.papers]
    if wanted.fields:
        # A dictionary of fewer keys is what was asked for; the document tells of it as it is.
        made = [{name: each[name] for name in wanted.fields} for each in made]  # type: ignore[misc, literal-required]
    if wanted.evidence:
        parts = trending.parts(house, found.papers) if wanted.selection.kind == "trending" else {}
        for each, told in zip(made, found.papers, strict=True):
            each["evidence"] = evidence(found.hits.get(told.id), parts.get(told.id, ()))
    return made


def _about(selection: Selection, found: Selected) -> shapes.About:
    return {
        "kind": selection.kind,
        "name": selection.name,
        "title": found.title,
        "about": found.about or None,
        "total": found.total,
        "updated": None if found.updated == NEVER else stamp(found.updated),
        "url": list_url(selection),
        "notices": list(found.notices),
    }


def _as_named(selection: Selection, found: Selected) -> Selection:
    """Name the list as it can be asked for again, the latest of all by what it is."""
    return replace(selection, name=found.name or selection.name)


def _end(stretch: Stretch) -> int:
    return stretch.offset + stretch.limit
