"""What is no list: one paper for a reference manager, and the feeds of all that a reader follows."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.cite.styles import reference
from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.feed_key import feed_key
from broadsheet.entrance.visitor import NotSignedIn
from broadsheet.feeds.answer import CITATIONS, file_headers, tag_of, with_copy
from broadsheet.feeds.opml import opml
from broadsheet.feeds.reader import NotAKey, reading
from broadsheet.feeds.refused import refused
from broadsheet.flow.paper import show
from broadsheet.flow.selecting.followed import followed_lists


def paper(request: Request) -> Response:
    """Give a paper, by whatever name it has, as a reference manager reads it."""
    suffix = request.path_params.get("suffix", "csl.json")
    found = show(house_of(request), request.path_params["slug"])
    tag = tag_of(suffix, found.id, found.stamp)
    headers = file_headers(found.slug, suffix, private=False)
    return with_copy(request, lambda: CITATIONS[suffix].write((found,)).encode(), tag, headers)


def reference_of(request: Request) -> Response:
    """Give the reference of a paper, ready to be read, in a style: ``style``."""
    style = request.query_params.get("style", "apa")
    found = show(house_of(request), request.path_params["slug"])
    told = f"{reference(found, style)}\n"
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache"}
    return with_copy(request, told.encode, tag_of(style, found.id, found.stamp), headers)


def opml_of_followed(request: Request) -> Response:
    """Give the feeds of all that a reader follows as one file for their feed reader."""
    house, origin = house_of(request), origin_of(request)
    try:
        reader = reading(request)
    except NotAKey as error:
        return refused(request, "opml", str(error))
    if reader is None:
        raise NotSignedIn("Sign in to take along what you follow.")
    lists = followed_lists(house, reader)
    headers = {
        "Content-Type": "text/x-opml; charset=utf-8",
        "Content-Disposition": "attachment; filename=following.opml",
        "Cache-Control": "private, no-cache",
    }
    title = f"What {reader.name} follows · {house.settings.site_name}"
    # Who comes with a key wants the file for a feed reader that has nothing else.
    key = feed_key(request)
    return with_copy(request, lambda: opml(title, lists, origin, key), tag_of(origin, title, lists, key), headers)
