"""Which pages crawlers may look at (RFC 9309): what is one reader's, and what has no end, they leave alone."""

from collections.abc import Iterable
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.errors import Invalid
from broadsheet.settings import Settings
from broadsheet.web.post import Get

Choice = Literal["open", "none"]
# The longest that matches an address decides. A search, and whatever else an address may ask for, has no end.
_CLOSED = frozenset(
    "/*? /search /suggest /api/ /health /metrics /sign-in /join /letters /papers/*/similar /papers/*/card".split()
)
_OPEN = ("/static/", "/trending?of=", "/oembed?", "/moderation/log")


def read_robots(settings: Settings) -> Choice:
    """Read the setting ``robots``, by what is usual where it is empty; raises Invalid for another word."""
    match settings.robots:
        case "":
            return "open" if settings.public_url else "none"
        case "open":
            return "open"
        case "none":
            return "none"
    raise Invalid("Setting 'robots' takes open or none, or nothing.", field="robots")


def robots(request: Request) -> Response:
    """Tell crawlers which pages to leave alone, and where the sitemap is."""
    if read_robots(house_of(request).settings) == "none":
        told = "User-agent: *\nDisallow: /\n"
    else:
        lines = [f"Disallow: {path}" for path in sorted({*_CLOSED, *_own(request.app.routes)})]
        lines += [f"Allow: {path}" for path in _OPEN]
        told = "\n".join(["User-agent: *", *lines, "", f"Sitemap: {origin_of(request)}/sitemap.xml", ""])
    return PlainTextResponse(told, headers={"Cache-Control": "max-age=86400"})


def _own(routes: Iterable[BaseRoute]) -> set[str]:
    """Give the addresses that not everybody may see, without what lies below another of them."""
    paths = {route.path.partition("{")[0] for route in routes if isinstance(route, Get)}
    return {path for path in paths if not any(path != other and path.startswith(other) for other in paths)}
