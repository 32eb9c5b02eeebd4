"""Papers as they are shown: one statement gives them whole."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, case, func, select
from sqlalchemy.exc import DBAPIError

from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.store import bulk
from broadsheet.store.payload import PaperRow, is_sound_id, read_paper
from broadsheet.store.schema import (
    changes,
    daily_entries,
    external_ids,
    keep_apart,
    merges,
    papers,
    problems,
    records,
    signals,
)
from broadsheet.store.schema_moderating import paper_rulings
from broadsheet.store.schema_voting import scores

_STANDS_FOR_ITSELF = papers.c.merged_into.is_(None)
# What readers see: neither part of another paper nor hidden by a moderator, who are few, so that this costs nothing.
LIVE = and_(
    _STANDS_FOR_ITSELF,
    papers.c.id.not_in(select(paper_rulings.c.paper_id).where(paper_rulings.c.hidden)),
)
_HERE = select(scores.c.upvotes).where(scores.c.paper_id == papers.c.id).correlate(papers).scalar_subquery()
# Upvotes here and those that sources tell of, together; what a source may say must not go past 64 bits by ours.
UPVOTES = case((papers.c.upvotes >= 2**62, papers.c.upvotes), else_=papers.c.upvotes + func.coalesce(_HERE, 0))
WHOLE = select(
    *(UPVOTES.label("upvotes") if column is papers.c.upvotes else column for column in papers.columns)
).select_from(papers)
_BY_IDS = WHOLE.where(LIVE)
_HIDDEN_TOO = WHOLE.where(_STANDS_FOR_ITSELF)
_BEARER = papers.alias()
_FIND = (
    WHOLE.join(_BEARER, func.coalesce(_BEARER.c.merged_into, _BEARER.c.id) == papers.c.id)
    .join(external_ids, external_ids.c.paper_id == _BEARER.c.id)
    .where(external_ids.c.scheme == bindparam("s"), external_ids.c.value == bindparam("v"))
    # Of several papers that bear one id, such as a volume's, the one whose page it names comes first.
    .order_by((papers.c.slug == bindparam("slug")).desc(), papers.c.id)
    .limit(1)
)
_FIND_SHOWN = _FIND.where(LIVE)
_NAMED = (
    select(external_ids.c.value, papers.c.id, papers.c.slug)
    .join(_BEARER, _BEARER.c.id == external_ids.c.paper_id)
    .join(papers, papers.c.id == func.coalesce(_BEARER.c.merged_into, _BEARER.c.id))
    .where(external_ids.c.scheme == bindparam("of_scheme"), LIVE)
    .order_by(papers.c.id)
)
_SHOWN = select(papers.c.id).where(LIVE)
_TEXTS = select(papers.c.id, papers.c.title, papers.c.abstract).where(LIVE)
_NUMBERS = select(papers.c.id).where(LIVE).order_by(papers.c.id)
_STREAM = WHOLE.where(LIVE).order_by(papers.c.id)
_STANDING = select(papers.c.id, papers.c.stamp, papers.c.merged_into)
_UPSERT = "ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    f'"{column.name}" = excluded."{column.name}"' for column in papers.columns if column.name != "id"
)
_MERGE = "UPDATE papers SET merged_into = ? WHERE id = ?"
_COUNTED = {
    "papers": select(func.count()).select_from(papers).where(LIVE),
    **{
        table.name: select(func.count()).select_from(table)
        for table in (records, external_ids, daily_entries, signals, merges, keep_apart, problems, changes)
    },
}


def by_ids(connection: Connection, ids: Sequence[int], *, hidden: bool = False) -> tuple[Paper, ...]:
    """Give papers in the order asked, in one statement; those that are unknown, merged away or hidden are left out.

    ``hidden`` gives those too that a moderator has hidden.
    """
    asked = _HIDDEN_TOO if hidden else _BY_IDS
    found = {row.id: row for row in bulk.by_keys(connection, asked, papers.c.id, ids)}
    return tuple(read_paper(found[paper_id]) for paper_id in ids if paper_id in found)


def find(connection: Connection, external_id: ExternalId, *, hidden: bool = False) -> Paper | None:
    """Give the paper that bears an id, or that a paper that bore it is part of now; one statement.

    ``hidden`` finds those too that a moderator has hidden.
    """
    if not is_sound_id(external_id):
        return None
    asked = _FIND if hidden else _FIND_SHOWN
    row = connection.execute(asked, {"s": external_id.scheme, "v": external_id.value, "slug": external_id.slug}).first()
    return None if row is None else read_paper(row)


def find_several(connection: Connection, ids: Collection[ExternalId]) -> dict[ExternalId, Paper]:
    """Give the paper that ``find`` would give for each of the ids; one statement, and one for each scheme."""
    by_scheme: dict[str, set[str]] = {}
    for external_id in filter(is_sound_id, ids):
        by_scheme.setdefault(external_id.scheme, set()).add(external_id.value)
    numbers: dict[ExternalId, int] = {}
    for scheme, values in by_scheme.items():
        for value, number, slug in bulk.by_keys(connection, _NAMED, external_ids.c.value, values, of_scheme=scheme):
            name = ExternalId(scheme, value)
            if name not in numbers or name.slug == slug:
                numbers[name] = number
    known = {paper.id: paper for paper in by_ids(connection, sorted(set(numbers.values())))}
    return {name: known[number] for name, number in numbers.items() if number in known}


def texts(connection: Connection, ids: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """Give ``(paper id, title, abstract)`` of papers; those that are unknown, merged away or hidden are left out."""
    for row in bulk.by_keys(connection, _TEXTS, papers.c.id, ids):
        yield row[0], row[1], row[2]


def shown(connection: Connection, ids: Collection[int]) -> set[int]:
    """Give those of the papers that readers see."""
    return {row[0] for row in bulk.by_keys(connection, _SHOWN, papers.c.id, ids)}


def stream(connection: Connection, after_id: int, limit: int) -> tuple[Paper, ...]:
    """Give at most ``limit`` papers with numbers above ``after_id``, in order."""
    rows = connection.execute(_STREAM.where(papers.c.id > after_id).limit(limit)).all()
    return tuple([read_paper(row) for row in rows])


def numbers(connection: Connection, after_id: int, limit: int) -> list[int]:
    """Give the numbers of at most ``limit`` papers above ``after_id``, in order."""
    return list(connection.execute(_NUMBERS.where(papers.c.id > after_id).limit(limit)).scalars())


def stamps(connection: Connection) -> Iterator[tuple[int, int]]:
    """Give ``(paper id, stamp)`` of all papers, in order."""
    for row in connection.execute(select(papers.c.id, papers.c.stamp).where(LIVE).order_by(papers.c.id)):
        yield row[0], row[1]


def counts(connection: Connection) -> dict[str, int]:
    """Count the papers and the rows of each table beside them."""
    return {name: int(connection.execute(asked).scalar_one()) for name, asked in _COUNTED.items()}


def faults(connection: Connection) -> tuple[str, ...]:
    """Check the database itself and what must always hold; each fault is a sentence."""
    found = list(_damage(connection)) if connection.dialect.name == "sqlite" else []
    for sentence, asked in _MUST_BE_NONE.items():
        if number := int(connection.execute(asked).scalar_one()):
            found.append(f"{number:,} {sentence}")
    return tuple(found)


class Standing(NamedTuple):
    """A paper's stamp, and the paper it is part of now if it was merged away."""

    stamp: int
    merged_into: int | None

    @property
    def is_live(self) -> bool:
        """Whether the paper stands for itself."""
        return self.merged_into is None


def standing(connection: Connection, ids: Collection[int]) -> dict[int, Standing]:
    """Give how papers stand, merged ones too."""
    return {row[0]: Standing(row[1], row[2]) for row in bulk.by_keys(connection, _STANDING, papers.c.id, ids)}


def next_number(connection: Connection) -> int:
    """Give the number of the next paper."""
    return bulk.next_number(connection, papers.c.id)


def insert(connection: Connection, rows: Sequence[PaperRow]) -> None:
    """Put new papers on the shelf."""
    bulk.insert(connection, papers, rows)


def rewrite(connection: Connection, rows: Sequence[PaperRow]) -> None:
    """Write papers anew; one that was merged away stands for itself again."""
    bulk.insert(connection, papers, rows, conflict=_UPSERT)


def merge_away(connection: Connection, into: Collection[tuple[int, int]]) -> None:
    """Let papers lead on to others, given as ``(winner, loser)``."""
    bulk.run(connection, _MERGE, list(into))


def _damage(connection: Connection) -> Iterator[str]:
    try:
        for row in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if row[0] != "ok":
                yield f"The database file is damaged: {row[0]}"
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"A row of {row[0]} refers to a missing row of {row[2]}."
    except DBAPIError as error:
        yield f"The database file cannot be checked: {error.orig}"


def _count(asked: Select[Any]) -> Select[int]:
    return select(func.count()).select_from(asked.subquery())


# Not in, rather than not exists: one pass over either table, with or without an index.
_LIVE_IDS = select(papers.c.id).where(_STANDS_FOR_ITSELF)
_MUST_BE_NONE = {
    "papers have no record.": _count(
        _LIVE_IDS.where(papers.c.id.not_in(select(records.c.paper_id).where(records.c.paper_id.is_not(None))))
    ),
    "papers bear no external id.": _count(_LIVE_IDS.where(papers.c.id.not_in(select(external_ids.c.paper_id)))),
    "papers were never noted as changed.": _count(
        select(papers.c.id).where(papers.c.id.not_in(select(changes.c.paper_id)))
    ),
    "records belong to a merged paper.": _count(
        select(records.c.id).where(records.c.paper_id.in_(select(papers.c.id).where(~_STANDS_FOR_ITSELF)))
    ),
    "page names stand for two papers.": _count(
        select(papers.c.slug).where(_STANDS_FOR_ITSELF).group_by(papers.c.slug).having(func.count() > 1)
    ),
}
