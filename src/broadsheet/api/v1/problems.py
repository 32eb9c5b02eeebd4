"""What goes wrong, as problem details (RFC 9457): one table of statuses."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from broadsheet.api.errors import headers_of, status_of
from broadsheet.entrance.memory import encoded
from broadsheet.errors import BroadsheetError, Invalid, TooMany

MEDIA_TYPE = "application/problem+json"
_PLACE = "/docs/api#"
# For each status the last part of the problem's type, its title, and what is to be done about it.
PROBLEMS: dict[int, tuple[str, str, str]] = {
    400: ("invalid", "This cannot be meant", "A parameter or the body; `field` names it."),
    401: ("no-token", "This takes a token", "There is none, or it is not valid any more."),
    403: ("refused", "This is not allowed", "The token was not made for it, or its reader may not do it."),
    404: ("not-found", "There is no such thing", "Or it is not for whoever asks to see."),
    405: ("method", "Not with this method", "`Allow` names those that are answered."),
    409: ("conflict", "This does not fit what is here", "Another has the name, or it was done already."),
    413: ("too-large", "This is too large", "Nothing that can be meant is this long."),
    415: ("media-type", "This is no JSON", "Bodies are JSON, and `Content-Type` says so."),
    429: ("too-many", "This was too often", "`Retry-After` tells in how many seconds it is allowed again."),
    500: ("defect", "Something went wrong on our side", "It has been noted."),
    503: ("unavailable", "A part is missing or busy", "Try again, after `Retry-After` seconds where that is told."),
}


class Problem(TypedDict):
    """Why there is no better answer; ``field`` names the parameter or the part of the body that cannot be meant."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None


def told(
    status: int, message: str = "", *, field: str | None = None, headers: dict[str, str] | None = None
) -> Response:
    """Say what went wrong."""
    name, title, meaning = PROBLEMS.get(status, ("defect", "Error", ""))
    problem: Problem = {
        "type": _PLACE + name,
        "title": title,
        "status": status,
        # What was sent may hold halves of characters, which no UTF-8 has.
        "detail": (message or meaning).encode("utf-8", "replace").decode(),
        "field": field,
    }
    own = {**(headers or {}), "Cache-Control": "no-store", "Content-Type": MEDIA_TYPE}
    return Response(encoded(problem), status, own)


def too_many(message: str, headers: Mapping[str, str]) -> Response:
    """Say that programs from one network ask too often."""
    return told(429, message, headers=dict(headers))


def _broadsheet_error(_: Request, error: Exception) -> Response:
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004 - a status
    if wait := getattr(error, "retry_after_s", None):
        headers["Retry-After"] = str(max(1, round(wait)))
        if isinstance(error, TooMany):
            headers["RateLimit"] = f'"api";r=0;t={headers["Retry-After"]}'
    return told(status, str(error), field=error.field if isinstance(error, Invalid) else None, headers=headers)


def _unreadable(request: Request, error: Exception) -> Response:
    first = error.errors()[0] if isinstance(error, RequestValidationError) and error.errors() else {}
    if first.get("loc") == ("body",) and first.get("type") != "missing" and not _is_json(request):
        return told(415)
    names = [str(part) for part in first.get("loc", ()) if isinstance(part, str)][1:]
    return told(400, str(first.get("msg", ""))[:200], field=".".join(names)[:80] or None)


def _http_error(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    message = "The body cannot be read as JSON." if status == 400 else ""  # noqa: PLR2004 - a status
    return told(status, message, headers=headers_of(request, error))


def _unexpected(request: Request, _: Exception) -> Response:
    return told(500, headers=dict(request.app.state.headers))


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


# The framework takes handlers that are plain functions, and says that it does not.
HANDLERS: dict[int | type[Exception], Any] = {
    BroadsheetError: _broadsheet_error,
    RequestValidationError: _unreadable,
    HTTPException: _http_error,
    Exception: _unexpected,
}
