"""Papers in the order that readers and the world outside gave them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from broadsheet.errors import Invalid
from broadsheet.flow.daily import today
from broadsheet.flow.house import House
from broadsheet.flow.scoring import chosen, evidence_of
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.rank.trending import Component, components
from broadsheet.store import papers, scores, upvotes
from broadsheet.store.connect import Connection

Span = Literal["day", "week", "all"]
SPANS: Final[tuple[Span, ...]] = ("all", "week", "day")
PAGE: Final = 50
MOST_PAGES: Final = 20
_DAYS: Mapping[Span, int] = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Trending:
    """A page of papers in order; ``number`` from 1, ``mine`` tells why upvotes of the reader wait, "" for no reason."""

    span: Span
    papers: tuple[Paper, ...] = ()
    number: int = 1
    has_next: bool = False
    mine: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """What speaks for one paper: its components, what they add up to with 1, when it appeared, upvotes that wait."""

    parts: tuple[Component, ...]
    born: datetime
    waiting: int
    key: int


def span_of(text: str) -> Span:
    """Read a span; raises Invalid (field ``of``) for any other text."""
    span = next((each for each in SPANS if each == text), None)
    if span is None:
        raise Invalid(f"Papers trend of: {', '.join(SPANS)}.", field="of")
    return span


def page(house: House, span: Span = "all", *, number: int = 1, reader: Reader | None = None) -> Trending:
    """Give one page of PAGE papers that appeared within a span: ``day`` is today's page, ``week`` the last seven.

    Raises Invalid when the settings name a formula that is not known.
    """
    number = min(max(number, 1), MOST_PAGES)
    start = (number - 1) * PAGE
    with house.store.reading() as connection:
        found = _ordered(house, connection, _since(house, span), start, PAGE + 1)
        shown = found[:PAGE]
        mine = upvotes.of_reader(connection, reader.id, [paper.id for paper in shown]) if reader else {}
    return Trending(span, shown, number, len(found) > PAGE and number < MOST_PAGES, mine)


def piece(house: House, span: Span = "all", *, offset: int = 0, limit: int = PAGE) -> tuple[Paper, ...]:
    """Give a piece of what the pages show together, PAGE times MOST_PAGES papers; one statement or two."""
    size = min(limit, PAGE * MOST_PAGES - offset)
    if size <= 0:
        return ()
    with house.store.reading() as connection:
        return _ordered(house, connection, _since(house, span), offset, size)


def parts(house: House, shown: Collection[Paper]) -> dict[int, tuple[Component, ...]]:
    """Tell what the places of papers are made of, by their numbers, of those that something speaks for."""
    with house.store.reading() as connection:
        known = scores.by_ids(connection, [paper.id for paper in shown])
    return {number: components(evidence_of(score)) for number, score in known.items()}


def standing(house: House, paper: Paper, reader: Reader | None = None) -> tuple[Standing | None, Mapping[int, str]]:
    """Tell what a paper's place is made of, None for one that nothing speaks for; and ``mine`` as ``Trending`` does."""
    with house.store.reading() as connection:
        score, _ = scores.one(connection, paper.id)
        mine = upvotes.of_reader(connection, reader.id, [paper.id]) if reader else {}
    if score is None:
        return None, mine
    born = datetime.fromisoformat(score.born)
    return Standing(components(evidence_of(score)), born, score.waiting, score.key), mine


def _since(house: House, span: Span) -> datetime | None:
    if span not in _DAYS:
        return None
    first = today(house) - timedelta(days=_DAYS[span] - 1)
    return datetime(first.year, first.month, first.day, tzinfo=UTC)


def _ordered(house: House, connection: Connection, since: datetime | None, start: int, size: int) -> tuple[Paper, ...]:
    formula = chosen(house.settings.trending_formula)
    if formula.static:
        return scores.page(connection, since, size, start)
    now = house.clock()
    scored = [
        (formula.score(evidence_of(score), datetime.fromisoformat(score.born), now), score.paper_id)
        for score in scores.shown(connection, since)
    ]
    scored.sort(key=lambda each: (-each[0], each[1]))
    return papers.by_ids(connection, [paper_id for _, paper_id in scored[start : start + size]])
