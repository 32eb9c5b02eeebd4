"""How far a harvest of one OAI-PMH list is, and whether the list goes in circles."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import Any, Self

# A list that has to be begun so often without an end is never read to it.
_MOST_RESTARTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRun:
    """One list as far as it was read; plain values, so that it fits in a mark.

    ``first`` is the address it began with, ``began`` the repository's moment of the first answer of all (empty where
    it told none), ``sorted_to`` the datestamp up to which records came in the order of theirs, empty where they do
    not. The last four are a milestone: what the list is compared with to find that it goes in circles.
    """

    first: str
    began: str = ""
    seen: int = 0
    restarts: int = 0
    restarting: bool = False
    sorted_to: str = ""
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

    def with_page(self, names: list[str], sorted_to: str) -> Self:
        """Count a page: ``names`` of what it told, and the datestamp that it was sorted to."""
        goes_on = (not self.seen or self.sorted_to) and sorted_to >= self.sorted_to
        return replace(self, seen=self.seen + len(names), sorted_to=sorted_to if goes_on else "")

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
        return type(self)(first=url, began=self.began, restarts=self.restarts + 1, restarting=True)


def _digest(texts: list[str]) -> str:
    return blake2b("\n".join(texts).encode("utf-8", "replace"), digest_size=12).hexdigest()
