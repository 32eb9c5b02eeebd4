"""What is a reader's own: taking it along, bringing lists in, and leaving for good."""

from collections.abc import Iterator
from typing import IO

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import Invalid
from broadsheet.flow import limits
from broadsheet.flow.belongings import export as exporting
from broadsheet.flow.belongings import leave as leaving
from broadsheet.flow.limits import HOUR_S, Rate
from broadsheet.flow.lists.bring_in import Brought, BroughtIn, bring_in
from broadsheet.flow.lists.pull_library import Pulled, pull_library
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.labels import label_url
from broadsheet.web.permission import needs_fresh_sign_in

EXPORTS = (Rate(5, HOUR_S),)
IMPORTS = (Rate(20, HOUR_S),)
# A million characters, each of which may take nine bytes in a form; more come by the command line.
MAX_TEXT = 1_000_000
MAX_BROUGHT = 9 * MAX_TEXT
# Twenty answers of Zotero's, which somebody waits for.
MAX_PULLED = 2_000
_CHUNK = 1 << 16
_UNSEEN = {"Cache-Control": "no-store"}


def export(request: Request, _: QueryParams) -> Response:
    """Give a reader everything that is theirs, as a zip."""
    house, reader = house_of(request), reader_of(request)
    limits.take(house, "export", str(reader.id), EXPORTS)
    name = f"{reader.handle}-{house.clock().date().isoformat()}.zip"
    headers = {**_UNSEEN, "Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_chunks(exporting.export(house, reader)), media_type="application/zip", headers=headers)


def importing(request: Request) -> Response:
    """Show the form that takes lists from elsewhere."""
    return render_with_forms(request, "bring.html", done=None, urls=[])


def bring(request: Request, form: QueryParams) -> Response:
    """Bring in lists that were pasted, and tell what came of it; who administers brings unknown papers too."""
    house, reader = house_of(request), reader_of(request)
    text = form.get("text", "")
    if len(text) > MAX_TEXT:
        raise Invalid(f"At most {MAX_TEXT:,} characters can be pasted. Bring larger lists in parts.", field="text")
    limits.take(house, "import", str(reader.id), IMPORTS)
    brought = Brought(text.encode("utf-8", "replace"), label=form.get("label", ""))
    done = bring_in(house, reader, brought, keeping_papers=visitor_of(request).is_owner)
    return _told(request, done)


def pull(request: Request, form: QueryParams) -> Response:
    """Bring in a library at Zotero, by a key that is forgotten after, and tell what came of it."""
    house, reader = house_of(request), reader_of(request)
    limits.take(house, "import", str(reader.id), IMPORTS)
    wanted = Pulled(form.get("library", ""), form.get("collection", ""), form.get("label", ""), MAX_PULLED)
    key, keeping = form.get("zotero_key", "").strip(), visitor_of(request).is_owner
    return _told(request, pull_library(house, reader, wanted, key, keeping_papers=keeping))


def ask_to_leave(request: Request) -> Response:
    """Ask a reader whether they mean to leave for good."""
    needs_fresh_sign_in(request)
    return render_with_forms(request, "leave.html", headers=_UNSEEN)


def leave(request: Request, form: QueryParams) -> Response:
    """Delete a reader who typed their handle."""
    needs_fresh_sign_in(request)
    handle, words = form.get("handle", ""), form.get("words", "")
    leaving.leave(house_of(request), reader_of(request), handle=handle, words=words)
    return RedirectResponse("/", status_code=303)


def _told(request: Request, done: BroughtIn) -> Response:
    reader = reader_of(request)
    urls = [(label, label_url(reader, label), came) for label, came in done.labels]
    return render_with_forms(request, "bring.html", headers=_UNSEEN, done=done, urls=urls)


def _chunks(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while chunk := out.read(_CHUNK):
            yield chunk
