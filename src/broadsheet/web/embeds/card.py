"""The card of a paper: a page by itself that other sites put into a frame."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from broadsheet.entrance.asked import has_copy, house_of, origin_of, tag_of
from broadsheet.errors import NotFound
from broadsheet.flow import paper as flow
from broadsheet.web.csp import frame
from broadsheet.web.press import set_for_all

_HEADERS = {"Cache-Control": "public, max-age=300"}


def card(request: Request) -> Response:
    """Show a paper as a card for frames of other sites; the same for everybody, and nothing on it can be sent."""
    house, style = house_of(request), _style()
    facts = {"site_name": house.settings.site_name, "origin": origin_of(request), "style": style}
    try:
        paper, status = flow.show(house, request.path_params["slug"]), 200
    except NotFound:
        paper, status = None, 404
    body = set_for_all("embed_card.html", paper=paper, **facts)
    headers = {**_HEADERS, "ETag": tag_of(body.encode())}
    if paper and has_copy(request, headers["ETag"]):
        return frame(request, Response(status_code=304, headers=headers), _hash(style))
    return frame(request, HTMLResponse(body, status, headers), _hash(style))


@lru_cache(maxsize=1)
def _style() -> Markup:
    return Markup((files("broadsheet.web.embeds") / "card.css").read_text("utf-8"))  # noqa: S704 - a file of our own


def _hash(style: str) -> str:
    """Name a style as a policy does (CSP level 3, section 2.3.1)."""
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"
