"""The press: sets a template with facts and hands the page back, or says that the reader's copy is still good."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from broadsheet.entrance.asked import has_copy, house_of
from broadsheet.entrance.lists import suffixed
from broadsheet.entrance.visitor import is_public, visitor_of
from broadsheet.model import places
from broadsheet.model.query import EVIDENCE
from broadsheet.model.text import plain
from broadsheet.web import choices, typeset
from broadsheet.web.markdown import markdown
from broadsheet.web.mathml import tex

_FRESH = {"Cache-Control": "no-cache"}
_PRIVATE = "private, no-store"


@lru_cache(maxsize=1)
def edition() -> str:
    """Name the look of this release: a hash of every template and static file, part of each ETag and style URL."""
    found = blake2b(digest_size=6)
    for folder in ("templates", "static"):
        for file in sorted(Path(str(files("broadsheet.web") / folder)).iterdir()):
            found.update(file.read_bytes())
    return found.hexdigest()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("broadsheet.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.filters.update(
        tex=tex,
        markdown=markdown,
        plain=plain,
        long_day=typeset.long_day,
        short_day=typeset.short_day,
        span_words=typeset.span_words,
        spelled=typeset.spelled,
        byline=typeset.byline,
        excerpt=typeset.excerpt,
        highlighted=typeset.highlighted,
        short_count=typeset.short_count,
        source_name=typeset.source_name,
        host=typeset.host,
        outside=places.outside,
        first_link=places.first_link,
        pdf_url=places.pdf_url,
        kicker=typeset.kicker,
    )
    environment.globals.update(
        plural=typeset.plural,
        paper_url=places.paper_url,
        day_url=places.day_url,
        span_url=places.span_url,
        reader_url=places.reader_url,
        search_for=places.search_for,
        suffixed=suffixed,
        author_url=places.author_url,
        author_search=places.author_search,
        organisation_url=places.organisation_url,
        evidence=EVIDENCE,
        more_like=choices.more_like,
        less_like=choices.less_like,
        edition=edition(),
    )
    return environment


def render(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **facts: object
) -> HTMLResponse:
    """Set one page. A browser may keep it and must ask whether it is still good; nobody keeps one set for a reader."""
    settings, visitor = house_of(request).settings, visitor_of(request)
    known = {"form_token": visitor.form_token, "is_public": is_public(request), **facts}
    body = _environment().get_template(template).render(site_name=settings.site_name, visitor=visitor, **known)
    page = HTMLResponse(body, status, headers={**_FRESH, **(headers or {}), "Vary": "Cookie"})
    if visitor.reader is not None:
        if "no-store" not in page.headers["Cache-Control"]:
            page.headers["Cache-Control"] = _PRIVATE
        del page.headers["ETag"]
    return page


def set_for_all(template: str, **facts: object) -> str:
    """Set a page that is the same for everybody, and asks not who is there."""
    return _environment().get_template(template).render(**facts)


def etag(request: Request, *facts: object) -> str:
    """Make a weak validator from all that a page shows (RFC 9110 section 8.8.3)."""
    site_name = house_of(request).settings.site_name
    digest = blake2b(repr((edition(), site_name, facts)).encode(), digest_size=12)
    return f'W/"{digest.hexdigest()}"'


def still_good(request: Request, tag: str) -> Response | None:
    """Answer 304 when the copy of somebody not signed in carries ``tag`` (RFC 9110 section 13.1.2), else None."""
    if visitor_of(request).reader is not None:
        return None
    if has_copy(request, tag):
        return Response(status_code=304, headers={**_FRESH, "ETag": tag, "Vary": "Cookie"})
    return None
