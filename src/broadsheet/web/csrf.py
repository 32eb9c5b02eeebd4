"""Forms that only our own pages can send: each carries a token that its sender's browser proves.

Who is signed in has a token that belongs to their session; the owner at the machine, and guests, have a signed
double-submit cookie (OWASP, Cross-Site Request Forgery Prevention Cheat Sheet). Behind both the browser's own word on
where a form stood: ``Sec-Fetch-Site`` (W3C Fetch Metadata) and ``Origin`` (RFC 6454).
"""

import hmac
import logging
import re
import secrets
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse

from broadsheet.entrance.visitor import is_public, visitor_of
from broadsheet.errors import Refused
from broadsheet.flow import events
from broadsheet.web.press import render

COOKIE = "broadsheet_form"
PUBLIC_COOKIE = "__Host-broadsheet-form"
FIELD = "token"
_NONCE_BYTES = 32
_NONCE = re.compile("[A-Za-z0-9_-]{43}")


def new_key() -> bytes:
    """Make the key that signs tokens where no setting does; each process has its own."""
    return secrets.token_bytes(32)


def render_with_forms(
    request: Request,
    template: str,
    *,
    guests: bool = False,
    **facts: Any,  # noqa: ANN401 - facts are what a template shows
) -> HTMLResponse:
    """Set a page that has forms which change something; ``guests`` where anybody may send them.

    The template finds their token in ``form_token``; it is empty, and no cookie is set, for who may change nothing.
    """
    visitor = visitor_of(request)
    if visitor.form_token or not (visitor.reader or guests):
        return render(request, template, form_token=visitor.form_token, **facts)
    known = _nonce(request)
    nonce = known or secrets.token_urlsafe(_NONCE_BYTES)
    page = render(request, template, form_token=_token(request, nonce), **facts)
    page.headers["Cache-Control"] = "no-store"
    if not known:
        public = is_public(request)
        page.set_cookie(
            _cookie(request), nonce, path="/", httponly=True, secure=public, samesite="lax" if public else "strict"
        )
    return page


def check(request: Request, form: QueryParams) -> None:
    """Let a form pass that stood on a page of ours in this browser; raises Refused for any other.

    A program that comes with a token of its own stands outside browsers, and passes.
    """
    visitor = visitor_of(request)
    if visitor.method == "token":
        return
    if not _is_from_here(request):
        _tell(request, "from a page of another site")
        raise Refused("This form was sent by a page of another site. Nothing was changed.")
    nonce = _nonce(request)
    wanted = visitor.form_token or (_token(request, nonce) if nonce else "")
    given = form.get(FIELD, "").encode("utf-8", "replace")
    if not wanted or not hmac.compare_digest(wanted.encode(), given):
        _tell(request, "without its token")
        raise Refused(
            "This form is out of date: you signed in, or Broadsheet was started anew, since its page was opened, or "
            "the browser keeps no cookies. Nothing was changed. Go back, reload the page and send it again."
        )


def _tell(request: Request, reason: str) -> None:
    """Tell the log, for somebody may be trying to send forms in another's name (OWASP ASVS 5.0, 16.3.3)."""
    reader = visitor_of(request).reader
    handle = reader.handle if reader else ""
    events.tell(logging.WARNING, "form refused", reader=handle, path=request.url.path, reason=reason)


def _is_from_here(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return all(origin.lower() == _here(request) for origin in request.headers.getlist("origin"))


def _here(request: Request) -> str:
    if is_public(request):
        here: str = request.app.state.origin
        return here
    return f"{request.url.scheme}://{request.headers.get('host', '')}".lower()


def _cookie(request: Request) -> str:
    return PUBLIC_COOKIE if is_public(request) else COOKIE


def _nonce(request: Request) -> str:
    told = request.cookies.get(_cookie(request), "")
    return told if _NONCE.fullmatch(told) else ""


def _token(request: Request, nonce: str) -> str:
    key: bytes = request.app.state.form_key
    return hmac.digest(key, nonce.encode(), "sha256").hex()
