"""Labels in the browser: one with its papers, and the forms that make and change them."""

from typing import get_args
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import Invalid
from broadsheet.flow.lists import labels as flow
from broadsheet.flow.lists import profile
from broadsheet.flow.lists.labels import PER_PAGE, Wanted
from broadsheet.flow.lists.push_label import push_label
from broadsheet.model.label import MAX_PAPERS, Label, SeenBy
from broadsheet.model.places import reader_url
from broadsheet.model.reader import Reader
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.followed import followed_targets

_LAST_PAGE = MAX_PAPERS // PER_PAGE + 1


def page(request: Request) -> Response:
    """Show a label that the visitor may see, its papers newest first; ``page`` turns."""
    house, viewer = house_of(request), visitor_of(request).reader
    number = page_number(request)
    owner = profile.show(house, request.path_params["handle"]).reader
    label, kept = flow.show(house, owner, request.path_params["slug"], viewer, page=number)
    return render_with_forms(
        request,
        "label.html",
        owner=owner,
        label=label,
        kept=kept,
        page_number=number,
        more=label.papers > number * PER_PAGE,
        url=label_url(owner, label),
        is_followed=f"{owner.handle}/{label.slug}" in followed_targets(request, "label"),
        is_mine=viewer is not None and viewer.id == owner.id,
        groups=flow.groups(house, viewer) if viewer is not None and viewer.id == owner.id else {},
    )


def make(request: Request, form: QueryParams) -> Response:
    """Make a label."""
    reader = reader_of(request)
    return _to(reader, flow.make(house_of(request), reader, _wanted(form)))


def change(request: Request, form: QueryParams) -> Response:
    """Let a label be called and seen otherwise."""
    reader = reader_of(request)
    return _to(reader, flow.change(house_of(request), reader, request.path_params["slug"], _wanted(form)))


def delete(request: Request, _: QueryParams) -> Response:
    """Delete a label with its notes."""
    flow.delete(house_of(request), reader_of(request), request.path_params["slug"])
    return RedirectResponse("/reading#labels", status_code=303)


def put(request: Request, form: QueryParams) -> Response:
    """Put a paper on a label, or give it another note there."""
    house, reader, slug = house_of(request), reader_of(request), request.path_params["slug"]
    return _to(reader, flow.put(house, reader, slug, form.get("paper", ""), form.get("note", "")))


def take_off(request: Request, form: QueryParams) -> Response:
    """Take a paper off a label."""
    reader = reader_of(request)
    return _to(reader, flow.take_off(house_of(request), reader, request.path_params["slug"], form.get("paper", "")))


def push(request: Request, form: QueryParams) -> Response:
    """Push a label into its reader's library at Zotero, by a key that is forgotten after."""
    house, reader, slug = house_of(request), reader_of(request), request.path_params["slug"]
    done = push_label(house, reader, slug, form.get("zotero_key", "").strip())
    label, _ = flow.show(house, reader, slug, reader)
    headers = {"Cache-Control": "no-store"}
    return render_with_forms(request, "pushed.html", headers=headers, done=done, url=label_url(reader, label))


def label_url(owner: Reader, label: Label) -> str:
    """Point to a label's page."""
    return f"{reader_url(owner.handle)}/labels/{quote(label.slug)}"


def page_number(request: Request) -> int:
    """Read which page the address asks for; the first for what is none."""
    asked = request.query_params.get("page", "1")
    return min(max(int(asked), 1), _LAST_PAGE) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1  # noqa: PLR2004 - digits


def _wanted(form: QueryParams) -> Wanted:
    seen_by = next((one for one in get_args(SeenBy) if one == form.get("seen_by", "me")), None)
    if seen_by is None:
        raise Invalid("A label is seen by you, by a group or by all.", field="seen_by")
    group = form.get("group", "")
    number = int(group) if group.isascii() and group.isdecimal() and len(group) < 16 else None  # noqa: PLR2004 - digits
    return Wanted(form.get("name", ""), form.get("about", ""), seen_by, number)


def _to(reader: Reader, label: Label) -> Response:
    return RedirectResponse(label_url(reader, label), status_code=303)
