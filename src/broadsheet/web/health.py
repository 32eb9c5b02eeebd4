"""What machines ask for: whether the house answers, and its icon by the old name."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.flow import daily as flow


def health(request: Request) -> Response:
    """Answer 200 when the store can be read; the error table answers otherwise."""
    flow.page(house_of(request), None)
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def favicon(_: Request) -> Response:
    """Lead browsers that ask for the old name to the icon."""
    return RedirectResponse("/static/icon.svg", status_code=308)
