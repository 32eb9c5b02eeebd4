"""What a reader is told of when they come back."""

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of
from broadsheet.errors import Invalid
from broadsheet.flow.talking import notices as flow
from broadsheet.web.csrf import render_with_forms

_MAX_DIGITS = 15


def page(request: Request) -> Response:
    """List a reader's notices, newest first."""
    before = request.query_params.get("before", "")
    told = flow.of_reader(house_of(request), reader_of(request), before=_number(before) if before else None)
    return render_with_forms(request, "notices.html", notices=told, is_full=len(told) == flow.PER_PAGE)


def mark_seen(request: Request, form: QueryParams) -> Response:
    """Note that all notices were seen, up to the newest that the page showed."""
    flow.mark_seen(house_of(request), reader_of(request), _number(form.get("up_to", "")))
    return RedirectResponse("/notices", status_code=303)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        raise Invalid(f"{text[:40]!r} is not the number of a notice.", field="up_to")
    return int(text)
