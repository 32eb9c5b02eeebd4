"""A paper as Markdown, at the address of its page: with ``.md`` behind it, or for who accepts ``text/markdown``."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from broadsheet.api.errors import paper_absent
from broadsheet.cite.markdown import markdown
from broadsheet.entrance.asked import has_copy, house_of, tag_of
from broadsheet.errors import NotFound
from broadsheet.flow.paper import show

_KIND = "text/markdown"


class Wanted(Route):
    """A route for who accepts Markdown; browsers never say that they do."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the path as any route does, for a request whose ``Accept`` names Markdown."""
        accepted = (value for name, value in scope.get("headers", ()) if name == b"accept")
        if not any(_KIND.encode() in value.lower() for value in accepted):
            return Match.NONE, {}
        return super().matches(scope)


def routes() -> list[BaseRoute]:
    """List the addresses, which stand beside those of the pages and go before them."""
    return [
        Route("/papers/{slug:path}.md", paper, name="paper_markdown"),
        Wanted("/papers/{slug:path}", paper, name="paper_as_markdown"),
    ]


def paper(request: Request) -> Response:
    """Give a paper as Markdown, by any name it has."""
    try:
        text = markdown(show(house_of(request), request.path_params["slug"]))
    except NotFound as error:
        return paper_absent(request, error)
    tag = tag_of(text.encode())
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
    if has_copy(request, tag):
        return Response(status_code=304, headers=headers)
    return PlainTextResponse(text, headers=headers, media_type=_KIND)
