"""Which list an address means; the same words as in the address of its page."""

from dataclasses import replace

from starlette.requests import Request

from broadsheet.entrance.address import read_day, read_query
from broadsheet.errors import Invalid, NotFound
from broadsheet.feeds.answer import listed
from broadsheet.flow.voting.trending import span_of
from broadsheet.model.selection import Selection
from broadsheet.model.weeks import read_month, read_week


@listed
def latest(_: Request) -> Selection:
    """Give the latest day that has papers."""
    return Selection("day")


@listed
def day(request: Request) -> Selection:
    """Give the papers of a day."""
    try:
        return Selection("day", read_day(request.path_params["day"]).isoformat())
    except Invalid as error:
        raise NotFound(str(error)) from error


@listed
def week(request: Request) -> Selection:
    """Give the most upvoted papers of a week."""
    try:
        return Selection("week", str(read_week(request.path_params["week"])))
    except Invalid as error:
        raise NotFound(str(error)) from error


@listed
def month(request: Request) -> Selection:
    """Give the most upvoted papers of a month."""
    try:
        return Selection("month", str(read_month(request.path_params["month"])))
    except Invalid as error:
        raise NotFound(str(error)) from error


@listed
def trending(request: Request) -> Selection:
    """Give the papers that trend, of the span that ``of`` names."""
    return Selection("trending", span_of(request.query_params.get("of", "all")))


@listed
def search(request: Request) -> Selection:
    """Give what answers a search; a feed begins with the first page of it."""
    return Selection("search", query=replace(read_query(request.query_params), offset=0))


@listed
def similar(request: Request) -> Selection:
    """Give the papers that are like one."""
    return Selection("similar", request.path_params["slug"])


@listed
def author(request: Request) -> Selection:
    """Give the papers of an author."""
    return Selection("author", request.path_params["slug"])


@listed
def organisation(request: Request) -> Selection:
    """Give the papers of an organisation."""
    return Selection("organisation", request.path_params["slug"])


@listed
def label(request: Request) -> Selection:
    """Give the papers of a label that whoever asks may see."""
    handle, slug = request.path_params["handle"], request.path_params["slug"]
    return Selection("label", f"{handle}/{slug}")


@listed
def saved(request: Request) -> Selection:
    """Give what answers a saved search."""
    return Selection("saved", request.path_params["slug"])


@listed
def following(_: Request) -> Selection:
    """Give what is new of all that whoever asks follows."""
    return Selection("following")
