"""What readers bring in, and how far each submission has come."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from broadsheet.model.record import Record
from broadsheet.model.submission import State, Submission
from broadsheet.store import bulk
from broadsheet.store.papers import LIVE
from broadsheet.store.payload import decode_record, encode_record, moment
from broadsheet.store.schema import external_ids, papers
from broadsheet.store.schema_moderating import submissions

_ALL = select(submissions)
_NEWEST_FIRST = _ALL.order_by(submissions.c.id.desc())
# The paper a submission is by now: one that was merged away is part of another.
_NOW = func.coalesce(papers.c.merged_into, papers.c.id)
_SHOWN = (
    select(submissions, _NOW.label("now"))
    .join(papers, papers.c.id == submissions.c.paper_id)
    .where(submissions.c.state == "shown")
)
_OPEN = ("fetching", "held")


def insert(connection: Connection, told: Submission) -> Submission:
    """Keep a new submission; gives it with its number."""
    number = bulk.next_number(connection, submissions.c.id)
    when = moment(told.at)
    row = (number, told.reader_id, told.paper_id, told.asked, told.day.isoformat(), told.note, told.media, told.state,
           told.why, when, "", "", "", 0, when)  # fmt: skip
    bulk.insert(connection, submissions, [row])
    found = by_id(connection, number)
    if found is None:
        raise AssertionError(number)
    return found


def by_id(connection: Connection, number: int) -> Submission | None:
    """Give one submission."""
    row = connection.execute(_ALL.where(submissions.c.id == number)).first()
    return None if row is None else _submission(row)


def of_reader(connection: Connection, reader_id: int, limit: int) -> tuple[Submission, ...]:
    """Give a reader's submissions, newest first."""
    return _read(connection, _NEWEST_FIRST.where(submissions.c.reader_id == reader_id).limit(limit))


def in_state(connection: Connection, state: State, limit: int) -> tuple[Submission, ...]:
    """Give the submissions of one state, those that wait longest first."""
    return _read(connection, _ALL.where(submissions.c.state == state).order_by(submissions.c.id).limit(limit))


def shown_for(connection: Connection, paper_ids: Collection[int]) -> dict[int, Submission]:
    """Give for each paper the first submission that showed it, or a paper that is part of it now; one statement."""
    found: dict[int, Submission] = {}
    for row in sorted(bulk.by_keys(connection, _SHOWN, _NOW, paper_ids), key=lambda row: row.id):
        found.setdefault(row.now, _submission(row))
    return found


def open_for(connection: Connection, asked: str) -> Submission | None:
    """Give the submission of this id or address that waits, if one does."""
    row = connection.execute(_ALL.where(submissions.c.asked == asked, submissions.c.state.in_(_OPEN))).first()
    return None if row is None else _submission(row)


def count_since(connection: Connection, reader_id: int, at: datetime) -> int:
    """Count what a reader brought in since a moment, whatever became of it."""
    asked = select(func.count()).where(submissions.c.reader_id == reader_id, submissions.c.at >= moment(at))
    return int(connection.execute(asked).scalar_one())


def outcomes(connection: Connection, reader_id: int) -> dict[State, int]:
    """Count a reader's submissions by how they stand."""
    asked = select(submissions.c.state, func.count()).where(submissions.c.reader_id == reader_id)
    return {row[0]: int(row[1]) for row in connection.execute(asked.group_by(submissions.c.state))}


def has_come_from(connection: Connection, host: str) -> bool:
    """Tell whether a paper on the shelf that readers see has its page at a host."""
    # From the site's first address to the character after the slash, which an index can tell.
    within = external_ids.c.value.between(f"https://{host}/", f"https://{host}0")
    asked = select(external_ids.c.paper_id).join(papers, papers.c.id == external_ids.c.paper_id)
    return connection.execute(asked.where(external_ids.c.scheme == "url", within, LIVE).limit(1)).first() is not None


def count(connection: Connection, state: State) -> int:
    """Count the submissions of one state."""
    return int(connection.execute(select(func.count()).where(submissions.c.state == state)).scalar_one())


def due(connection: Connection, at: datetime, limit: int) -> list[int]:
    """Give the numbers of submissions whose sources are to be asked now, the longest waiting first."""
    asked = (
        select(submissions.c.id)
        .where(submissions.c.state == "fetching", submissions.c.again_at <= moment(at))
        .order_by(submissions.c.again_at, submissions.c.id)
    )
    return list(connection.execute(asked.limit(limit)).scalars())


def claim(connection: Connection, number: int, at: datetime, until: datetime) -> bool:
    """Take a submission that is due, so that nobody else does before ``until``; False when another was faster."""
    taken = connection.execute(
        submissions.update()
        .where(submissions.c.id == number, submissions.c.state == "fetching", submissions.c.again_at <= moment(at))
        .values(again_at=moment(until))
    )
    return bool(taken.rowcount)


def put_off(connection: Connection, number: int, why: str, tries: int, until: datetime) -> None:
    """Have a submission wait, and say why; one that was settled meanwhile stays as it is."""
    told = {"why": why, "tries": tries, "again_at": moment(until)}
    waits = submissions.c.id == number, submissions.c.state == "fetching"
    connection.execute(submissions.update().where(*waits).values(told))


def note_found(connection: Connection, number: int, record: Record) -> None:
    """Keep what a source said of a submission."""
    told = {"found": encode_record(record), "found_by": f"{record.source} {record.key}"}
    connection.execute(submissions.update().where(submissions.c.id == number).values(told))


def settle(connection: Connection, number: int, state: State, why: str, at: datetime) -> None:
    """Note how a submission stands now, and why."""
    told = {"state": state, "why": why, "settled_at": moment(at)}
    connection.execute(submissions.update().where(submissions.c.id == number).values(told))


def place(connection: Connection, number: int, paper_id: int, day: date) -> None:
    """Note which paper a submission is, and on which day's page it is."""
    told = {"paper_id": paper_id, "day": day.isoformat()}
    connection.execute(submissions.update().where(submissions.c.id == number).values(told))


def _read(connection: Connection, asked: Select[Any]) -> tuple[Submission, ...]:
    return tuple(_submission(row) for row in connection.execute(asked))


def _submission(row: Row[Any]) -> Submission:
    return Submission(
        id=row.id,
        reader_id=row.reader_id,
        paper_id=row.paper_id,
        asked=row.asked,
        day=date.fromisoformat(row.day),
        note=row.note,
        media=row.media,
        state=row.state,
        why=row.why,
        at=datetime.fromisoformat(row.at),
        settled_at=datetime.fromisoformat(row.settled_at) if row.settled_at else None,
        found=_found(row),
        tries=row.tries,
    )


def _found(row: Row[Any]) -> Record | None:
    source, _, key = row.found_by.partition(" ")
    return decode_record((source, key, 0), row.found) if row.found else None
