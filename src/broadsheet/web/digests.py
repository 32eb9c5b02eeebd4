"""Digests in a browser: the archive of days, what a day's digest shows, and one's own by the link that stands in it."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.address import read_day
from broadsheet.entrance.asked import house_of
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow.digests import archive
from broadsheet.flow.subscribing.links import home_url
from broadsheet.model.digest import Digest
from broadsheet.web.press import etag, render, still_good

_UNSEEN = {"Cache-Control": "no-store"}


def index(request: Request) -> Response:
    """List the days that have a digest, the latest first; `before` gives those before a day."""
    told = request.query_params.get("before", "")
    found = archive.days(house_of(request), _day(told) if told else None)
    shown = found[: archive.PER_PAGE]
    tag = etag(request, [(each.day, each.papers, each.title) for each in found])
    return still_good(request, tag) or render(
        request,
        "digests.html",
        headers={"ETag": tag},
        days=shown,
        earlier=shown[-1].day if len(found) > len(shown) else None,
        is_first=not told,
    )


def of_day(request: Request) -> Response:
    """Show the digest of one day, as a new subscriber to the daily page gets it."""
    house = house_of(request)
    digest = archive.of_day(house, _day(request.path_params["day"]))
    tag = etag(request, digest.day, _shown(digest))
    address = f"{home_url(house)}/digests/{digest.day.isoformat()}"
    return still_good(request, tag) or render(
        request, "digest.html", headers={"ETag": tag}, digest=digest, own=False, address=address
    )


def view(request: Request) -> Response:
    """Show somebody the digest that was sent to them, by the link in it."""
    _, digest = archive.view(house_of(request), request.path_params["token"])
    return render(request, "digest.html", headers=_UNSEEN, digest=digest, own=True, same=_lasting(digest))


def _day(told: str) -> date:
    try:
        return read_day(told)
    except Invalid as error:
        raise NotFound(str(error)) from error


def _lasting(digest: Digest) -> str:
    """Give the path of the first list as one subscribes to it: of a day or week the page that is always the latest."""
    path = digest.sections[0].path if digest.sections else "/"
    return "/" if path.startswith("/papers/") else path


def _shown(digest: Digest) -> list[tuple[int, int]]:
    return [(paper.stamp, paper.upvotes) for paper in digest.papers] + [(s.more, 0) for s in digest.sections]
