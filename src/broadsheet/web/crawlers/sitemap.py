"""The sitemap: an index of files, one of days and as many of papers as it takes (sitemaps.org/protocol.html)."""

from collections.abc import Callable, Iterable
from datetime import date
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.memory import remembered
from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.reading import sitemap as flow
from broadsheet.model.places import day_url, slug_url

_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LISTS = ("/", "/trending", "/ranking", "/organisations")
_HEADERS = {"Cache-Control": "max-age=3600"}

Line = tuple[str, date | None]


def index(request: Request) -> Response:
    """List the files of the sitemap."""
    return _answer(request, _index)


def file(request: Request) -> Response:
    """List the addresses of papers, `/sitemaps/1.xml` and so on, or of daily pages, `/sitemaps/days.xml`."""
    name = request.path_params["name"]
    if name == "days":
        return _answer(request, _days)
    if not (name.isascii() and name.isdecimal() and len(name) < 10 and name[0] != "0"):  # noqa: PLR2004 - more mean nothing
        raise NotFound("There is no such file of the sitemap.")
    return _answer(request, lambda house, origin: _papers(house, origin, int(name)))


def _answer(request: Request, write: Callable[[House, str], str]) -> Response:
    """Answer with a file, made once for as long as nothing was written."""
    house, origin = house_of(request), origin_of(request)
    return remembered(request, lambda: (write(house, origin).encode(), _HEADERS), "application/xml; charset=utf-8")


def _index(house: House, origin: str) -> str:
    names = ["days", *map(str, flow.parts(house))]
    files = "".join(f"<sitemap><loc>{escape(origin)}/sitemaps/{name}.xml</loc></sitemap>\n" for name in names)
    return f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{files}</sitemapindex>\n"


def _days(house: House, origin: str) -> str:
    days = [(day_url(day), day) for day in flow.days(house)]
    return _urls(origin, [*((url, None) for url in _LISTS), *days])


def _papers(house: House, origin: str, number: int) -> str:
    return _urls(origin, ((slug_url(place.slug), place.changed) for place in flow.part(house, number)))


def _urls(origin: str, lines: Iterable[Line]) -> str:
    before = f"<url><loc>{escape(origin)}"
    urls = "".join(f"{before}{escape(url)}</loc>{_changed(day)}</url>\n" for url, day in lines)
    return f"{_HEAD}<urlset {_NAMESPACE}>\n{urls}</urlset>\n"


def _changed(day: date | None) -> str:
    return f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
