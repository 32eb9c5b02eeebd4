"""How digests stand: counts for everybody, and for administrators what waits for somebody who decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.sending import guard, holding, ruling
from broadsheet.flow.sending import overview as flow
from broadsheet.flow.sending.overview import Overview
from broadsheet.model.digest import ENDS, STATES
from broadsheet.model.reader import Reader
from broadsheet.model.subscription import STATES as STANDINGS
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.submissions import number_in

_PAGE = "/status/digests"
_RULINGS: Mapping[str, Callable[[House, Reader, int], None]] = {
    "arrived": ruling.arrived,
    "again": ruling.send_again,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: a name, and a number for each column."""

    name: str
    counts: tuple[int, ...]


def page(request: Request) -> Response:
    """Show how digests stand; doubts, what came back and dead letters to administrators only."""
    house = house_of(request)
    found = flow.overview(house)
    return render_with_forms(
        request,
        "digest_status.html",
        headers={"Cache-Control": "no-store"},
        facts=found,
        lines=_by_way(found),
        standings=STANDINGS,
        digests=_by_state(found),
        recipients=sum(found.states.get(state, 0) for state in ENDS),
        desk=flow.desk(house) if visitor_of(request).may("admin") else None,
    )


def resume(request: Request, form: QueryParams) -> Response:
    """Send again after a backup was put back; ``keep`` says that nothing of what waits was sent."""
    holding.resume(house_of(request), keep=form.get("keep") == "1")
    return _back()


def lift(request: Request, _: QueryParams) -> Response:
    """Mail again after complaints."""
    guard.lift(house_of(request))
    return _back()


def rule(request: Request, _: QueryParams) -> Response:
    """End the doubt about a digest: it came (`arrived`), or is sent once more (`again`)."""
    verb = _RULINGS.get(request.path_params["act"])
    if verb is None:
        raise NotFound(f"A doubt cannot be ended by {request.path_params['act'][:40]!r}.")
    verb(house_of(request), reader_of(request), number_in(request))
    return _back("#doubts")


def retry(request: Request, _: QueryParams) -> Response:
    """Send a dead letter again."""
    ruling.retry(house_of(request), reader_of(request), number_in(request))
    return _back("#dead-letters")


def _by_way(found: Overview) -> list[Line]:
    return [Line(way, tuple(states.get(state, 0) for state in STANDINGS)) for way, states in found.subscribers.items()]


def _by_state(found: Overview) -> list[Line]:
    """Give all states in their order, those that there are none of too: nothing is left out silently."""
    return [Line(state, (found.settled.get(state, 0), found.states.get(state, 0))) for state in STATES]


def _back(part: str = "") -> Response:
    return RedirectResponse(_PAGE + part, status_code=303)
