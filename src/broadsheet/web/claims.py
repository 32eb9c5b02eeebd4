"""Claims in the browser: to say who one is, to appeal, and to decide."""

from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of
from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.people import claims as flow
from broadsheet.model.reader import Reader
from broadsheet.store.claims import ShownClaim
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.next import local_path
from broadsheet.web.submissions import number_in

_ACTS = {"grant": True, "refuse": False}


def page(request: Request) -> Response:
    """List the claims of who is here."""
    return render_with_forms(
        request, "claims.html", claims=flow.of_reader(house_of(request), reader_of(request)), max_words=flow.MAX_WORDS
    )


def claim(request: Request, form: QueryParams) -> Response:
    """Claim an author's page."""
    slug = request.path_params["slug"]
    flow.claim(house_of(request), reader_of(request), slug, form.get("words", ""))
    return RedirectResponse(f"/authors/{quote(slug)}#claim", status_code=303)


def appeal(request: Request, form: QueryParams) -> Response:
    """Appeal against a refusal."""
    flow.appeal(house_of(request), reader_of(request), number_in(request), form.get("words", ""))
    return RedirectResponse("/claims", status_code=303)


def withdraw(request: Request, _: QueryParams) -> Response:
    """Take a claim back."""
    flow.withdraw(house_of(request), reader_of(request), number_in(request))
    return RedirectResponse("/claims", status_code=303)


def decide(request: Request, form: QueryParams) -> Response:
    """Grant or refuse a claim, or take back one that was granted."""
    act = request.path_params["act"]
    if act not in _ACTS:
        raise NotFound(f"There is no act {act[:40]!r}.")
    flow.decide(house_of(request), reader_of(request), number_in(request), form.get("why", ""), grant=_ACTS[act])
    return RedirectResponse(local_path(form.get("next", "")), status_code=303)


def section(house: House, moderator: Reader) -> tuple[ShownClaim, ...]:
    """Give what ``claims_case.html`` shows on the moderators' page: the claims that wait."""
    return flow.queue(house, moderator)
