"""bioRxiv and medRxiv by the day on which a version was posted (https://api.biorxiv.org/).

``/details/{server}/{from}/{to}/{cursor}/json?category=`` gives a stretch of days, both included. How many come at once
has been a hundred and thirty, so only what came is counted. A week is asked for at a time: should its list grow while
it is read, it is read again, and that costs little.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources import biorxiv, fields
from broadsheet.sources.adapter import Answer, Ask, DayTold, Mark, Page, Service, Want
from broadsheet.sources.live.answered import told_by, whole_json
from broadsheet.sources.services import BIORXIV
from broadsheet.sources.streams import problem

# A version may be dated a day or two before it is listed.
_OVERLAP = timedelta(days=3)
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
# How far the first run goes back when nobody says.
_AT_FIRST = timedelta(days=30)
_MOST_READINGS = 3
# A count that is a little off for good must not stop a source for good.
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Biorxiv:
    """Preprints: target ``biorxiv`` or ``medrxiv``, or one category of it as ``biorxiv/neuroscience``."""

    service: Service = BIORXIV

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:
        """Ask for the days since the last run, three of them once more; at first for 30 days."""
        _server(want)
        last = mark.get("until")
        since = want.since or (min(date.fromisoformat(last), at.date()) - _OVERLAP if last else at.date() - _AT_FIRST)
        return self._week(want, since, at)

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        """Read one page. Raises Unavailable for what is none, and where the service says that something is wrong."""
        items, total = _items(whole_json(answer, self.service))
        first, last, cursor = _asked(ask)
        reading = _Reading.of(mark, ask)
        if not items and not reading.empty:
            # An answer without papers is asked for twice before it is believed.
            return _page([], mark, ask, replace(reading, empty=True))
        server, where = _server(want), f"{first}/{last}/{cursor}"
        found = (
            biorxiv.record(one, where=f"{where} item {number}", server=server, observed=answer.at)
            for number, one in enumerate(items, 1)
        )
        told, _ = told_by(found, answer)
        reading = reading.with_page(items, cursor, total)
        if items and (reading.total is None or reading.rows < reading.total):
            return _page(told, mark, self._ask(want, first, last, reading.rows), reading)
        if (reading.moved or reading.rows < (reading.total or 0)) and reading.readings + 1 < _MOST_READINGS:
            return _page(told, mark, self._ask(want, first, last, 0), _Reading(readings=reading.readings + 1))
        if reading.rows < _MOSTLY * (reading.total or 0):
            raise Unavailable(
                f"bioRxiv counts {reading.total} versions from {first} to {last} and gives {reading.rows}."
            )
        if reading.rows < (reading.total or 0):
            told.append(_short(want, first, last, reading))
        following = self._week(want, last + _DAY, answer.at)
        page = _page(told, _advanced(mark, first, last, answer.at), following, _Reading())
        return replace(page, days=reading.days_told(first, last, answer.at))

    def _week(self, want: Want, first: date, at: datetime) -> Ask | None:
        until = min(want.until or at.date(), at.date())
        return self._ask(want, first, min(first + _WEEK - _DAY, until), 0) if first <= until else None

    def _ask(self, want: Want, first: date, last: date, cursor: int) -> Ask:
        server, _, category = want.target.partition("/")
        query = f"?{urlencode({'category': category})}" if category else ""
        url = f"{self.service.base}/details/{server}/{first}/{last}/{cursor}/json{query}"
        return Ask(url=url, accept="application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """How far the reading of one week is, as a mark holds it between two requests."""

    rows: int = 0
    total: int | None = None
    moved: bool = False  # the service counted differently from one page to the next
    empty: bool = False  # this page was empty once
    readings: int = 0  # of this week before this one
    days: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, mark: Mark, ask: Ask) -> "_Reading":
        """Go on with the reading that led to ``ask``; begin one where that was another."""
        run = mark.get("run", {})
        return cls(**{key: value for key, value in run.items() if key != "ask"}) if run.get("ask") == ask.url else cls()

    def with_page(self, items: list[Any], cursor: int, total: int | None) -> "_Reading":
        """Count what a page told; an empty one may tell no total."""
        days = Counter(self.days)
        days.update(day for one in items if (day := fields.iso(fields.mapping(one).get("date"))))
        moved = self.total is not None and total is not None and total != self.total
        return replace(
            self,
            rows=cursor + len(items),
            total=self.total if total is None else total,
            moved=self.moved or moved,
            empty=False,
            days=dict(days),
        )

    def days_told(self, first: date, last: date, at: datetime) -> tuple[DayTold, ...]:
        """Tell how many versions each day of the week until ``at`` has; final when no later run will look again."""
        days = (first + number * _DAY for number in range((min(last, at.date()) - first).days + 1))
        return tuple(DayTold(day, self.days.get(str(day), 0), day < at.date() - _OVERLAP) for day in days)


def _page(told: list[Record | Problem], mark: Mark, ask: Ask | None, reading: _Reading) -> Page:
    rest = {key: value for key, value in mark.items() if key != "run"}
    return Page(told=told, mark=rest if ask is None else {**rest, "run": {**asdict(reading), "ask": ask.url}}, next=ask)


def _server(want: Want) -> str:
    server, _, category = want.target.partition("/")
    if server not in biorxiv.SERVERS or "/" in category:
        raise Invalid(
            f"“{want.target}” is no server of preprints. There are biorxiv and medrxiv, and their categories, "
            "such as biorxiv/neuroscience.",
            field="target",
        )
    return server


def _asked(ask: Ask) -> tuple[date, date, int]:
    first, last, cursor = urlsplit(ask.url).path.split("/")[-4:-1]
    return date.fromisoformat(first), date.fromisoformat(last), int(cursor)


def _items(told: object) -> tuple[list[Any], int | None]:
    """Give the preprints of an answer and how many there are in all, where it says so (``"total": "360"``)."""
    answer = fields.mapping(told)
    messages, items = answer.get("messages"), answer.get("collection")
    if not isinstance(messages, list) or not isinstance(items, list):
        raise Unavailable(f"bioRxiv answered with something else than preprints: {str(told)[:200]}.")
    message = fields.mapping(messages[0] if messages else None)
    status = fields.text(message.get("status"))
    # “no posts found” is how it says that a stretch is empty.
    if not items and status.lower() != "ok" and not status.lower().startswith("no "):
        raise Unavailable(f"bioRxiv says: {status or 'nothing'}.")
    return items, fields.count(message.get("total"))


def _advanced(mark: Mark, first: date, last: date, at: datetime) -> Mark:
    """Remember to which day all is read, today at most; a week apart from what was read before says nothing of that."""
    until = mark.get("until")
    if until and first > date.fromisoformat(until) + _DAY:
        return mark
    return {**mark, "until": min(max(until or "", last.isoformat()), at.date().isoformat())}


def _short(want: Want, first: date, last: date, reading: _Reading) -> Problem:
    message = f"The service counts {reading.total} versions from {first} to {last} and gave {reading.rows}."
    return problem(_server(want), f"{first}/{last}", "short-list", message)
