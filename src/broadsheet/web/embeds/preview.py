"""The picture of a paper that messengers and social sites show beside a link to its page."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from broadsheet.entrance.asked import has_copy, house_of, tag_of
from broadsheet.entrance.memory import Copy, Memory, Moment
from broadsheet.errors import NotFound
from broadsheet.flow import paper as flow
from broadsheet.model.paper import Paper
from broadsheet.model.text import plain
from broadsheet.web.csp import share
from broadsheet.web.embeds import poster
from broadsheet.web.embeds.lines import fit
from broadsheet.web.embeds.poster import Poster
from broadsheet.web.typeset import byline, kicker, plural, spelled

MOST_BYTES = 16 * 1024 * 1024
_CACHE = "public, max-age=3600"
_ALWAYS: Moment = ("", 0)
# A title is looked at no further than this: the picture has room for less.
_MOST = 2_000


def preview(request: Request) -> Response:
    """Draw the picture of a paper; 404 where the extra `previews` is not installed."""
    if not poster.is_available():
        return _refused(request, "Pictures are drawn here only when broadsheet[previews] is installed.")
    house = house_of(request)
    try:
        shown = _poster(flow.show(house, request.path_params["slug"]), house.settings.site_name)
    except NotFound as error:
        return _refused(request, str(error))
    tag = tag_of(repr(shown).encode("utf-8", "replace"))
    headers = {"Content-Type": "image/png", "Cache-Control": _CACHE, "ETag": tag}
    if has_copy(request, tag):
        return share(request, Response(status_code=304, headers={"Cache-Control": _CACHE, "ETag": tag}))
    return share(request, Response(_remembered(request, shown), headers=headers))


def _remembered(request: Request, shown: Poster) -> bytes:
    """Give a picture that was drawn before, or draw it: by what it says, so that nothing else has it drawn anew."""
    memory: Memory = request.app.state.pictures
    copy = memory.find(shown, _ALWAYS)
    if copy is None:
        with poster.turn():
            # Of many who want a picture at once, as when a link is passed on, the first has it drawn for all.
            copy = memory.find(shown, _ALWAYS) or Copy(_ALWAYS, poster.png(shown), b"", {})
            memory.keep(shown, copy)
    return copy.body


def _poster(paper: Paper, site_name: str) -> Poster:
    facts = " · ".join(filter(None, (spelled(paper.published), "withdrawn" if paper.withdrawn else "")))
    return Poster(
        site=fit(site_name),
        kicker=fit(kicker(paper)),
        title=fit(plain(paper.title[:_MOST])) or "Untitled",
        name=fit(paper.slug),
        authors=fit(byline(paper)),
        facts=fit(facts),
        upvotes=plural(paper.upvotes, "upvote"),
    )


def _refused(request: Request, sentence: str) -> Response:
    return share(request, PlainTextResponse(f"{sentence}\n", 404, {"Cache-Control": "no-store"}))
