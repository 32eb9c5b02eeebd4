"""What a reader comes back to: saved searches, and what they follow."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.caller import Reading, Writing
from broadsheet.api.v1.bodies import ToSave
from broadsheet.api.v1.documented import NOTHING, answers
from broadsheet.api.v1.grammar import ROOT, Filters, read
from broadsheet.api.v1.shapes import kept as shapes
from broadsheet.api.v1.writes import done, made
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import personal
from broadsheet.flow.house import House
from broadsheet.flow.people import following as flow
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.selecting.followed import followed_lists
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader

Target = Annotated[
    str, Path(description="A slug, a category, or `handle/slug` of a label.", examples=["cs.CL", "ann-lee"])
]

router = APIRouter()


@router.get("/searches", responses=answers(shapes.SavedSearches), response_model=None)
def searches(request: Request, reader: Reading) -> Response:
    """List one's saved searches by name; `/lists/saved/{slug}` gives what answers one."""
    house = house_of(request)
    return personal({"searches": [_told(each) for each in saved_searches.list_saved(house, _own(house, reader))]})


@router.post("/searches", status_code=201, responses=answers(shapes.Saved, "The search.", 201), response_model=None)
def save(request: Request, reader: Writing, body: ToSave) -> Response:
    """Save a search under a name."""
    house = house_of(request)
    told = _told(saved_searches.save(house, body.name, _query(body), reader=_own(house, reader)))
    return made(told, f"{ROOT}/searches/{told['slug']}")


@router.get("/searches/{slug}", responses=answers(shapes.Saved), response_model=None)
def search(request: Request, reader: Reading, slug: str) -> Response:
    """Give a saved search of one's own."""
    house = house_of(request)
    return personal(_told(saved_searches.show(house, slug, _own(house, reader))))


@router.put("/searches/{slug}", responses=answers(shapes.Saved), response_model=None)
def replace(request: Request, reader: Writing, slug: str, body: ToSave) -> Response:
    """Let a saved search of one's own be called and ask otherwise; its address stays."""
    house = house_of(request)
    own = _own(house, reader)
    called = saved_searches.rename(house, slug, body.name, own)
    return personal(_told(saved_searches.save(house, called.name, _query(body), replace=True, reader=own)))


@router.delete("/searches/{slug}", status_code=204, responses=NOTHING, response_model=None)
def forget(request: Request, reader: Writing, slug: str) -> Response:
    """Forget a saved search of one's own."""
    house = house_of(request)
    saved_searches.remove(house, slug, _own(house, reader))
    return done()


@router.get("/following", responses=answers(shapes.Follows), response_model=None)
def following(request: Request, reader: Reading) -> Response:
    """List all that one follows and may still see; `/lists/following` gives the papers of all of it."""
    own = followed_lists(house_of(request), reader)
    return personal({"following": [shapes.followed(name, selection) for name, selection in own]})


@router.put("/following/{kind}/{target:path}", status_code=204, responses=NOTHING, response_model=None)
def follow(request: Request, reader: Writing, kind: shapes.Followable, target: Target) -> Response:
    """Follow an author, an organisation, a category, a label or a saved search."""
    flow.follow(house_of(request), reader, kind, target)
    return done()


@router.delete("/following/{kind}/{target:path}", status_code=204, responses=NOTHING, response_model=None)
def unfollow(request: Request, reader: Writing, kind: shapes.Followable, target: Target) -> Response:
    """Follow something no longer; what was not followed stays so."""
    flow.unfollow(house_of(request), reader, kind, target)
    return done()


def _query(body: ToSave) -> Query:
    """Read the query of a body as it would be read of an address."""
    asked: Filters = body.query
    pairs: list[tuple[str, str]] = []
    for word, value in asked.model_dump().items():
        pairs += [(word, str(each)) for each in (value if isinstance(value, list) else [value])]
    return read(QueryParams(pairs), asked)


def _own(house: House, reader: Reader) -> Reader | None:
    """Give whose saved searches are meant: where nobody signs in they are the house's own."""
    return reader if house.settings.public_url else None


_told = shapes.saved
