"""What goes wrong, as programs are told: one table from the family tree of errors to status codes."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from broadsheet.api.hf.shapes.objects import Error
from broadsheet.api.methods import allowed
from broadsheet.entrance.caller import NoToken
from broadsheet.errors import BroadsheetError, Conflict, Invalid, NotFound, Refused, TooMany, Unavailable


class NoPaper(NotFound):
    """There is no paper of this name."""


STATUS: dict[type[BroadsheetError], int] = {
    Invalid: 400,
    NoToken: 401,
    Refused: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
    TooMany: 429,
    BroadsheetError: 500,
}
# The words that clients know, beside which ``message`` tells more.
_WORDS = {
    400: "Bad request",
    401: "Invalid username or password.",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Payload too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Internal error",
    503: "Service unavailable",
}


def status_of(error: Exception) -> int:
    """Give the status of one of our own errors, that of its class in STATUS."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def told(status: int, message: str, *, words: str = "", headers: dict[str, str] | None = None) -> Response:
    """Say what went wrong; ``words`` are those that clients know, the status's own if not given."""
    said = words or _WORDS.get(status, "Error")
    body: Error = {"error": said, "message": message or said}
    return JSONResponse(body, status, {**(headers or {}), "X-Error-Message": said, "Cache-Control": "no-store"})


def broadsheet_error(_: Request, error: Exception) -> Response:
    """Tell one of our own errors with the status its class has in STATUS."""
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004 - a status
    if wait := getattr(error, "retry_after_s", None):
        seconds = max(1, round(wait))
        headers |= {"Retry-After": str(seconds)}
        if isinstance(error, TooMany):
            headers["RateLimit"] = f'"api";r=0;t={seconds}'
    return told(status, str(error), words=_words(error), headers=headers)


def unreadable(_: Request, error: Exception) -> Response:
    """Tell what in a request cannot be meant; named is the first of it."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) and error.errors() else {}
    name = str(next(reversed(first.get("loc", ())), ""))[:40]
    words = f"Invalid {name}" if name.isidentifier() and name.isascii() else ""
    return told(400, f"{name}: {first.get('msg', '')}"[:200] if name else "", words=words)


def http_error(request: Request, error: Exception) -> Response:
    """Tell an error of the server's own, such as an address that nobody answers."""
    return told(getattr(error, "status_code", 500), "", headers=headers_of(request, error))


def headers_of(request: Request, error: Exception) -> dict[str, str]:
    """Give the headers of an error of the server's own; the framework names the methods of one route alone."""
    headers = dict(getattr(error, "headers", None) or {})
    return headers | {"Allow": allowed(request)} if "Allow" in headers else headers


def unexpected(request: Request, _: Exception) -> Response:
    """Tell a defect of ours without its details; this is made outside the middleware, hence the headers here."""
    return told(500, "Something went wrong on our side. It has been noted.", headers=dict(request.app.state.headers))


def too_many(message: str, headers: Mapping[str, str]) -> Response:
    """Tell a program that it asks too often."""
    return told(429, message, headers=dict(headers))


def paper_absent(request: Request, error: Exception) -> Response:
    """Tell that there is no such paper, where another door's pages stand."""
    return broadsheet_error(request, NoPaper(str(error)))


def _words(error: Exception) -> str:
    if isinstance(error, NoPaper):
        return "Paper not found"
    return f"Invalid {error.field}" if isinstance(error, Invalid) else ""


# The framework takes handlers that are plain functions, and says that it does not.
HANDLERS: dict[int | type[Exception], Any] = {
    BroadsheetError: broadsheet_error,
    RequestValidationError: unreadable,
    HTTPException: http_error,
    Exception: unexpected,
}
