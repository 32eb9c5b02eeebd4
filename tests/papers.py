"""Made-up papers for tests, and ways to look at what a store shows of them."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from broadsheet.flow.house import House
from broadsheet.model.ids import ExternalId, parse_id
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Record
from broadsheet.settings import Settings
from broadsheet.store import papers
from broadsheet.store.connect import Store

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record(number: int, *, ids: Any = None, authors: Any = ("Ann Lee", "Bo Chen"), **told: Any) -> Record:
    """Give a made-up record, another one for each number; ids and authors may be given as text."""
    if ids is None:
        ids = (f"arxiv:2401.{number:05d}",)
    made = Record(
        source="test",
        key=str(number),
        title=f"Paper number {number} on the folding of napkins",
        abstract=f"Napkin {number} is folded " + "again and " * 10 + "again.",
        authors=tuple(Author(name) for name in authors),
        ids=tuple(ExternalId(*i.split(":", 1)) if isinstance(i, str) else i for i in ids),
        published="2024-01-02",
        observed=AT,
    )
    return replace(made, **told)


def house_around(store: Store) -> House:
    """Give a house with this store and no index."""
    return House(
        settings=Settings(),
        store=store,
        text_index=None,  # type: ignore[arg-type]
        spaces=None,  # type: ignore[arg-type]
        fetcher=None,  # type: ignore[arg-type]
        ask=lambda _: b"",
        clock=lambda: AT,
        wait=time.sleep,
    )


def shown(store: Store) -> list[Paper]:
    """Give what all papers show, without the numbers that depend on which came first."""
    with store.reading() as connection:
        found = papers.stream(connection, 0, 100_000)
    return sorted((replace(paper, id=0) for paper in found), key=lambda paper: paper.slug)


def told(side: dict[str, Any]) -> Record:
    """Read one side of an identity pair as a source tells it."""
    found = [parse_id(text) for text in (side["id"], side["arxiv"], side["doi"]) if text]
    return Record(
        source=side["source"],
        key=side["id"],
        title=side["title"],
        abstract=side["abstract_start"] or "",
        authors=tuple(Author(name) for name in side["authors"]),
        ids=tuple(dict.fromkeys(i for i in found if i)),
        published=side["published"] or "",
        venue=side["venue"] or "",
    )
