"""What anybody may read: lists, searches, single papers, and what stands around them."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.caller import Anybody
from broadsheet.api.errors import NoPaper
from broadsheet.api.hf.lists import Asked, cards, listed
from broadsheet.api.hf.searches import newest_papers, searched
from broadsheet.api.hf.shapes import papers as shapes
from broadsheet.api.hf.shapes.objects import Comment, Error, Found, Item, Linked, Repo, Repos, Whole
from broadsheet.api.hf.shapes.said import comment
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import answered, personal, remembered
from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.talking import thread
from broadsheet.flow.voting import upvote
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_TEXT

MOST_LISTED = 100
MOST_FOUND = 120
LISTED, FOUND = 50, 20
# Pages beyond have nothing on them.
_MOST_PAGES = 10_000
Documented = dict[int | str, dict[str, Any]]
ERRORS: Documented = {
    "4XX": {"model": Error, "description": "What was asked cannot be meant, is not there, or is not allowed."},
    "503": {"model": Error, "description": "A part is missing or busy; try again later."},
}
_UNCHANGED: Documented = {304: {"description": "The copy named by If-None-Match is still good."}}
READ = ERRORS | _UNCHANGED
Sort = Literal["publishedAt", "trending"]
Number = Annotated[int, Query(description="Clamped to what is possible.")]
Day = Annotated[str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", examples=["2026-03-06"])]
Week = Annotated[str, Query(pattern=r"^([0-9]{4}-W[0-9]{2})?$", examples=["2026-W10"])]
Month = Annotated[str, Query(pattern=r"^([0-9]{4}-[0-9]{2})?$", examples=["2026-03"])]
Cursor = Annotated[str, Query(pattern=r"^(after-[0-9]{1,5})?$", description="From the Link of the page before.")]
Words = Annotated[str, Query(max_length=MAX_TEXT, description="Words, a whole abstract, an id or an address.")]

router = APIRouter()


@router.get("/daily_papers", responses={200: {"model": list[Item]}, **READ}, response_model=None)
def daily_papers(  # noqa: PLR0913, PLR0917 - as many as the list has parameters
    request: Request,
    reader: Anybody,
    p: Number = 0,
    limit: Number = LISTED,
    date: Day = "",
    week: Week = "",
    month: Month = "",
    submitter: str = "",
    sort: Sort = "publishedAt",
) -> Response:
    """List the papers of a day, a week, a month, of all days, or what trends."""
    asked = Asked(_clamped(p, 0, _MOST_PAGES), _clamped(limit, 1, MOST_LISTED), date, week, month, submitter, sort)

    def make() -> tuple[list[Item], Mapping[str, str]]:
        found, more = listed(house_of(request), asked, reader)
        return [shapes.item(card) for card in found], _next(request, asked.number + 1, asked.limit) if more else {}

    return remembered(request, make) if reader is None else personal(*make())


@router.get("/papers/search", responses={200: {"model": list[Found]}, **READ}, response_model=None)
def search(request: Request, reader: Anybody, q: Words = "", limit: Number = FOUND) -> Response:
    """Find papers by words and meaning; an id or address finds its paper."""
    house, size = house_of(request), _clamped(limit, 1, MOST_FOUND)

    def make() -> tuple[list[Found], Mapping[str, str]]:
        hits = searched(house, q, size, reader)
        mine = upvote.mine(house, reader, [hit.paper for hit in hits])
        told = cards(house, [(None, hit.paper) for hit in hits])
        return [shapes.found(c, hit, upvoted=hit.paper.id in mine) for c, hit in zip(told, hits, strict=True)], {}

    return remembered(request, make, searches=True) if reader is None else personal(*make())


@router.get("/papers", responses={200: {"model": list[Item]}, **READ}, response_model=None)
def papers(request: Request, reader: Anybody, cursor: Cursor = "", limit: Number = LISTED) -> Response:
    """List all papers by their day of publication, the newest first; ``Link`` leads on."""
    size = _clamped(limit, 1, MOST_LISTED)

    def make() -> tuple[list[Item], Mapping[str, str]]:
        found, following = newest_papers(house_of(request), cursor, size, reader)
        told = cards(house_of(request), [(None, paper) for paper in found])
        link = {"Link": f'</api/papers?{urlencode({"cursor": following, "limit": size})}>; rel="next"'}
        return [shapes.item(card) for card in told], link if following else {}

    return remembered(request, make, searches=True) if reader is None else personal(*make())


@router.get("/papers/{paper_id:path}/comments", responses={200: {"model": list[Comment]}, **READ}, response_model=None)
def comments(request: Request, reader: Anybody, paper_id: str, p: Number = 0) -> Response:
    """List what is said of a paper, oldest first, with the answers."""
    house = house_of(request)
    talk = thread.talk(house, paper_of(house, paper_id), reader, page=_clamped(p, 0, _MOST_PAGES) + 1)
    said = [comment(remark) for remark in talk.remarks]
    return answered(request, said, {}) if reader is None else personal(said)


@router.get("/papers/{paper_id:path}", responses={200: {"model": Whole}, **READ}, response_model=None)
def paper(request: Request, reader: Anybody, paper_id: str) -> Response:
    """Give one paper, by any id or address of it, with or without a version."""
    house = house_of(request)

    def make() -> tuple[Whole, Mapping[str, str]]:
        found = paper_of(house, paper_id)
        (card,) = cards(house, [(None, found)])
        return shapes.whole(card, upvoted=bool(upvote.mine(house, reader, [found]))), {}

    return remembered(request, make) if reader is None else personal(*make())


@router.get("/arxiv/{paper_id:path}/repos", responses={200: {"model": Repos}, **READ}, response_model=None)
def linked(request: Request, paper_id: str) -> Response:
    """Give the models, data sets and spaces on the hub that a paper links to."""
    return answered(request, shapes.repos(paper_of(house_of(request), paper_id)), {})


def _of_kind(kind: Repo) -> Callable[..., Response]:
    def tagged(
        request: Request, about: Annotated[str, Query(alias="filter", examples=["arxiv:2401.00001"])] = ""
    ) -> Response:
        try:
            found = shapes.repos(paper_of(house_of(request), about))[kind] if about.startswith("arxiv:") else []
        except NotFound:
            found = []
        return answered(request, found, {})

    return tagged


for _kind in get_args(Repo):
    router.get(
        f"/{_kind}",
        name=_kind,
        description=f"List the {_kind} on the hub that a paper links to (`filter=arxiv:…`); others are not known here.",
        responses={200: {"model": list[Linked]}, **READ},
        response_model=None,
    )(_of_kind(_kind))


def paper_of(house: House, paper_id: str) -> Paper:
    """Find a paper; raises NoPaper."""
    try:
        return show(house, paper_id)
    except NotFound as error:
        raise NoPaper(str(error)) from error


def _clamped(number: int, least: int, most: int) -> int:
    return min(max(number, least), most)


def _next(request: Request, number: int, limit: int) -> Mapping[str, str]:
    """Lead to the next page of a list, which names all else that was asked."""
    told = [(name, value) for name, value in request.query_params.multi_items() if name not in {"p", "limit"}]
    place = urlencode([("p", number), ("limit", limit), *told])
    return {"Link": f'</api/daily_papers?{place}>; rel="next"'}
