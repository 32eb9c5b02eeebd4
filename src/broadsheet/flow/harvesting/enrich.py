"""Ask about papers that are here: new ones soon, all of them again from time to time, the newest first.

An ``Enriching`` is an adapter like any other, so what was told and how far it is are kept in one transaction. What it
remembers is small, whatever the shelf holds: how far it has read the log of changes, and for each age of papers when
its last sweep began and where it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from broadsheet.errors import Invalid
from broadsheet.model.identity import contradict
from broadsheet.model.paper import Paper
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Ask, Mark, Page, Service, Want
from broadsheet.sources.enricher import Enricher
from broadsheet.sources.fields import own_key
from broadsheet.store import changes, papers, sweeps
from broadsheet.store.connect import Connection, Store

# So many papers are looked at first for each that is still wanted, and twice as many each time that was too few.
_LOOK, _MOST_LOOKED = 2, 4_000
_CHANGES = 500
# So many in a row that are gone are no accident: whoever is asked does not want to be.
_MOST_DENIED = 30
# Bytes of keys in one address, as they are written there: servers take about 8,000 in all.
_MOST_KEYS_BYTES = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Papers of at most so many days, by their date or their last daily page, and how often they are looked at."""

    name: str
    every: timedelta
    days: int | None = None


# The whole table. Stars move in the weeks after a paper is shown, citations by the month, and old ones hardly.
STARS = (
    Age(name="new", every=timedelta(days=1), days=60),
    Age(name="year", every=timedelta(days=7), days=365),
    Age(name="old", every=timedelta(days=30)),
)
CITATIONS = (
    Age(name="recent", every=timedelta(days=30), days=5 * 365),
    Age(name="old", every=timedelta(days=90)),
)
AGES = {"crossref": CITATIONS, "openalex": CITATIONS, "github": STARS}


@dataclass(frozen=True, slots=True)
class _Choice:
    """Papers to ask about by key, and the mark that stands once that is done."""

    papers: dict[str, list[Paper]]
    mark: dict[str, Any]


class Enriching:
    """Asks one enricher about the papers of a store."""

    def __init__(self, store: Store, enricher: Enricher) -> None:
        """Begin a run."""
        self._store, self._enricher = store, enricher
        self._asks = self._answers = self._denials = 0
        self._asked: tuple[Ask, dict[str, list[Paper]]] | None = None
        # What is left of a request that was denied, and the mark that stands once all of it has been asked.
        self._parts: list[dict[str, list[Paper]]] = []
        self._moved: Mark = {}

    @property
    def service(self) -> Service:
        """Say who is asked, and how."""
        return self._enricher.service

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:
        """Ask about the first papers that are due; None when none is."""
        if want.target:
            raise Invalid(
                f"{self._enricher.source} is asked about the papers that are here, and has no targets.", field="target"
            )
        return self._next(mark, at)[0]

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:  # noqa: ARG002 - an adapter's way
        """Read what is told of the papers asked about; what nobody remembers asking is asked again.

        What was denied is asked again by halves, so that a key no service takes stands alone in the end and is passed
        over. Where too much in a row is denied the run ends, and what it did not ask is left to the sweeps.
        """
        if self._asked is None or self._asked[0] != ask:
            following, mark = self._next(mark, answer.at)
            return Page(told=[], mark=mark, next=following)
        about = self._asked[1]
        if answer.gone:
            return self._denied(mark, about, answer)
        told = list(_addressed(self._enricher.read(tuple(about), answer), about))
        self._answers, self._denials = self._answers + 1, 0
        return self._page(mark, told, answer.at)

    def _denied(self, mark: Mark, about: dict[str, list[Paper]], answer: Answer) -> Page:
        self._denials += 1
        if self._denials >= _MOST_DENIED:
            message = f"{self.service.name} has denied {self._denials} requests in a row."
            bad = [] if self._answers else [Problem(self._enricher.source, answer.url, "denied", message)]
            return Page(told=bad, mark=self._moved)
        if half := len(about) // 2:
            keys = list(about)
            self._parts[:0] = [{key: about[key] for key in some} for some in (keys[:half], keys[half:])]
        return self._page(mark, [], answer.at)

    def _page(self, mark: Mark, told: list[Record | Problem], at: datetime) -> Page:
        if self._parts and self._asks < self._enricher.most_asks:
            return Page(told=told, mark=mark, next=self._ask(self._parts.pop(0)))
        following, mark = self._next(self._moved, at)
        return Page(told=told, mark=mark, next=following)

    def _next(self, mark: Mark, at: datetime) -> tuple[Ask | None, Mark]:
        """Make the next request, if there is one to make; the mark moves on only when it has been answered."""
        self._asked = None
        if self._asks >= self._enricher.most_asks:
            return None, mark
        with self._store.reading() as connection:
            choice = _Chooser(connection, self._enricher, at).choose(mark)
        if not choice.papers:
            return None, choice.mark
        self._moved = choice.mark
        return self._ask(choice.papers), mark

    def _ask(self, about: dict[str, list[Paper]]) -> Ask:
        self._asks += 1
        ask = self._enricher.ask(tuple(about))
        self._asked = ask, about
        return ask


def _addressed(told: Iterable[Record | Problem], asked: dict[str, list[Paper]]) -> Iterator[Record | Problem]:
    """Let each record say of which paper it tells; ids that name another work are left out."""
    for one in told:
        if isinstance(one, Problem):
            yield one
            continue
        about = asked.get(one.key, [])
        if one.ids:
            known = [i for paper in about for i in paper.ids]
            yield replace(one, ids=tuple(i for i in one.ids if not contradict((i,), known)))
            continue
        for paper in about:
            name = own_key(f"{one.key} {paper.ids[0]}")
            yield replace(one, key=name, ids=paper.ids[:1], title=paper.title)


class _Chooser:
    """Picks the papers to ask about next, from what one moment of the store holds."""

    def __init__(self, connection: Connection, enricher: Enricher, at: datetime) -> None:
        self._connection, self._enricher, self._at = connection, enricher, at
        self._chosen: dict[str, list[Paper]] = {}
        self._bytes = 0

    def choose(self, mark: Mark) -> _Choice:
        """Choose what changed since the last look and was never told of, else go on with the sweeps."""
        head = changes.head(self._connection)
        swept = max((int(state.get("top", 0)) for state in mark.get("sweeps", {}).values()), default=0)
        moved = {**mark, "seen": self._news(int(mark.get("seen", head)), swept)}
        ages = AGES[self._enricher.source]
        for younger, age in zip((None, *ages), ages, strict=False):
            if self._is_full():
                break
            swept = moved.get("sweeps", {})
            if (place := self._swept(age, younger, swept.get(age.name))) is not None:
                moved["sweeps"] = {**swept, age.name: place}
        return _Choice(self._chosen, moved)

    def _is_full(self) -> bool:
        return len(self._chosen) >= self._enricher.most_at_once or self._bytes >= _MOST_KEYS_BYTES

    def _take(self, paper: Paper) -> None:
        if key := self._enricher.wanted(paper):
            self._bytes += 0 if key in self._chosen else len(quote(key, safe="/"))
            self._chosen.setdefault(key, []).append(paper)

    def _news(self, seen: int, swept: int) -> int:
        """Read the log of changes on; gives how far.

        Who is asked by itself and never told of may be gone, and is left to the sweeps once one began after it came.
        """
        first = swept if self._enricher.most_at_once == 1 else 0
        while not self._is_full() and (rows := changes.after(self._connection, seen, _CHANGES)):
            found = {paper.id: paper for paper in papers.by_ids(self._connection, list({row[1] for row in rows}))}
            for seq, paper_id in rows:
                paper = found.pop(paper_id, None)
                if paper is not None and paper.id >= first and self._enricher.source not in paper.sources:
                    self._take(paper)
                seen = seq
                if self._is_full():
                    break
        return seen

    def _swept(self, age: Age, younger: Age | None, state: dict[str, Any] | None) -> dict[str, Any] | None:
        """Go on with one age's sweep, or begin it when it is due; None when it is not."""
        began = datetime.fromisoformat(state["at"]) if state else None
        if state is None or began is None or (not state["below"] and self._at - began >= age.every):
            top = papers.next_number(self._connection)
            state = {"at": self._at.isoformat(), "below": top, "top": top}
        below = int(state["below"])
        if not below:
            return None
        since = self._before(age.days)
        until = self._before(younger.days) if younger else None
        limit = _LOOK * self._enricher.most_at_once
        while not self._is_full():
            limit = min(2 * limit, _MOST_LOOKED)
            found = sweeps.below(self._connection, below, limit, since=since, until=until)
            if not found:
                below = 0
                break
            below = self._picked(found, since, until)
        return {**state, "below": below}

    def _picked(self, found: Sequence[Paper], since: date | None, until: date | None) -> int:
        """Take from papers what is of an age until the request is full; gives the number of the last looked at."""
        for paper in found:
            last = _last_shown(paper)
            if (since is None or last >= since.isoformat()) and (until is None or last < until.isoformat()):
                self._take(paper)
            if self._is_full():
                return paper.id
        return found[-1].id

    def _before(self, days: int | None) -> date | None:
        return None if days is None else self._at.date() - timedelta(days=days)


def _last_shown(paper: Paper) -> str:
    """Give when a paper was last new: its date, or its last daily page; a date in part counts as its beginning."""
    return max(paper.published, paper.days[-1].isoformat() if paper.days else "")
