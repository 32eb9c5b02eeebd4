"""Forms that only our own pages can send: each carries a token that belongs to a cookie and to this process.

A signed double-submit cookie (OWASP, Cross-Site Request Forgery Prevention Cheat Sheet), behind it the browser's own
word on where a form stood: ``Sec-Fetch-Site`` (W3C Fetch Metadata) and ``Origin`` (RFC 6454).
"""

import hmac
import re
import secrets
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse

from broadsheet.errors import Refused
from broadsheet.web.permission import is_owner
from broadsheet.web.press import render

COOKIE = "broadsheet_form"
FIELD = "token"
_NONCE_BYTES = 32
_NONCE = re.compile("[A-Za-z0-9_-]{43}")


def new_key() -> bytes:
    """Make the key that signs tokens; each process has its own."""
    return secrets.token_bytes(32)


def render_with_forms(request: Request, template: str, **facts: Any) -> HTMLResponse:  # noqa: ANN401 - facts are what a template shows
    """Set a page that has forms which change something.

    The template finds their token in ``form_token``; it is empty, and no cookie is set, for who may change nothing.
    """
    if not is_owner(request):
        return render(request, template, form_token="", **facts)
    known = _nonce(request)
    nonce = known or secrets.token_urlsafe(_NONCE_BYTES)
    page = render(request, template, form_token=_token(request, nonce), **facts)
    if not known:
        page.set_cookie(COOKIE, nonce, path="/", httponly=True, samesite="strict")
    return page


def check(request: Request, form: QueryParams) -> None:
    """Let a form pass that stood on a page of ours in this browser; raises Refused for any other."""
    if not _is_from_here(request):
        raise Refused("This form was sent by a page of another site. Nothing was changed.")
    nonce = _nonce(request)
    given = form.get(FIELD, "").encode("utf-8", "replace")
    if not nonce or not hmac.compare_digest(_token(request, nonce).encode(), given):
        raise Refused(
            "This form is out of date: Broadsheet was started anew since its page was opened, or the browser keeps no "
            "cookies. Nothing was changed. Go back, reload the page and send it again."
        )


def _is_from_here(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    here = f"{request.url.scheme}://{request.headers.get('host', '')}".lower()
    return all(origin.lower() == here for origin in request.headers.getlist("origin"))


def _nonce(request: Request) -> str:
    told = request.cookies.get(COOKIE, "")
    return told if _NONCE.fullmatch(told) else ""


def _token(request: Request, nonce: str) -> str:
    key: bytes = request.app.state.form_key
    return hmac.digest(key, nonce.encode(), "sha256").hex()
