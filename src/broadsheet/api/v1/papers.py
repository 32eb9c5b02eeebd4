"""Papers by their names, and what is said of them."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.caller import Anybody
from broadsheet.api.v1 import cursors
from broadsheet.api.v1.documented import OPTIONAL, READ
from broadsheet.api.v1.grammar import ROOT
from broadsheet.api.v1.lists import beside
from broadsheet.api.v1.shapes import objects as shapes
from broadsheet.api.v1.shapes.papers import Around, paper, whole
from broadsheet.api.v1.shapes.said import Comments, comments
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import answered, personal, remembered
from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.lists.keeping import keeping
from broadsheet.flow.paper import several, show
from broadsheet.flow.submitting.presented import presented
from broadsheet.flow.talking import thread
from broadsheet.flow.voting import trending
from broadsheet.model.places import paper_url
from broadsheet.model.reader import Reader

MOST_LOOKED_UP = 100
_LONGEST = 400

PaperId = Annotated[str, Path(description="Any id or address of the paper.", examples=["2603.01001"])]
Ids = Annotated[str, Query(max_length=MOST_LOOKED_UP * _LONGEST, description="Ids or addresses, with commas between.")]
Cursor = Annotated[str, Query(pattern=cursors.PATTERN, description="Goes on: take it from `next`.")]

router = APIRouter()


@router.get(
    "/papers",
    responses={200: {"model": shapes.Looked}, **READ},
    response_model=None,
    openapi_extra=OPTIONAL,
    name="look_up",
)
def look_up(request: Request, reader: Anybody, ids: Ids) -> Response:
    """Look up to 100 papers up by any of their ids; null stands for what is not here."""
    asked = list(dict.fromkeys(name for each in ids.split(",") if (name := each.strip())))
    if len(asked) > MOST_LOOKED_UP:
        raise Invalid(f"At most {MOST_LOOKED_UP} ids are looked up at once, not {len(asked)}.", field="ids")
    house = house_of(request)
    found = several(house, asked)
    told = beside(house, [each for each in found if each], reader)
    said: shapes.Looked = {
        "papers": [
            {"asked": name, "paper": paper(each, told) if each else None}
            for name, each in zip(asked, found, strict=True)
        ]
    }
    return answered(request, said, {}) if reader is None else personal(said)


@router.get(
    "/papers/{paper_id:path}/comments",
    responses={200: {"model": Comments}, **READ},
    response_model=None,
    openapi_extra=OPTIONAL,
    name="said",
)
def said(
    request: Request,
    reader: Anybody,
    paper_id: PaperId,
    order: Literal["oldest", "newest"] = "oldest",
    cursor: Cursor = "",
) -> Response:
    """Give what is said of a paper, 50 threads at once."""
    house = house_of(request)
    about = show(house, paper_id)
    of = ("comments", about.slug, order)
    page = cursors.read(of, cursor) + 1
    talk = thread.talk(house, about, reader, newest_first=order == "newest", page=page)
    place = f"{ROOT}{paper_url(about)}/comments?order={order}&cursor={cursors.written(of, page)}"
    told = comments(about.slug, talk, place if talk.has_more else None)
    link = {"Link": f'<{place}>; rel="next"'} if talk.has_more else {}
    return answered(request, told, link) if reader is None else personal(told, link)


@router.get(
    "/papers/{paper_id:path}",
    responses={200: {"model": shapes.Whole}, **READ},
    response_model=None,
    openapi_extra=OPTIONAL,
    name="paper",
)
def alone(request: Request, reader: Anybody, paper_id: PaperId) -> Response:
    """Give one paper whole, by any id or address of it, with or without a version."""
    make = partial(_alone, house_of(request), paper_id, reader)
    return remembered(request, make) if reader is None else personal(*make())


def _alone(house: House, paper_id: str, reader: Reader | None) -> tuple[shapes.Whole, Mapping[str, str]]:
    found = show(house, paper_id)
    place, _ = trending.standing(house, found)
    own = None if reader is None else keeping(house, reader, found)
    around = Around(presented(house, [found])[found.id], place, own)
    return whole(found, beside(house, [found], reader), around), {}
