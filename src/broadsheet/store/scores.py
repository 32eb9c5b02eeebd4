"""Scores: what speaks for each paper, counted, and the key that papers stand in order by."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from broadsheet.model.paper import Paper
from broadsheet.store import bulk, facts, upvotes
from broadsheet.store.papers import LIVE, WHOLE
from broadsheet.store.payload import moment, read_paper
from broadsheet.store.schema import daily_entries, papers, records, signals
from broadsheet.store.schema_talking import comments
from broadsheet.store.schema_voting import scores

_FORMULA = "trending-formula"
_NAMES = 'paper_id, upvotes, waiting, comments, hf_upvotes, stars_per_day, born, "key"'
_ONE = f"SELECT {_NAMES}, (SELECT value FROM facts WHERE name = '{_FORMULA}') FROM scores WHERE paper_id = ?"  # noqa: S608 - names of our own
_COUNT = 'UPDATE scores SET upvotes = ?, waiting = ?, "key" = ? WHERE paper_id = ?'
_UPSERT = "ON CONFLICT (paper_id) DO UPDATE SET " + ", ".join(
    f'"{column.name}" = excluded."{column.name}"' for column in scores.columns if column.name != "paper_id"
)
_DROP = "DELETE FROM scores WHERE paper_id = ?"
_WHOLE_SCORES = select(scores)
# What only waits lifts nothing, and puts nothing on a list.
_SPOKEN_FOR = (
    (scores.c.upvotes > 0) | (scores.c.comments > 0) | (scores.c.hf_upvotes > 0) | (scores.c.stars_per_day > 0)
)
_FIRST_DAY = (
    select(func.min(daily_entries.c.day))
    .where(daily_entries.c.paper_id == papers.c.id)
    .correlate(papers)
    .scalar_subquery()
)
_TOLD = select(papers.c.id, papers.c.merged_into, papers.c.upvotes, papers.c.stars, papers.c.published, _FIRST_DAY)
_WORTH_COUNTING = (
    select(papers.c.id)
    .outerjoin(scores, scores.c.paper_id == papers.c.id)
    .where((papers.c.upvotes > 0) | (papers.c.stars > 0) | scores.c.paper_id.is_not(None))
)
_SAID = select(comments.c.paper_id, func.count()).where(comments.c.state == "shown").group_by(comments.c.paper_id)
_STARS = (
    select(records.c.paper_id, signals.c.record_id, signals.c.at, signals.c.value)
    .join(signals, signals.c.record_id == records.c.id)
    .where(signals.c.kind == "stars")
    .order_by(signals.c.at)
)

_COUNTED = upvotes.COUNTS.subquery()
_MISCOUNTED = (
    select(papers.c.id)
    .outerjoin(scores, scores.c.paper_id == papers.c.id)
    .outerjoin(_COUNTED, _COUNTED.c.paper_id == papers.c.id)
    .where(
        papers.c.merged_into.is_(None),
        (func.coalesce(scores.c.upvotes, 0) != func.coalesce(_COUNTED.c.counting, 0))
        | (func.coalesce(scores.c.waiting, 0) != func.coalesce(_COUNTED.c.waiting, 0)),
    )
)


class Score(NamedTuple):
    """A row of the table: counts, of upvotes those that count; ``stars_per_day`` in thousandths; ``born`` ISO 8601."""

    paper_id: int
    upvotes: int
    waiting: int
    comments: int
    hf_upvotes: int
    stars_per_day: int
    born: str
    key: int


class Told(NamedTuple):
    """What a paper itself brings: upvotes and stars told by sources, its day of publication and of its first page."""

    paper_id: int
    merged_into: int | None
    upvotes: int
    stars: int
    published: str
    day: date | None


def one(connection: Connection, paper_id: int) -> tuple[Score | None, str]:
    """Give a paper's score and the name of the formula in force; one statement."""
    row = bulk.first(connection, _ONE, (paper_id,))
    return (None, "") if row is None else (Score(*row[:8]), row[8] or "")


def by_ids(connection: Connection, paper_ids: Collection[int]) -> dict[int, Score]:
    """Give the scores of papers that have one."""
    return {row.paper_id: Score(*row) for row in bulk.by_keys(connection, _WHOLE_SCORES, scores.c.paper_id, paper_ids)}


def count(connection: Connection, score: Score) -> None:
    """Note other counts of upvotes, and the key they lead to."""
    bulk.once(connection, _COUNT, (score.upvotes, score.waiting, score.key, score.paper_id))


def write(connection: Connection, rows: Collection[Score]) -> None:
    """Write scores, each in place of what its paper had."""
    bulk.insert(connection, scores, list(rows), conflict=_UPSERT)


def drop(connection: Connection, paper_ids: Iterable[int]) -> None:
    """Take papers out of the order."""
    bulk.run(connection, _DROP, [(paper_id,) for paper_id in paper_ids])


def everything(connection: Connection) -> list[Score]:
    """Give all scores, in order: the highest key first, ties by paper id."""
    return [Score(*row) for row in connection.execute(_WHOLE_SCORES.order_by(scores.c.key.desc(), scores.c.paper_id))]


def page(connection: Connection, since: datetime | None, limit: int, offset: int) -> tuple[Paper, ...]:
    """Give papers that something speaks for in order, those that appeared since a moment; one statement."""
    asked = _shown(WHOLE.join(scores, scores.c.paper_id == papers.c.id), since)
    ordered = asked.order_by(scores.c.key.desc(), papers.c.id).limit(limit).offset(offset)
    return tuple(read_paper(row) for row in connection.execute(ordered))


def shown(connection: Connection, since: datetime | None) -> list[Score]:
    """Give the scores of all papers that ``page`` would give, in no order."""
    asked = _shown(select(scores).join(papers, papers.c.id == scores.c.paper_id), since)
    return [Score(*row) for row in connection.execute(asked)]


def told(connection: Connection, paper_ids: Collection[int]) -> list[Told]:
    """Tell what papers bring, merged ones too."""
    return [
        Told(row[0], row[1], row[2], row[3], row[4], date.fromisoformat(row[5]) if row[5] else None)
        for row in bulk.by_keys(connection, _TOLD, papers.c.id, paper_ids)
    ]


def worth_counting(connection: Connection, paper_ids: Collection[int]) -> list[int]:
    """Give those of the papers that have a score, or are told of with upvotes or stars."""
    return [row[0] for row in bulk.by_keys(connection, _WORTH_COUNTING, papers.c.id, paper_ids)]


def with_stars(connection: Connection) -> list[int]:
    """Give the papers that are known to gain stars."""
    return list(connection.execute(select(scores.c.paper_id).where(scores.c.stars_per_day > 0)).scalars())


def miscounted(connection: Connection) -> list[int]:
    """Name the papers whose counters are not what their upvotes say; there must be none."""
    return list(connection.execute(_MISCOUNTED).scalars())


def comment_counts(connection: Connection, paper_ids: Collection[int]) -> dict[int, int]:
    """Count the comments of papers that are shown."""
    return {row[0]: row[1] for row in bulk.by_keys(connection, _SAID, comments.c.paper_id, paper_ids)}


def stars(
    connection: Connection, paper_ids: Collection[int], since: datetime
) -> dict[int, list[list[tuple[str, int]]]]:
    """Give, by paper, the stars of each of its records since a moment as ``(at, value)``, oldest first."""
    asked = _STARS.where(signals.c.at >= moment(since))
    by_record: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for some in bulk.chunks(list(paper_ids)):
        for paper_id, record_id, at, value in connection.execute(asked.where(records.c.paper_id.in_(some))):
            by_record.setdefault((paper_id, record_id), []).append((at, value))
    found: dict[int, list[list[tuple[str, int]]]] = {}
    for (paper_id, _), points in by_record.items():
        found.setdefault(paper_id, []).append(points)
    return found


def formula(connection: Connection) -> str:
    """Name the formula that keys were made with; "" before any was chosen."""
    return facts.by_name(connection, _FORMULA) or ""


def set_formula(connection: Connection, name: str) -> None:
    """Note the formula that keys are made with from now on."""
    facts.put(connection, _FORMULA, name)


def seen(connection: Connection, what: str) -> int:
    """Tell up to which number a log was followed; 0 for one that never was."""
    return int(facts.by_name(connection, f"seen-by-{what}") or 0)


def set_seen(connection: Connection, what: str, number: int) -> None:
    """Note up to which number a log was followed."""
    facts.put(connection, f"seen-by-{what}", str(number))


def _shown(asked: Select[Any], since: datetime | None) -> Select[Any]:
    asked = asked.where(LIVE, _SPOKEN_FOR)
    return asked if since is None else asked.where(scores.c.born >= moment(since))
