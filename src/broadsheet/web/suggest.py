"""Suggestions for the search box while somebody types."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.flow.reading import suggest as flow
from broadsheet.model.paper import Paper
from broadsheet.model.places import author_url, paper_url, search_for
from broadsheet.model.suggestion import SuggestedName, Suggestions
from broadsheet.model.text import plain
from broadsheet.web.typeset import byline, plural, shortened

MOST = 10
_NAMES_OF_A_KIND = 2
_LONGEST_TITLE = 120
_LONGEST_TEXT = 200
# The same beginning is often typed again; what comes in meanwhile can wait a minute here.
_HEADERS = {"Cache-Control": "private, max-age=60"}


def suggestions(request: Request) -> Response:
    """Suggest at most ten titles, authors, organisations and venues that go on from ``q``, as JSON."""
    text = request.query_params.get("q", "")[:_LONGEST_TEXT]
    found = flow.suggest(house_of(request), text, MOST)
    return JSONResponse({"suggestions": _listed(found)}, headers=_HEADERS)


def for_browsers(request: Request) -> Response:
    """Suggest the same to a browser's own search box: texts, what each is, and where it leads (OpenSearch)."""
    text = request.query_params.get("q", "")[:_LONGEST_TEXT]
    listed = _listed(flow.suggest(house_of(request), text, MOST))
    origin = origin_of(request)
    told = [text, *([one[of] for one in listed] for of in ("text", "detail")), [origin + one["url"] for one in listed]]
    return JSONResponse(told, headers=_HEADERS, media_type="application/x-suggestions+json")


def _listed(found: Suggestions) -> list[dict[str, str]]:
    """List titles first; names get some places, and all those that titles leave."""
    kinds = [
        [_named("author", name, author_url(name.name)) for name in found.authors],
        [_named("organisation", name, search_for(organisations=(name.name,))) for name in found.organisations],
        [_named("venue", name, search_for(venues=(name.name,))) for name in found.venues],
    ]
    titles = list(map(_titled, found.titles))
    kept = sum(min(len(kind), _NAMES_OF_A_KIND) for kind in kinds)
    listed = titles[: MOST - kept]
    for number, kind in enumerate(kinds):
        later = sum(min(len(other), _NAMES_OF_A_KIND) for other in kinds[number + 1 :])
        listed += kind[: MOST - len(listed) - later]
    return listed


def _titled(paper: Paper) -> dict[str, str]:
    detail = " · ".join(_facts(paper))
    return {
        "kind": "paper",
        "text": shortened(plain(paper.title), _LONGEST_TITLE),
        "detail": detail,
        "url": paper_url(paper),
    }


def _facts(paper: Paper) -> Iterator[str]:
    if names := byline(paper, most=1):
        yield names
    if paper.published:
        yield paper.published[:4]


def _named(kind: str, name: SuggestedName, url: str) -> dict[str, str]:
    return {"kind": kind, "text": plain(name.name), "detail": f"{kind} · {plural(name.papers, 'paper')}", "url": url}
