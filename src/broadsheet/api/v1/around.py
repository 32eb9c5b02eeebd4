"""What stands around papers: suggestions, what a search can be narrowed by, whose token it is, how the house stands."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from broadsheet import __version__
from broadsheet.api.caller import Known
from broadsheet.api.v1.documented import READ, answers
from broadsheet.api.v1.grammar import InSearch, query_of
from broadsheet.api.v1.shapes import around as shapes
from broadsheet.api.v1.shapes.values import stamp
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import answered, personal
from broadsheet.flow.lists import labels
from broadsheet.flow.reading.search import search
from broadsheet.flow.reading.suggest import MOST_SUGGESTED, suggest
from broadsheet.flow.upkeep.status import status
from broadsheet.model.places import author_url, organisation_url, paper_url, search_for
from broadsheet.model.query import MAX_TEXT

Typed = Annotated[str, Query(max_length=MAX_TEXT, description="What is being typed.")]
Few = Annotated[int, Query(description=f"Of each kind so many; clamped to 1 … {MOST_SUGGESTED}.")]

router = APIRouter()


@router.get("/suggest", responses={200: {"model": shapes.Suggestions}, **READ}, response_model=None)
def suggestions(request: Request, q: Typed = "", limit: Few = 8) -> Response:
    """Suggest titles, authors, organisations and venues that go on from what is being typed."""
    found = suggest(house_of(request), q, limit)
    told: shapes.Suggestions = {
        "titles": [{"id": each.slug, "title": each.title, "url": paper_url(each)} for each in found.titles],
        "authors": [{"name": e.name, "papers": e.papers, "url": author_url(e.name)} for e in found.authors],
        "organisations": [
            {"name": e.name, "papers": e.papers, "url": organisation_url(e.name)} for e in found.organisations
        ],
        "venues": [{"name": e.name, "papers": e.papers, "url": search_for(venues=(e.name,))} for e in found.venues],
    }
    return answered(request, told, {})


@router.get("/facets", responses={200: {"model": shapes.Facets}, **READ}, response_model=None)
def facets(request: Request, asked: InSearch) -> Response:
    """Count what the papers of a search are: their categories, years, sources, venues, organisations."""
    found = search(house_of(request), replace(query_of(request, asked), limit=1, facets=True))
    told: shapes.Facets = {
        "total": found.total,
        "at_least": found.at_least,
        "facets": {
            name: [{"value": each.value, "count": each.count, "chosen": each.chosen} for each in values]
            for name, values in found.facets.items()
        },
        "notices": list(found.notices),
    }
    return answered(request, told, {})


@router.get("/me", responses=answers(shapes.Me, "Whose token it is."), response_model=None)
def me(request: Request, caller: Known) -> Response:
    """Tell whose token it is."""
    reader, token = caller.reader, caller.token
    told: shapes.Me = {
        "handle": reader.handle,
        "name": reader.name,
        "about": reader.about,
        "role": reader.role,
        "suspended": reader.state == "suspended",
        "joined_at": stamp(reader.at),
        "token": token.name,
        "scopes": list(token.scopes),
        "organisations": sorted(labels.groups(house_of(request), reader).values()),
    }
    return personal(told)


@router.get("/status", responses={200: {"model": shapes.Status}, **READ}, response_model=None)
def standing(request: Request) -> Response:
    """Tell what is here, and how far search has taken it in."""
    house = house_of(request)
    now = status(house)
    told: shapes.Status = {
        "site": house.settings.site_name,
        "version": __version__,
        "papers": now.papers,
        "records": now.records,
        "sources": [{"name": name, "records": records} for name, records in now.sources],
        "indexed": now.indexed,
        "behind": now.behind,
        "embedded": now.meaning.embedded if now.meaning else None,
    }
    return answered(request, told, {})
