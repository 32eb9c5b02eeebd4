"""The trending page: papers in the order that readers and the world outside gave them."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import visitor_of
from broadsheet.errors import NotFound
from broadsheet.flow.voting import trending as flow
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.press import etag, still_good
from broadsheet.web.upvotes import ballots

_WORDS: dict[flow.Span, str] = {"all": "Of all time", "week": "Of seven days", "day": "Of today"}


def page(request: Request) -> Response:
    """Show the papers that trend, of all or with ``?of=week`` or ``?of=day`` of the last seven pages or today's."""
    span, number = _read(request)
    found = flow.page(house_of(request), span, number=number, reader=visitor_of(request).reader)
    tag = etag(request, span, number, [(paper.stamp, paper.upvotes) for paper in found.papers])
    return still_good(request, tag) or render_with_forms(
        request,
        "trending.html",
        headers={"ETag": tag},
        found=found,
        spans=[(_WORDS[each], url_of(each), each == span) for each in flow.SPANS],
        next_url=url_of(span, number + 1) if found.has_next else "",
        ballots=ballots(request, found.mine),
    )


def url_of(span: flow.Span, number: int = 1) -> str:
    """Point to a page of the list."""
    said = [f"of={span}"] if span != "all" else []
    said += [f"page={number}"] if number > 1 else []
    return "/trending" + ("?" + "&".join(said) if said else "")


def _read(request: Request) -> tuple[flow.Span, int]:
    page_number = request.query_params.get("page", "1")
    if not (page_number.isascii() and page_number.isdigit() and 1 <= int(page_number[:4]) <= flow.MOST_PAGES):
        raise NotFound(f"There are {flow.MOST_PAGES} pages at most.")
    return flow.span_of(request.query_params.get("of", "all")), int(page_number)
