"""Papers as they are given away: each once, at its latest change, in the order of those; gone ones too.

A paper that changes while somebody reads the list moves to its end, so whoever reads on to the end has everything.
"""

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, or_, select

from broadsheet.model.paper import Paper
from broadsheet.model.provided import Among, Provided, is_arxivs
from broadsheet.store import bulk
from broadsheet.store.papers import LIVE
from broadsheet.store.payload import moment, read_paper
from broadsheet.store.schema import changes, external_ids, merges, papers, records

_later = changes.alias("later")
_LATEST = ~exists().where(_later.c.paper_id == changes.c.paper_id, _later.c.seq > changes.c.seq)
_CHANGED = (changes.c.seq, changes.c.at, LIVE.label("live"))
_ALL = select(*papers.columns, *_CHANGED).join_from(changes, papers, papers.c.id == changes.c.paper_id).where(_LATEST)
_IN_ORDER = _ALL.order_by(changes.c.seq)
_SIZE = select(func.count()).select_from(papers)
_EARLIEST = select(func.min(changes.c.at))
_SOURCES = select(records.c.source).distinct().order_by(records.c.source)
_HAS_TOLD = select(records.c.id).where(records.c.source == bindparam("name")).limit(1)
_bearer = papers.alias("bearer")
_BORNE = (
    select(external_ids.c.value, func.coalesce(_bearer.c.merged_into, _bearer.c.id), _bearer.c.slug)
    .join(_bearer, _bearer.c.id == external_ids.c.paper_id)
    .where(external_ids.c.scheme == "arxiv")
)
_JOINED = select(merges.c.winner, merges.c.kept, merges.c.moved)
_TOLD = select(records.c.id, records.c.payload)
# What the document of a paper begins with, where a source says when the paper was changed.
_UPDATED = select(papers.c.id, papers.c.published, func.substr(papers.c.document, 1, 60))
_SAID = re.compile(r'\{"updated":"([0-9TZ:.+-]*)"')


def page(connection: Connection, among: Among, after: int, limit: int) -> tuple[Provided, ...]:
    """Give at most ``limit`` papers whose latest change has a number above ``after``, in order of it.

    One statement, unless words of another kind look like what is asked for, or papers may have been arXiv's once.
    """
    asked = _narrowed(among)
    found: list[Provided] = []
    while len(found) < limit:
        rows = connection.execute(asked.where(changes.c.seq > after).limit(limit - len(found))).all()
        wanted = limit - len(found)
        found += _held(connection, rows, among)
        if len(rows) < wanted:
            break
        after = rows[-1].seq
    return tuple(found)


def by_number(connection: Connection, number: int) -> tuple[Provided, Paper] | None:
    """Give a paper, and as it was told last where it is gone; None when there never was one."""
    row = connection.execute(_ALL.where(papers.c.id == number)).first()
    return None if row is None else (_read(row), read_paper(row))


def were_arxivs(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Tell which papers were joined once from records of which one bears an id of arXiv's; two statements at most."""
    sides = [
        (row.winner, {*json.loads(row.kept), *json.loads(row.moved)})
        for row in bulk.by_keys(connection, _JOINED, merges.c.winner, numbers)
    ]
    told = bulk.by_keys(connection, _TOLD, records.c.id, {one for _, joined in sides for one in joined})
    bearing = {row.id for row in told if any(i.startswith("arxiv:") for i in json.loads(row.payload).get("ids", ()))}
    return {winner for winner, joined in sides if joined & bearing}


def size(connection: Connection) -> int:
    """Count all papers, gone ones too."""
    return int(connection.execute(_SIZE).scalar_one())


def earliest(connection: Connection) -> datetime | None:
    """Give the moment of the first change of all; None in an empty house."""
    at = connection.execute(_EARLIEST).scalar()
    return datetime.fromisoformat(at) if at else None


def source_names(connection: Connection) -> tuple[str, ...]:
    """Name the sources that told of papers."""
    return tuple(connection.execute(_SOURCES).scalars())


def has_told(connection: Connection, source: str) -> bool:
    """Tell whether a source told of papers."""
    return connection.execute(_HAS_TOLD, {"name": source}).first() is not None


def borne(connection: Connection, values: Collection[str]) -> dict[str, int]:
    """Give for arXiv ids the number of the paper that bears each now, shown or not; one statement."""
    found: dict[str, int] = {}
    for value, number, slug in bulk.by_keys(connection, _BORNE, external_ids.c.value, values):
        if slug == value or value not in found:
            found[value] = number
    return found


def last_told(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Give for papers when they were changed last as sources say, else published; a statement for each 2,000."""
    found: dict[int, str] = {}
    for number, published, beginning in bulk.by_keys(connection, _UPDATED, papers.c.id, ids):
        said = _SAID.match(beginning)
        found[number] = max(said[1] if said else "", published)
    return found


def _narrowed(among: Among) -> Select[Any]:
    """Ask for what may fit; that it does is seen by the paper itself."""
    asked = _IN_ORDER
    if among.since:
        asked = asked.where(changes.c.at >= moment(among.since))
    if among.before:
        asked = asked.where(changes.c.at < moment(among.before))
    if among.source:
        asked = asked.where(papers.c.document.contains(f'"{among.source}"', autoescape=True))
    if among.category:
        whole, below = f'"{among.category}"', f'"{among.category}.'
        document = papers.c.document
        asked = asked.where(or_(document.contains(whole, autoescape=True), document.contains(below, autoescape=True)))
    if among.categorised:
        asked = asked.where(papers.c.document.contains('"categories":[', autoescape=True))
    if among.arxiv_only:
        bears = papers.c.document.contains('"arxiv:', autoescape=True)
        asked = asked.where(or_(bears, papers.c.id.in_(select(merges.c.winner))))
    return asked


def _held(connection: Connection, rows: Sequence[Any], among: Among) -> list[Provided]:
    if not among.is_told:
        return [_read(row) for row in rows]
    held = [(row, paper) for row in rows if among.holds(paper := read_paper(row))]
    if not among.arxiv_only:
        return [_read(row) for row, _ in held]
    others = {row.id for row, paper in held if not is_arxivs(paper)}
    were = were_arxivs(connection, others)
    known = [_read(row) for row, _ in held if row.id not in others or row.id in were]
    return [one.gone() if one.number in were else one for one in known]


def _read(row: Any) -> Provided:  # noqa: ANN401 - a row of a statement with more columns than types are told for
    return Provided(row.id, row.seq, datetime.fromisoformat(row.at), read_paper(row) if row.live else None)
