"""The cookies of ceremonies: a browser's secret for what it has begun here and ends here."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.flow.accounts.ceremonies import LASTS


def keep(answer: Response, kind: str, secret: str) -> None:
    """Hand a browser the secret of a ceremony; it is sent along only by pages of ours."""
    age_s = int(LASTS.total_seconds())
    answer.set_cookie(_name(kind), secret, max_age=age_s, path="/", secure=True, httponly=True, samesite="strict")


def brought(request: Request, kind: str) -> str:
    """Give the secret of a ceremony that a browser brings, '' for none."""
    return request.cookies.get(_name(kind), "")


def drop(answer: Response, kind: str) -> None:
    """Have a browser forget a secret that is worth nothing any more."""
    answer.delete_cookie(_name(kind), path="/", secure=True, httponly=True, samesite="strict")


def _name(kind: str) -> str:
    # The prefix makes browsers keep it to our host, our path and to TLS (RFC 6265bis, section 4.1.3.2).
    return f"__Host-broadsheet-{kind}"
