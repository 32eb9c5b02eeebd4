"""What other sites ask to show a link of ours as a card (oembed.com)."""

import json
from collections.abc import Mapping
from html import escape
from urllib.parse import SplitResult, unquote, urlsplit
from xml.etree import ElementTree as ET

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.xml import add, document, written
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import paper as flow
from broadsheet.model.paper import Paper
from broadsheet.model.places import paper_url
from broadsheet.model.text import plain
from broadsheet.web.csp import share
from broadsheet.web.embeds import poster
from broadsheet.web.typeset import byline

# As large as a card is where nobody asks for less, in pixels.
_WIDTH, _HEIGHT = 600, 220
_CACHE_S = 3_600
_HEADERS = {"Cache-Control": f"public, max-age={_CACHE_S}"}
_MOST_DIGITS = 9
_PORTS = {"http": 80, "https": 443}
_PLACE = "/papers/"
_NO_PAPERS = ("date/", "week/", "month/")

Facts = Mapping[str, str | int]


def oembed(request: Request) -> Response:
    """Tell how to show the paper at `url` as a card, no larger than `maxwidth` and `maxheight`, as JSON or XML."""
    params = request.query_params
    form = params.get("format") or "json"
    if form not in {"json", "xml"}:
        return _refused(request, 501, "A card is told of as json or xml.")
    try:
        facts = _facts(request, params)
    except Invalid as error:
        return _refused(request, 400, str(error))
    except NotFound as error:
        return _refused(request, 404, str(error))
    if form == "xml":
        return share(request, Response(_xml(facts), headers=_HEADERS, media_type="text/xml"))
    body = json.dumps(facts, ensure_ascii=False).encode()
    return share(request, Response(body, headers=_HEADERS, media_type="application/json"))


def _facts(request: Request, params: QueryParams) -> Facts:
    origin, house = origin_of(request), house_of(request)
    paper = flow.show(house, _slug(params.get("url", ""), origin))
    width, height = (_at_most(params, name, most) for name, most in (("maxwidth", _WIDTH), ("maxheight", _HEIGHT)))
    title = written(plain(paper.title))
    told: dict[str, str | int] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": written(byline(paper)),
        "provider_name": written(house.settings.site_name),
        "provider_url": f"{origin}/",
        "cache_age": _CACHE_S,
        "html": _frame(f"{origin}{paper_url(paper)}/card", title, width, height),
        "width": width,
        "height": height,
    }
    return {name: value for name, value in {**told, **_picture(paper, origin, params)}.items() if value != ""}


def _slug(url: str, origin: str) -> str:
    """Read which paper an address of ours is of; raises Invalid without one and NotFound for all others."""
    if not url:
        raise Invalid("Name the address of a paper here: /oembed?url=…", field="url")
    try:
        asked = urlsplit(url)
        is_ours = _site(asked) == _site(urlsplit(origin))
    except ValueError:
        raise NotFound("That is no address.") from None
    name = asked.path.removeprefix(_PLACE)
    if not is_ours or name in {"", asked.path} or name.startswith(_NO_PAPERS):
        raise NotFound(f"Only papers have cards: addresses that begin with {origin}{_PLACE}")
    return unquote(name)


def _site(parts: SplitResult) -> tuple[str, str | None, int | None]:
    """Tell whose an address is, whether or not it writes the usual port; raises ValueError for one that is no port."""
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _picture(paper: Paper, origin: str, params: QueryParams) -> Facts:
    """Name the picture, where one is made and it is not larger than asked for."""
    width, height = poster.SIZE
    largest = _at_most(params, "maxwidth", width), _at_most(params, "maxheight", height)
    if largest != poster.SIZE or not poster.is_available():
        return {}
    url = f"{origin}{paper_url(paper)}/preview.png"
    return {"thumbnail_url": url, "thumbnail_width": width, "thumbnail_height": height}


def _at_most(params: QueryParams, name: str, usual: int) -> int:
    asked = params.get(name, "")
    if not asked:
        return usual
    if not (asked.isascii() and asked.isdecimal() and int(asked[:_MOST_DIGITS])):
        raise Invalid(f"{name} is a number of pixels.", field=name)
    return min(int(asked[:_MOST_DIGITS]), usual)


def _frame(url: str, title: str, width: int, height: int) -> str:
    """Write the frame that holds a card: nothing in it can run or be sent, and its links open beside the page."""
    sandbox = "allow-popups allow-popups-to-escape-sandbox"
    return (
        f'<iframe src="{escape(url)}" width="{width}" height="{height}" title="{escape(title)}" '
        f'sandbox="{sandbox}" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )


def _xml(facts: Facts) -> bytes:
    root = ET.Element("oembed")
    for name, value in facts.items():
        add(root, name, str(value))
    return document(root)


def _refused(request: Request, status: int, sentence: str) -> Response:
    return share(request, PlainTextResponse(f"{sentence}\n", status, {"Cache-Control": "no-store"}))
