"""Organisations in the browser: the list, a page, and the forms of members and keepers."""

from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.flow.people import membership
from broadsheet.flow.people import organisations as flow
from broadsheet.flow.people.authors import MOST, PER_PAGE
from broadsheet.flow.people.organisations import Told
from broadsheet.model.organisation import INSIDE, MAX_ABOUT, MAX_LINK, MAX_NAME, Organisation
from broadsheet.web.authors import page_number
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.followed import followed_targets
from broadsheet.web.upvotes import of_papers

_LAST_PAGE = MOST // PER_PAGE
_LAST_LIST = 1_000


def index(request: Request) -> Response:
    """List the organisations that have members, and those in which who is here has a part."""
    house, reader, number = house_of(request), visitor_of(request).reader, page_number(request, _LAST_LIST)
    listed = flow.listed(house, page=number)
    own = membership.of_reader(house, reader) if reader else ()
    more = len(listed) == flow.LISTED
    return render_with_forms(
        request, "organisations.html", listed=listed, own=own, page_number=number, more=more, max_name=MAX_NAME
    )


def page(request: Request) -> Response:
    """Show an organisation; one of its other names leads to the slug it has."""
    house, asked, reader = house_of(request), request.path_params["slug"], visitor_of(request).reader
    number = page_number(request, _LAST_PAGE)
    shown = flow.show(house, asked, page=number)
    told = shown.organisation
    if told.id and asked != told.slug:
        return RedirectResponse(_url(told), status_code=302)
    return render_with_forms(
        request,
        "organisation.html",
        shown=shown,
        url=_url(told),
        part=membership.part_of(house, told, reader),
        inside=[each for each in shown.members if each.role in INSIDE],
        waiting=[each for each in shown.members if each.role not in INSIDE],
        is_followed=told.slug in followed_targets(request, "organisation"),
        more=shown.total > number * PER_PAGE,
        ballots=of_papers(request, shown.papers),
        limits={"name": MAX_NAME, "about": MAX_ABOUT, "link": MAX_LINK},
    )


def make(request: Request, form: QueryParams) -> Response:
    """Make an organisation."""
    return _to(flow.make(house_of(request), reader_of(request), form.get("name", "")))


def describe(request: Request, form: QueryParams) -> Response:
    """Let an organisation say something else of itself."""
    told = Told(
        form.get("name", ""),
        form.get("about", ""),
        form.get("link", ""),
        form.get("domain", ""),
        form.get("names", "").split("\n"),
    )
    return _to(flow.describe(house_of(request), reader_of(request), request.path_params["slug"], told))


def join(request: Request, _: QueryParams) -> Response:
    """Ask to be a member."""
    membership.join(house_of(request), reader_of(request), request.path_params["slug"])
    return _back(request)


def leave(request: Request, _: QueryParams) -> Response:
    """Be a member no longer."""
    membership.leave(house_of(request), reader_of(request), request.path_params["slug"])
    return _back(request)


def place(request: Request, form: QueryParams) -> Response:
    """Let somebody in, invite them, make them a keeper, or take them out."""
    house, slug = house_of(request), request.path_params["slug"]
    membership.place(house, reader_of(request), slug, form.get("handle", ""), form.get("role", ""))
    return _back(request)


def _url(told: Organisation) -> str:
    return f"/organisations/{quote(told.slug)}"


def _to(told: Organisation) -> Response:
    return RedirectResponse(_url(told), status_code=303)


def _back(request: Request) -> Response:
    return RedirectResponse(f"/organisations/{quote(request.path_params['slug'])}#members", status_code=303)
