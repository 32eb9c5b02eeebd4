"""How ranking works, for everybody to read: written by the code that ranks."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of
from broadsheet.flow.voting.explained import explained
from broadsheet.web.press import etag, render, still_good


def page(request: Request) -> Response:
    """Tell how papers are ordered, what counts how much and why, and when upvotes wait."""
    settings = house_of(request).settings
    tag = etag(request, settings.trending_formula, settings.probation_h)
    return still_good(request, tag) or render(
        request,
        "ranking.html",
        headers={"ETag": tag},
        told=explained(),
        chosen=settings.trending_formula,
        probation_h=settings.probation_h,
    )
