"""What one run of digests looks up once for everybody: lists, papers and their telling sentences."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from broadsheet.errors import BroadsheetError
from broadsheet.flow import events
from broadsheet.flow.daily import today
from broadsheet.flow.digests.news import News, When, news_of
from broadsheet.flow.digests.telling import telling_of
from broadsheet.flow.house import House
from broadsheet.flow.lists.keeping import hidden
from broadsheet.model.digest import Card
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Kind, Selection
from broadsheet.model.subscription import Rhythm
from broadsheet.store import papers, readers

# Lists that are somebody's own; of all others everybody sees the same but for what they hid.
_OWN: frozenset[Kind] = frozenset({"saved", "following"})
# A list takes some 10 kB, a paper with its telling sentences some 5 kB.
_MOST_LISTS = 4_000
_MOST_PAPERS = 10_000


@dataclass(slots=True)
class Memo:
    """What was looked up in a run. For one thread, and for some minutes: papers come meanwhile."""

    _lists: dict[tuple[Selection, When], News | None] = field(default_factory=dict)
    _papers: dict[int, Paper] = field(default_factory=dict)
    _telling: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _page: date | None = None

    def forget(self) -> None:
        """Look everything up anew from now on, since papers were merged or hidden meanwhile."""
        self._lists.clear()
        self._drop_papers()
        self._page = None

    def when(self, house: House, rhythm: Rhythm, day: date) -> When:
        """Say up to which daily page a digest of a day looks: the one that is written, and no later one of a past day.

        West of where the page turns tomorrow's is written before the day has ended.
        """
        if self._page is None:
            self._page = today(house)
        return When(day, rhythm, min(self._page, day + timedelta(days=1)))

    def news(self, house: House, selection: Selection, when: When, reader: Reader | None) -> News | None:
        """Give what is new of a list for a reader, or for nobody in particular; None of one that cannot be read."""
        if selection.kind in _OWN:
            return self._look(house, selection, when, reader)
        key = (selection, when)
        if key not in self._lists:
            if len(self._lists) >= _MOST_LISTS:
                self._lists.clear()
            self._lists[key] = self._look(house, selection, when, None)
        found = self._lists[key]
        # A label may be for some readers only, and a list for everybody is for them too.
        return self._look(house, selection, when, reader) if found is None and reader else found

    def cards(self, house: House, whys: Mapping[int, str]) -> dict[int, Card]:
        """Give cards by the numbers of papers, with what each is there for; those that are not shown are left out."""
        if len(self._papers) + len(whys) > _MOST_PAPERS:
            self._drop_papers()
        if missing := [number for number in whys if number not in self._papers]:
            with house.store.reading() as connection:
                self._keep(papers.by_ids(connection, missing))
        return {number: self._card(house, number, why) for number, why in whys.items() if number in self._papers}

    def _card(self, house: House, number: int, why: str) -> Card:
        paper = self._papers[number]
        if number not in self._telling:
            self._telling[number] = telling_of(house, paper)
        return Card(paper, self._telling[number], why)

    def _look(self, house: House, selection: Selection, when: When, reader: Reader | None) -> News | None:
        try:
            news, read = news_of(house, selection, when, reader)
        except BroadsheetError as error:
            # It is told of tomorrow, should it be there again; the other lists are not kept waiting.
            events.tell(logging.INFO, "list left out of digests", list=selection.kind, reason=str(error))
            return None
        # Those that are shown first; the others are read when somebody gets them.
        if len(self._papers) < _MOST_PAPERS:
            self._keep(read[: house.settings.digest_papers])
        return news

    def _keep(self, found: Iterable[Paper]) -> None:
        self._papers.update((paper.id, paper) for paper in found)

    def _drop_papers(self) -> None:
        self._papers.clear()
        self._telling.clear()


def reader_of(house: House, number: int | None) -> tuple[Reader | None, frozenset[int]]:
    """Give who a subscriber is, and which papers they do not want to see; nobody for who has no account, or left."""
    if number is None:
        return None, frozenset()
    with house.store.reading() as connection:
        found = readers.by_id(connection, number)
    if found is None or found.state == "gone":
        return None, frozenset()
    return found, hidden(house, found)
