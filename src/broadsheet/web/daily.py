"""The daily page: today's, any other day's, and the form that turns to one."""

from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import daily as flow
from broadsheet.web.address import day_url, read_day
from broadsheet.web.press import etag, house_of, render, still_good


def latest(request: Request) -> Response:
    """Show the latest day that has papers."""
    return _page(request, None)


def of_day(request: Request) -> Response:
    """Show one day, ``/papers/date/2026-03-06``."""
    try:
        day = read_day(request.path_params["day"])
    except Invalid as error:
        raise NotFound(str(error)) from error
    return _page(request, day)


def turn_to(request: Request) -> Response:
    """Turn to the day a form names: ``/papers/date?day=2026-03-06`` leads to that day's page, no day to the latest."""
    day = request.query_params.get("day", "").strip()
    return RedirectResponse(day_url(read_day(day)) if day else "/", status_code=303)


def _page(request: Request, day: date | None) -> Response:
    page = flow.page(house_of(request), day)
    tag = etag(request, day is None, page.day, page.previous, page.next, [paper.stamp for paper in page.papers])
    return still_good(request, tag) or render(
        request, "daily.html", headers={"ETag": tag}, page=page, is_latest=day is None
    )
