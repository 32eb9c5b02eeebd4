"""Answer with a list in the format that its address ends with, or with 304 when whoever asks has it already."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, wraps
from hashlib import blake2b
from importlib.metadata import version
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.cite.formats import FORMATS
from broadsheet.entrance.asked import has_copy, house_of, origin_of
from broadsheet.entrance.memory import remembered
from broadsheet.errors import Invalid
from broadsheet.feeds.feed import make_feed
from broadsheet.feeds.formats import FEEDS
from broadsheet.feeds.reader import NotAKey, reading
from broadsheet.feeds.refused import refused
from broadsheet.flow.selecting.hub import hub_of
from broadsheet.flow.selecting.select import select
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT
from broadsheet.model.reader import Reader
from broadsheet.model.selection import MOST, Selected, Selection, Stretch

CITATIONS: Final = {form.suffix: form for form in FORMATS}
# So many papers a feed tells of, unless it is of a day, week or month, which is told whole.
LENGTH: Final = 50
_VARY = "Cookie, Authorization"
_WHOLE = frozenset({"day", "week", "month"})
_SEARCHED = frozenset({"search", "similar", "category", "saved"})


def listed(read: Callable[[Request], Selection]) -> Callable[[Request], Response]:
    """Make a handler of what reads a list from an address."""

    @wraps(read)
    def answer(request: Request) -> Response:
        suffix = request.path_params.get("suffix", "csl.json")
        try:
            return _answer(request, read(request), suffix)
        except NotAKey as error:
            return refused(request, suffix, str(error))

    return answer


def with_copy(request: Request, body: Callable[[], bytes], tag: str, headers: Mapping[str, str]) -> Response:
    """Answer with a body, or 304 when whoever asks has it; ``headers`` says what it is."""
    told = {**headers, "ETag": tag, "Vary": _VARY}
    if has_copy(request, tag):
        return Response(status_code=304, headers={name: told[name] for name in ("Cache-Control", "ETag", "Vary")})
    return Response(body(), headers=told)


def tag_of(*facts: object) -> str:
    """Make a weak validator from all that an answer is made of (RFC 9110 section 8.8.3)."""
    return f'W/"{blake2b(repr((_edition(), facts)).encode(), digest_size=12).hexdigest()}"'


def file_headers(name: str, suffix: str, *, private: bool) -> dict[str, str]:
    """Say what a file for a reference manager is and how it is called."""
    called = quote(f"{name.replace('/', '-') or 'papers'}.{suffix}", safe="")
    return {
        "Content-Type": CITATIONS[suffix].media_type,
        "Content-Disposition": f"inline; filename*=UTF-8''{called}",
        "Cache-Control": "private, no-cache" if private else "no-cache",
    }


def _answer(request: Request, selection: Selection, suffix: str) -> Response:
    reader = reading(request)
    if reader is not None:
        body, tag, headers = _told(request, selection, suffix, reader)
        return with_copy(request, body, tag, headers)

    def make() -> tuple[bytes, Mapping[str, str]]:
        body, tag, headers = _told(request, selection, suffix, None)
        return body(), {**headers, "ETag": tag, "Vary": f"Accept-Encoding, {_VARY}"}

    return remembered(request, make, searches=selection.kind in _SEARCHED)


def _told(
    request: Request, selection: Selection, suffix: str, reader: Reader | None
) -> tuple[Callable[[], bytes], str, dict[str, str]]:
    """Give what makes the body of an answer, its validator, and headers that say what it is."""
    house = house_of(request)
    selected = select(house, selection, Stretch(0, _limit(request, selection, suffix)), reader)
    origin, private = origin_of(request), reader is not None or not selected.shared
    site_name = house.settings.site_name
    hub = "" if private else hub_of(house, selection)
    tag = tag_of(suffix, origin, site_name, selection, selected.title, selected.about, _shown(selected.papers), hub)
    if suffix in CITATIONS:
        headers = file_headers(_name(selection, selected), suffix, private=private)
        return lambda: CITATIONS[suffix].write(selected.papers).encode(), tag, headers
    media_type, write = FEEDS[suffix]

    feed = replace(make_feed(selection, selected, site_name=site_name, origin=origin, suffix=suffix), hub=hub)
    told = {"Content-Type": media_type, "Cache-Control": "private, no-cache" if private else "no-cache"}
    # WebSub, section 4: who fetches only the head learns of the hub too.
    links = {"Link": f'<{hub}>; rel="hub", <{feed.url}>; rel="self"'} if hub else {}
    return lambda: write(feed), tag, told | links


def _shown(papers: tuple[Paper, ...]) -> list[tuple[int, int]]:
    return [(paper.id, paper.stamp) for paper in papers]


def _name(selection: Selection, selected: Selected) -> str:
    told = selection.name.rpartition("/")[2] if selection.kind == "label" else selection.name
    return told or (selected.title.partition(":")[0].lower() if selection.kind == "search" else selection.kind)


def _limit(request: Request, selection: Selection, suffix: str) -> int:
    """Read how many papers are wanted, ``limit``; a search goes no deeper than one page of it."""
    most = MAX_LIMIT if selection.kind in _SEARCHED else MOST
    asked = request.query_params.get("limit", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) <= len(str(MOST)) and int(asked)):
        raise Invalid(f"A limit is a number from 1 to {most}.", field="limit")
    usual = MOST if suffix in CITATIONS or selection.kind in _WHOLE else LENGTH
    return min(int(asked) if asked else usual, most)


@lru_cache(maxsize=1)
def _edition() -> str:
    return version("broadsheet")
