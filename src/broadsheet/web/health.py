"""What machines ask for: whether the house answers, and where they may go."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.flow import daily as flow

_ROBOTS = """User-agent: *
Disallow: /search
Disallow: /suggest
Disallow: /health
"""


def health(request: Request) -> Response:
    """Answer 200 when the store can be read; the error table answers otherwise."""
    flow.page(house_of(request), None)
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def robots(_: Request) -> Response:
    """Ask robots to leave searches alone: there is no end to them."""
    return PlainTextResponse(_ROBOTS, headers={"Cache-Control": "max-age=86400"})


def favicon(_: Request) -> Response:
    """Lead browsers that ask for the old name to the icon."""
    return RedirectResponse("/static/icon.svg", status_code=308)
