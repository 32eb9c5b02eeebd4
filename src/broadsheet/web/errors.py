"""What goes wrong, as pages: one table from the family tree of errors to status codes."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ExceptionHandler

from broadsheet.entrance.visitor import NeedsPasskey, NotSignedIn, Visitor, is_public, visitor_of
from broadsheet.errors import BroadsheetError, Conflict, Invalid, NotFound, Refused, TooMany, Unavailable
from broadsheet.web.again import again
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.next import came_from, sign_in_url
from broadsheet.web.press import render

STATUS: dict[type[BroadsheetError], int] = {
    Invalid: 400,
    Refused: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
    TooMany: 429,
    BroadsheetError: 500,
}
# What may be taken when it is mended, or later.
_MENDABLE = frozenset({400, 403, 409, 429, 503})
_TITLES = {
    400: "That cannot be read",
    401: "Who is it?",
    403: "Not allowed",
    404: "Not on this shelf",
    405: "Not that way",
    409: "Out of step",
    413: "Too much at once",
    415: "Not that way",
    429: "Slow down",
    500: "The press has stopped",
    503: "Back in a moment",
}
_SENTENCES = {
    404: "There is no page at this address.",
    405: "This address does not take that kind of request.",
    413: "That is more text than a search can take.",
    415: "This address takes what a form sends, and nothing else.",
    500: "Something went wrong on our side. It has been noted; trying again may help.",
}


def broadsheet_error(request: Request, error: Exception) -> Response:
    """Show one of our own errors with the status its class has in STATUS."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    wait = getattr(error, "retry_after_s", None)
    headers = {"Retry-After": str(max(1, round(wait)))} if wait else {}
    form = again(request, str(error), getattr(error, "field", "")) if status in _MENDABLE else None
    if form is None or "authorization" in request.headers:
        return _page(request, status, str(error), headers)
    facts = {"title": _TITLES[status], "message": str(error), "again": form, "action": request.url.path}
    shown = {**headers, "Cache-Control": "no-store"}
    return render_with_forms(request, "again.html", guests=True, status=status, headers=shown, **facts)


def not_signed_in(request: Request, error: Exception) -> Response:
    """Lead to where one signs in; where nobody can, or a program asks, say so."""
    if is_public(request) and "authorization" not in request.headers:
        return RedirectResponse(sign_in_url(request), status_code=303, headers={"Cache-Control": "no-store"})
    if "authorization" not in request.headers:
        return broadsheet_error(request, error)
    return _page(request, 401, str(error), {"WWW-Authenticate": "Bearer"})


def needs_passkey(request: Request, error: Exception) -> Response:
    """Let a reader sign in with a passkey and go on, or tell how to have one; to a program just say what is missing."""
    if "authorization" in request.headers:
        return broadsheet_error(request, error)
    return render_with_forms(
        request,
        "needs_passkey.html",
        status=403,
        headers={"Cache-Control": "no-store"},
        message=str(error),
        going_to=came_from(request),
    )


def http_error(request: Request, error: Exception) -> Response:
    """Show an error of the server's own, such as an address nobody answers."""
    status = getattr(error, "status_code", 500)
    return _page(request, status, _SENTENCES.get(status, ""), dict(getattr(error, "headers", None) or {}))


def unexpected(request: Request, _: Exception) -> Response:
    """Show a defect of ours without its details; this page is made outside the middleware, hence the headers here."""
    return _page(request, 500, _SENTENCES[500], request.app.state.headers)


def _page(request: Request, status: int, message: str, headers: dict[str, str]) -> Response:
    try:
        visitor_of(request)
    except Exception:  # noqa: BLE001 - what went wrong may be just that nobody can be looked up
        request.state.visitor = Visitor()
    title = _TITLES.get(status, "Something is not right")
    return render(
        request,
        "error.html",
        status=status,
        headers={**headers, "Cache-Control": "no-store"},
        title=title,
        message=message,
        code=status,
    )


HANDLERS: dict[int | type[Exception], ExceptionHandler] = {
    NotSignedIn: not_signed_in,
    NeedsPasskey: needs_passkey,
    BroadsheetError: broadsheet_error,
    HTTPException: http_error,
    Exception: unexpected,
}
