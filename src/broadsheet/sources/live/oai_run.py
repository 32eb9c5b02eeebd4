"""How far a harvest of one OAI-PMH list is, and whether the list goes in circles."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from broadsheet.sources import fields
from broadsheet.sources.adapter import DayTold
from broadsheet.sources.envelope import Envelope

# A list that ends before so much of what it says it has is read anew; lists change while they are read.
_MOSTLY = 0.95
# So many readings more show whether a list breaks off or only its size is wrong.
_MOST_SHORT = 2
# A list that has to be begun so often without an end is never read to it.
_MOST_RESTARTS = 20
# Two months of days are enough to know which are emptier than their like.
MOST_DAYS = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRun:
    """One list as far as it was read; plain values, so that it fits in a mark.

    ``first`` is the address it began with, ``began`` the repository's moment of the first answer of all (empty where
    it told none), ``sorted_to`` the datestamp up to which records came in the order of theirs, empty where they do
    not. ``stamped`` counts its records by the day of their datestamp, of the last MOST_DAYS days. ``size`` is how many
    records the repository says that it has, ``short`` how often it ended before them and ``most`` the most that such a
    reading told. ``stuck`` says why it cannot be read to its end. The last four are a milestone: what the list is
    compared with to find that it goes in circles.
    """

    first: str
    began: str = ""
    seen: int = 0
    restarts: int = 0
    restarting: bool = False
    sorted_to: str = ""
    stamped: Mapping[str, int] = field(default_factory=dict)
    size: int | None = None
    short: int = 0
    most: int = 0
    stuck: str = ""
    milestone: str = ""
    milestone_page: str = ""
    power: int = 1
    steps: int = 0

    @classmethod
    def of(cls, mark: Mapping[str, Any], url: str, *, resumed: bool) -> Self:
        """Give the run that an answer belongs to: the one in ``mark``, or a new one that began with ``url``."""
        told = mark.get("run")
        if isinstance(told, dict):
            run = cls(**{name: told[name] for name in cls.__slots__ if name in told})
            if resumed or (run.restarting and run.first == url):
                return replace(run, restarting=False)
        return cls(first="" if resumed else url)

    def to_mark(self) -> dict[str, Any]:
        """Write it down as JSON values."""
        return asdict(self)

    def with_page(self, names: list[str], page: Envelope) -> Self:
        """Count a page: ``names`` of what it told, and what it says of itself."""
        goes_on = (not self.seen or self.sorted_to) and page.sorted_to >= self.sorted_to
        days = Counter(self.stamped) + Counter(page.stamped)
        return replace(
            self,
            # Of very many problems a page tells only some.
            seen=self.seen + max(len(names), sum(page.stamped.values())),
            size=self.size if page.complete_list_size is None else page.complete_list_size,
            sorted_to=page.sorted_to if goes_on else "",
            stamped={day: days[day] for day in sorted(days)[-MOST_DAYS:]},
        )

    def days(self, until: date | None) -> tuple[DayTold, ...]:
        """Say how many records bear each day's datestamp, up to ``until`` or the day the list was begun.

        A day that the list was asked for and has no record of has none. At most the last MOST_DAYS days.
        """
        began = fields.day_of(self.began)
        asked = dict(parse_qsl(urlsplit(self.first).query)).get("from", "")
        known = [day for text in (asked, *self.stamped) if (day := fields.day_of(text))]
        if began is None or not known:
            return ()
        last = until or began
        first = max(min(known), last - timedelta(days=MOST_DAYS - 1))
        days = (first + timedelta(days=count) for count in range((last - first).days + 1))
        return tuple(DayTold(day, self.stamped.get(day.isoformat(), 0)) for day in days)

    def past(self, token: str, names: list[str]) -> Self | None:
        """Go on to ``token`` after a page; None when the list has been here before.

        Brent's algorithm (BIT 20, 1980): compares with a milestone that is moved ever farther on, so it finds a circle
        of any length within three times its pages and remembers one page.
        """
        here, page = _digest([token]), _digest(names) if names else ""
        if here == self.milestone or (page and page == self.milestone_page):
            return None
        steps = self.steps + 1
        if steps < self.power:
            return replace(self, steps=steps)
        return replace(self, milestone=here, milestone_page=page, power=2 * self.power, steps=0)

    def again(self, url: str) -> Self | None:
        """Begin the list again at ``url``; None when that was done too often."""
        if self.restarts >= _MOST_RESTARTS or not url:
            return None
        since = dict(parse_qsl(urlsplit(url).query)).get("from", "")
        before = {day: count for day, count in self.stamped.items() if url != self.first and day < since}
        again = type(self)(first=url, began=self.began, restarts=self.restarts + 1, restarting=True, stamped=before)
        # What a part of the list tells cannot be compared with what the whole did.
        return replace(again, short=self.short, most=self.most) if url == self.first else again

    @property
    def is_short(self) -> bool:
        """Tell whether the list ended well before the size that the repository told."""
        return bool(self.first) and self.seen < _MOSTLY * (self.size or 0)

    def read_anew(self) -> Self | None:
        """Begin a list again that was short; None when that was done often enough."""
        again = self.again(self.first) if self.short < _MOST_SHORT else None
        return again and replace(again, short=self.short + 1, most=max(self.most, self.seen))

    @property
    def is_of_wrong_size(self) -> bool:
        """Tell whether every reading of a short list ended at the same place: then its size is wrong, not the list."""
        return self.short >= _MOST_SHORT and self.seen >= _MOSTLY * self.most


def _digest(texts: list[str]) -> str:
    return blake2b("\n".join(texts).encode("utf-8", "replace"), digest_size=12).hexdigest()
