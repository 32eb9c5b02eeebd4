"""The badge of a paper, for READMEs: how many upvoted it, or which place it has."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import has_copy, house_of, tag_of
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import paper as flow
from broadsheet.flow.house import House
from broadsheet.flow.voting import places
from broadsheet.model.paper import Paper
from broadsheet.web.csp import share
from broadsheet.web.embeds.shield import GREY, Badge, svg
from broadsheet.web.typeset import plural, short_day, shortened

SHOWN = ("upvotes", "rank", "trending")
_LONGEST_LABEL = 40
# Readers of a README see a count that is minutes old; GitHub's proxy keeps pictures for as long as they say.
_HEADERS = {"Content-Type": "image/svg+xml; charset=utf-8", "Cache-Control": "public, max-age=300"}


def badge(request: Request) -> Response:
    """Show a paper's upvotes as a picture, its place on its day with `?show=rank`, or what trends with `trending`."""
    shown = request.query_params.get("show") or SHOWN[0]
    if shown not in SHOWN:
        raise Invalid(f"A badge can show {', '.join(SHOWN)}.", field="show")
    house = house_of(request)
    label = shortened(house.settings.site_name, _LONGEST_LABEL)
    try:
        told, status = _message(house, flow.show(house, request.path_params["slug"]), shown), 200
    except NotFound:
        told, status = "", 404
    body = svg(Badge(label, told) if told else Badge(label, "unknown", GREY))
    tag = tag_of(body)
    if status == 200 and has_copy(request, tag):  # noqa: PLR2004 - all is well
        return share(request, Response(status_code=304, headers={**_HEADERS, "ETag": tag}))
    return share(request, Response(body, status, {**_HEADERS, "ETag": tag}))


def _message(house: House, paper: Paper, shown: str) -> str:
    if paper.withdrawn:
        return "withdrawn"
    place = places.on_its_day(house, paper) if shown == "rank" else None
    if place is None and shown != "upvotes":
        place = places.that_trends(house, paper)
    if place is None:
        return plural(paper.upvotes, "upvote")
    return f"#{place.number} on {short_day(place.day)}" if place.day else f"#{place.number} trending"
