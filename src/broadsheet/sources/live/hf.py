"""Hugging Face's daily papers by day, and what is trending (https://huggingface.co/api/daily_papers).

One *look* at a list is all its pages from 0 to an empty one, and an empty page is read three times: the service has
been seen to answer with a valid list of nothing, and two looks that both ended too early would agree. A day is final
when two looks, the second after the day is over, told the same papers. A list that moved while it was read, so that a
paper came twice and another perhaps not at all, is read again.
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources import hf
from broadsheet.sources.adapter import Answer, Ask, DayTold, Mark, Page, Service, Want
from broadsheet.sources.live import hf_days
from broadsheet.sources.live.answered import told_by, whole_json
from broadsheet.sources.services import HUGGING_FACE
from broadsheet.sources.streams import problem

TRENDING = "trending"
# The most that the service gives at once.
_LIMIT = 100
_MOST_PAGES = 20
_MOST_LOOKS = 5
_READS_OF_NOTHING = 3
# So many days a run: the open ones, then a month of the past until all of it is there.
_DAYS_A_RUN = 40
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """Daily papers: target ``""`` for the days, newest first and back to the first, ``trending`` for that list.

    A run without ``since`` asks for the days that are not final, 40 at most. One with ``since`` asks for all of those
    back to it; the first such run says where the past begins for those that follow. One with ``until`` beside it asks
    anew for every day of that stretch.
    """

    service: Service = HUGGING_FACE

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:
        """Ask for the newest day worth a look, or for the top of what is trending."""
        if want.target not in {"", TRENDING}:
            raise Invalid(f"Hugging Face has no list “{want.target}”, only its days and “{TRENDING}”.", field="target")
        if want.target == TRENDING:
            return self._ask(None, 0)
        day = _next_day(want, mark, at, hf_days.newest(at))
        return None if day is None else self._ask(day, 0)

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        """Read one page. Raises Unavailable for what is no list, and for nothing trending."""
        items = whole_json(answer, self.service)
        if not isinstance(items, list):
            raise Unavailable(f"Hugging Face answered with no list: {str(items)[:200]}.")
        day, number = _asked(ask)
        look = _Look.of(mark, ask)
        if items and number < _MOST_PAGES:
            told = _told(items, day, answer)
            new = [one for one in told if isinstance(one, Problem) or one.key not in look.told]
            return self._page(new, mark, self._ask(day, number + 1), look.with_keys(_keys(told)))
        if not items and look.empty + 1 < _READS_OF_NOTHING:
            return self._page((), mark, ask, replace(look, empty=look.empty + 1))
        ended = look.ended()
        return self._trending_ended(mark, ended) if day is None else self._day_ended(want, mark, day, ended, answer.at)

    def _trending_ended(self, mark: Mark, look: "_Look") -> Page:
        if not look.keys:
            raise Unavailable("Hugging Face says that nothing is trending.")
        if (look.moved or look.digest != look.last) and look.looks < _MOST_LOOKS:
            return self._page((), mark, self._ask(None, 0), look.again())
        return self._page((), mark, None, look)

    def _day_ended(self, want: Want, mark: Mark, day: date, look: "_Look", at: datetime) -> Page:
        before = mark.get("looks", {}).get(day.isoformat(), {"digest": "", "papers": 0})
        agreed, over = before["digest"] == look.digest, hf_days.is_over(day, at)
        seen = {"papers": max(before["papers"], len(look.keys)), "digest": look.digest, "at": at.isoformat()}
        mark = {**mark, "looks": {**mark.get("looks", {}), day.isoformat(): seen}}
        # In a list of one length, whatever slipped by made something else come twice.
        settled = not look.moved and (agreed or not over)
        if not settled and look.looks < _MOST_LOOKS:
            return self._page((), mark, self._ask(day, 0), look.again())
        missing = at >= hf_days.ends(day) and _is_missing(day, len(look.keys), seen["papers"])
        final = over and settled and not missing
        mark = _finished(want, mark, day, final=final)
        following = None if want.since is None and look.days >= _DAYS_A_RUN else _next_day(want, mark, at, day - _DAY)
        ask = None if following is None else self._ask(following, 0)
        page = self._page([_missing(day, len(look.keys))] if missing else (), mark, ask, _Look(days=look.days + 1))
        return replace(page, days=(DayTold(day, len(look.keys), final),))

    def _page(self, told: Iterable[Record | Problem], mark: Mark, ask: Ask | None, look: "_Look") -> Page:
        rest = {key: value for key, value in mark.items() if key != "run"}
        return Page(told=told, mark=rest if ask is None else {**rest, "run": look.of_ask(ask)}, next=ask)

    def _ask(self, day: date | None, number: int) -> Ask:
        which = {"sort": TRENDING} if day is None else {"date": day.isoformat()}
        query = urlencode({**which, "limit": _LIMIT, "p": number})
        return Ask(url=f"{self.service.base}/daily_papers?{query}", accept="application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How far the reading of one list is, as a mark holds it between two requests."""

    keys: tuple[str, ...] = ()  # of this look
    told: tuple[str, ...] = ()  # of all looks of this run at this list
    moved: bool = False
    empty: int = 0  # so often was this page empty
    looks: int = 0
    last: str = ""  # the digest of the look before
    days: int = 1  # of this run, this one included

    @classmethod
    def of(cls, mark: Mark, ask: Ask) -> "_Look":
        """Go on with the look that led to ``ask``; begin one where that was another."""
        run = mark.get("run", {})
        if run.get("ask") != ask.url:
            return cls()
        return cls(
            **{**{key: run[key] for key in run if key != "ask"}, "keys": tuple(run["keys"]), "told": tuple(run["told"])}
        )

    def of_ask(self, ask: Ask) -> Mapping[str, Any]:
        """Write this down beside the request that goes on with it."""
        return {**asdict(self), "keys": list(self.keys), "told": list(self.told), "ask": ask.url}

    def with_keys(self, found: tuple[str, ...]) -> "_Look":
        """Add a page's papers."""
        return replace(
            self,
            keys=tuple(dict.fromkeys((*self.keys, *found))),
            told=tuple(dict.fromkeys((*self.told, *found))),
            moved=self.moved or not set(found).isdisjoint(self.keys),
            empty=0,
        )

    def ended(self) -> "_Look":
        return replace(self, looks=self.looks + 1)

    def again(self) -> "_Look":
        return replace(self, keys=(), moved=False, empty=0, last=self.digest)

    @property
    def digest(self) -> str:
        """Name the set of papers, whatever their order."""
        return _hash("\n".join(sorted(self.keys)))


def _asked(ask: Ask) -> tuple[date | None, int]:
    query = parse_qs(urlsplit(ask.url).query)
    return (date.fromisoformat(query["date"][0]) if "date" in query else None), int(query["p"][0])


def _told(items: list[Any], day: date | None, answer: Answer) -> list[Record | Problem]:
    name = f"daily_papers_{day}" if day else TRENDING
    found, _ = told_by(hf.parse(io.BytesIO(json.dumps(items).encode()), name=name, observed=answer.at), answer)
    if day is not None:
        return found
    # What is trending says nothing of the day on which a paper was shown.
    return [_of_no_day(one) if isinstance(one, Record) else one for one in found]


def _of_no_day(record: Record) -> Record:
    key = record.key.removesuffix(f"@{record.daily[0].day}") if record.daily else record.key
    return replace(record, key=key, daily=())


def _keys(told: Iterable[Record | Problem]) -> tuple[str, ...]:
    # Where a problem stood changes with the order of the list; what it looks like does not.
    return tuple(one.key if isinstance(one, Record) else f"problem:{_hash(one.raw)}" for one in told)


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _next_day(want: Want, mark: Mark, at: datetime, newest: date) -> date | None:
    """Choose the newest day that is to be looked at, ``newest`` or before it."""
    oldest = want.since or date.fromisoformat(mark.get("floor", hf_days.FIRST.isoformat()))
    between = max(oldest, hf_days.FIRST), min(newest, hf_days.newest(at), want.until or newest)
    if want.since and want.until:
        return between[1] if between[0] <= between[1] else None
    return hf_days.next_open(hf_days.spans(mark.get("final", ())), mark.get("looks", {}), at, between)


def _finished(want: Want, mark: Mark, day: date, *, final: bool) -> Mark:
    """Remember that a day needs no other look, and where the past begins."""
    begins = want.since or (None if "floor" in mark else hf_days.FIRST)
    floor = min(one for one in (mark.get("floor"), begins and begins.isoformat()) if one)
    mark = {**mark, "floor": floor}
    if not final:
        return mark
    looks = {other: look for other, look in mark["looks"].items() if other != day.isoformat()}
    days = hf_days.joined(hf_days.spans(mark.get("final", ())), day)
    return {**mark, "looks": looks, "final": [[str(first), str(last)] for first, last in days]}


def _is_missing(day: date, papers: int, most: int) -> bool:
    """Tell whether a day has fewer papers than it should: none though it is no weekend, or most are gone again."""
    return papers < most / 2 or (not papers and hf_days.is_busy(day))


def _missing(day: date, papers: int) -> Problem:
    message = f"Hugging Face shows {papers or 'no'} papers for {day:%A}, {day}, where more belong; it is asked again."
    return problem(hf.SOURCE, str(day), "empty-busy-day", message)
