"""What a feed reader is told that comes with a key worth nothing: a sentence, in the format that it asked for."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.xml import written
from broadsheet.feeds.feed import Feed
from broadsheet.feeds.formats import FEEDS

_HEADERS = {"Cache-Control": "private, no-store", "WWW-Authenticate": 'Basic realm="feeds", charset="UTF-8"'}


def refused(request: Request, suffix: str, sentence: str) -> Response:
    """Answer 401 with a feed whose title is the sentence, or as plain text where no feed was asked for."""
    if suffix not in FEEDS:
        return PlainTextResponse(f"{sentence}\n", 401, _HEADERS)
    house, home = house_of(request), f"{origin_of(request)}/"
    media_type, write = FEEDS[suffix]
    told = Feed(
        guid=home,
        title=sentence,
        about=sentence,
        site_name=written(house.settings.site_name),
        home=home,
        page=home,
        url=home,
        updated=house.clock(),
        entries=(),
    )
    return Response(write(told), 401, {**_HEADERS, "Content-Type": media_type})
