"""Where to go on after signing in: a path of ours, whatever an address says."""

from urllib.parse import quote, urlsplit

from starlette.requests import Request

_LONGEST = 2_000
_HERE = "/"


def local_path(told: str) -> str:
    """Give a path of ours with its query, as it was told, or ``/`` for whatever a browser might take for another site.

    Browsers read a backslash as a slash and leave out tabs and line breaks (WHATWG URL, section 4.4), so none may
    be in it.
    """
    fits = told.isascii() and told.isprintable() and " " not in told and "\\" not in told and len(told) <= _LONGEST
    if not fits or not told.startswith("/") or told.startswith("//"):
        return _HERE
    try:
        parts = urlsplit(told)
    except ValueError:
        return _HERE
    # A dot segment before an empty one would make of /.//evil.example what begins with two slashes.
    odd = parts.scheme or parts.netloc or "//" in parts.path or parts.path.startswith("/sign-in")
    return _HERE if odd else told


def sign_in_url(request: Request) -> str:
    """Give the address where one signs in and then comes back to where the request was made."""
    path = came_from(request)
    return "/sign-in" if path == _HERE else f"/sign-in?next={quote(path, safe='/')}"


def came_from(request: Request) -> str:
    """Give the path of ours to come back to: where the request was made or, for a form, the page that it stood on."""
    here = str(request.url.replace(scheme="", netloc="", fragment=""))
    return local_path(here if request.method in {"GET", "HEAD"} else _referring(request))


def _referring(request: Request) -> str:
    origin: str = request.app.state.origin
    told = request.headers.get("referer", "")
    return told[len(origin) :] if origin and told.lower().startswith(f"{origin}/") else _HERE
