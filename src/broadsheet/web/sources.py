"""Sources on pages: how each stands, one looked at closely, the whole schedule, and the forms that steer them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import visitor_of
from broadsheet.errors import NotFound
from broadsheet.flow.harvesting import problems
from broadsheet.flow.harvesting import sources as flow
from broadsheet.flow.harvesting.gaps import decide
from broadsheet.flow.harvesting.schedule import LOOK_EVERY_S, TASKS
from broadsheet.flow.harvesting.standing import Detail, Standing, detail, span, standings
from broadsheet.flow.house import House
from broadsheet.model.record import MAX_RAW
from broadsheet.web.csrf import render_with_forms

_DAYS_SHOWN = 42
_UNSEEN = {"Cache-Control": "no-store"}
_GOOD = frozenset({"on time", "running", "new", "only when asked", "paused"})


@dataclass(frozen=True, slots=True)
class Line:
    """A source in the table of all: what is said of it, in words; ``trouble`` and ``target`` are the owner's."""

    url: str
    name: str
    kind: str
    target: str
    every: str
    state: str
    is_well: bool
    succeeded: str
    due: str
    records: int
    new: int
    problems: int
    gaps: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a source's calendar: ``state`` is final, open or missing."""

    day: date
    papers: int
    state: str


def lines(request: Request) -> list[Line]:
    """Give every source as a line of the table."""
    house = house_of(request)
    at, owned = house.clock(), visitor_of(request).may("admin")
    return [_line(each, at, owned=owned) for each in standings(house)]


def page(request: Request) -> Response:
    """Show one source: its runs, days and gaps, and, to the owner, what could not be read."""
    house = house_of(request)
    found = detail(house, request.path_params["name"])
    line = _line(found.standing, house.clock(), owned=visitor_of(request).may("admin"))
    return render_with_forms(
        request,
        "source.html",
        headers=_UNSEEN,
        line=line,
        source=found.standing.source,
        found=found,
        days=_days(found),
        max_raw=MAX_RAW,
        unlisted=max(0, line.problems - len(found.problems)),
    )


def schedule(request: Request) -> Response:
    """Show the whole schedule: every source and every task, and how often each is done."""
    tasks = [(task.name.replace("-", " "), span(task.every_s)) for task in TASKS]
    return render_with_forms(
        request, "schedule.html", headers=_UNSEEN, lines=lines(request), tasks=tasks, look=span(LOOK_EVERY_S)
    )


def pause(request: Request, _: QueryParams) -> Response:
    """Let a source rest until it is resumed."""
    return _back(flow.pause(house_of(request), request.path_params["name"]).name)


def resume(request: Request, _: QueryParams) -> Response:
    """Let a source run again, its failures forgotten."""
    return _back(flow.resume(house_of(request), request.path_params["name"]).name)


def run(request: Request, _: QueryParams) -> Response:
    """Make a source due now, for whichever worker looks next."""
    return _back(flow.run_now(house_of(request), request.path_params["name"]).name)


def retry(request: Request, _: QueryParams) -> Response:
    """Read again what was kept of a record that could not be read."""
    return _settled(request, problems.retry)


def ignore(request: Request, _: QueryParams) -> Response:
    """Close a problem that does not matter."""
    return _settled(request, problems.ignore)


def ignore_gap(request: Request, _: QueryParams) -> Response:
    """Close a gap that is none."""
    house = house_of(request)
    source = flow.named(house, request.path_params["name"])
    decide(house, _number(request), "ignored")
    return _back(source.name, "#missing")


def _settled(request: Request, verb: Callable[[House, list[int]], int]) -> Response:
    house = house_of(request)
    source = flow.named(house, request.path_params["name"])
    verb(house, [_number(request)])
    return _back(source.name, "#problems")


def _number(request: Request) -> int:
    number: str = request.path_params["number"]
    if not number.isascii() or not number.isdecimal() or len(number) > 15:  # noqa: PLR2004 - what a number is here
        raise NotFound("There is nothing of this number.")
    return int(number)


def _back(name: str, part: str = "") -> Response:
    return RedirectResponse(f"/status/{quote(name)}{part}", status_code=303)


def _line(standing: Standing, at: datetime, *, owned: bool) -> Line:
    source = standing.source
    return Line(
        url=f"/status/{quote(source.name)}",
        name=source.name,
        kind=source.kind,
        target=source.target if owned else "",
        every=flow.period_of(source.every_s),
        state=standing.state,
        is_well=standing.state in _GOOD,
        succeeded="never" if standing.lag_s is None else f"{span(max(0.0, standing.lag_s))} ago",
        due=_due(standing, at),
        records=standing.totals.records,
        new=standing.totals.new,
        problems=standing.problems,
        gaps=standing.gaps,
        trouble=standing.trouble if owned else "",
    )


def _due(standing: Standing, at: datetime) -> str:
    source = standing.source
    if source.paused or not source.every_s or source.next_at is None:
        return "–"
    left_s = (source.next_at - at).total_seconds()
    return f"in {span(left_s)}" if left_s > 0 else "now"


def _days(found: Detail) -> list[Day]:
    """Give the days from the first looked at on, the last ones, those that are missing among them."""
    known = {each.day: each for each in found.days}
    missing = {gap.name for gap in found.gaps if gap.kind == "day"}
    if not known:
        return []
    last, first = max(known), max(min(known), max(known) - timedelta(days=_DAYS_SHOWN - 1))
    shown = []
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        told = known.get(day)
        state = "missing" if day.isoformat() in missing else "final" if told and told.final else "open"
        if told or state == "missing":
            shown.append(Day(day, told.papers if told else 0, state))
    return shown
