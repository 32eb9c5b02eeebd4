"""The daily page: today's, any other day's, the form that turns to one; and the pages of weeks and months."""

from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.address import read_day
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import visitor_of
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import daily as flow
from broadsheet.flow.submitting.brought import who_brought
from broadsheet.model.places import day_url, span_url
from broadsheet.model.weeks import Month, Week, month_of, read_month, read_week, week_of
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.press import etag, still_good
from broadsheet.web.readings import without_hidden
from broadsheet.web.typeset import span_words
from broadsheet.web.upvotes import ballots


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


def of_week(request: Request) -> Response:
    """Show the most upvoted papers of a week of ISO 8601, ``/papers/week/2026-W10``."""
    try:
        return _span(request, read_week(request.path_params["week"]))
    except Invalid as error:
        raise NotFound(str(error)) from error


def of_month(request: Request) -> Response:
    """Show the most upvoted papers of a month, ``/papers/month/2026-03``."""
    try:
        return _span(request, read_month(request.path_params["month"]))
    except Invalid as error:
        raise NotFound(str(error)) from error


def turn_to(request: Request) -> Response:
    """Turn to the day a form names: ``/papers/date?day=2026-03-06`` leads to that day's page, no day to the latest."""
    day = request.query_params.get("day", "").strip()
    return RedirectResponse(day_url(read_day(day)) if day else "/", status_code=303)


def _page(request: Request, day: date | None) -> Response:
    page = without_hidden(request, flow.page(house_of(request), day, reader=visitor_of(request).reader))
    shown = [(paper.stamp, paper.upvotes) for paper in page.papers]
    bringers = who_brought(house_of(request), page.papers)
    tag = etag(request, day is None, page.day, page.previous, page.next, page.final, shown, bringers)
    week, month = week_of(page.day), month_of(page.day)
    return still_good(request, tag) or render_with_forms(
        request,
        "daily.html",
        headers={"ETag": tag},
        page=page,
        is_latest=day is None,
        near=[(span_words(span), span_url(span)) for span in (week, month)],
        bringers=bringers,
        ballots=ballots(request, page.mine),
    )


def _span(request: Request, span: Week | Month) -> Response:
    page = without_hidden(request, flow.span_page(house_of(request), span, reader=visitor_of(request).reader))
    shown = [(paper.stamp, paper.upvotes) for paper in page.papers]
    tag = etag(request, str(span), page.previous, page.next, page.total, shown)
    return still_good(request, tag) or render_with_forms(
        request,
        "span.html",
        headers={"ETag": tag},
        page=page,
        words=span_words(span),
        days=span.days,
        ballots=ballots(request, page.mine),
    )
