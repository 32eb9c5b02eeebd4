"""The address that programs written for arXiv's query API ask, by GET or POST (user manual, section 3.1)."""

from hashlib import blake2b
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from broadsheet import __version__
from broadsheet.entrance.asked import has_copy, house_of, origin_of
from broadsheet.errors import Invalid
from broadsheet.feeds.arxiv import asking
from broadsheet.feeds.arxiv.asking import Asked
from broadsheet.feeds.arxiv.atom import Frame, feed, refusal
from broadsheet.feeds.arxiv.tree import Unanswerable
from broadsheet.feeds.sent import Pairs, Reading, sent
from broadsheet.flow.house import House
from broadsheet.flow.reading.exactly import Page, exactly, named

_KIND: Final = {"Content-Type": "application/atom+xml; charset=utf-8"}
_UNKEPT: Final = {**_KIND, "Cache-Control": "no-store"}
_LONGEST: Final = 500
# Two thousand ids, however they are written.
_MOST_BYTES: Final = 150_000
_METHODS: Final = ("GET", "POST")


def routes() -> list[Route]:
    """List the addresses of this room that nothing of another door stands at."""
    return [Reading("/arxiv/api/query", queried, methods=_METHODS, name="arxiv_query")]


def beside_the_api() -> Route:
    """Give the address as arXiv has it, which must come before the door that stands at all of ``/api``."""
    return Reading("/api/query", queried, methods=_METHODS, name="arxiv_query_at_its_own")


async def queried(request: Request) -> Response:
    """Answer a query as arXiv's API does."""
    return await run_in_threadpool(_answered, request, await sent(request, _MOST_BYTES))


def _answered(request: Request, pairs: Pairs) -> Response:
    house, origin = house_of(request), origin_of(request)
    query = urlencode(pairs) if request.method == "POST" else request.url.query
    frame = Frame(query[:_LONGEST], origin, house.clock())
    try:
        asked = asking.read(dict(pairs))
        page = _found(house, asked)
    except (Unanswerable, Invalid) as error:
        return Response(refusal(frame, str(error)), 400, headers=_UNKEPT)
    line = asked.line
    framed = Frame(frame.asked, origin, frame.at, page.total, line.offset, line.limit)
    if request.method == "POST":
        return Response(feed(framed, page.papers), headers=_UNKEPT)
    tag = _tag(__version__, origin, query, page.total, [(paper.id, paper.stamp) for paper in page.papers])
    headers = {**_KIND, "Cache-Control": "no-cache", "ETag": tag}
    if has_copy(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(feed(framed, page.papers), headers=headers)


def _found(house: House, asked: Asked) -> Page:
    if asked.ids is not None:
        return named(house, asked.ids, asked.line, asked.query)
    return exactly(house, asked.query, asked.line) if asked.query else Page((), 0)


def _tag(*facts: object) -> str:
    return f'W/"{blake2b(repr(facts).encode("utf-8", "replace"), digest_size=12).hexdigest()}"'
