"""What readers mean to read, have read, and do not want to see."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from broadsheet.model.label import KeptPaper, State
from broadsheet.store import bulk
from broadsheet.store.papers import LIVE, WHOLE
from broadsheet.store.payload import moment, read_paper
from broadsheet.store.schema import papers
from broadsheet.store.schema_lists import readings

_PAPERS = (
    WHOLE.add_columns(readings.c.at.label("kept_at"))
    .join(readings, readings.c.paper_id == papers.c.id)
    .where(LIVE)
    .order_by(readings.c.at.desc(), papers.c.id.desc())
)
_SET = 'ON CONFLICT (reader_id, paper_id) DO UPDATE SET "state" = excluded."state", "at" = excluded."at"'
_SET_NEW = "ON CONFLICT DO NOTHING"


def state_of(connection: Connection, reader_id: int, paper_id: int) -> State | None:
    """Tell how a paper stands with a reader."""
    asked = select(readings.c.state).where(_here(reader_id, paper_id))
    state: State | None = connection.execute(asked).scalar()
    return state


def set_state(connection: Connection, reader_id: int, paper_id: int, state: State, *, at: datetime) -> None:
    """Note how a paper stands with a reader."""
    bulk.insert(connection, readings, [(reader_id, paper_id, state, moment(at))], conflict=_SET)


def set_new(connection: Connection, reader_id: int, states: Mapping[int, State], *, at: datetime) -> int:
    """Note how papers stand that nothing is noted of yet; gives how many these were."""
    before = sum(counts(connection, reader_id).values())
    rows = [(reader_id, paper_id, state, moment(at)) for paper_id, state in states.items()]
    bulk.insert(connection, readings, rows, conflict=_SET_NEW)
    return sum(counts(connection, reader_id).values()) - before


def forget(connection: Connection, reader_id: int, paper_id: int) -> None:
    """Let a paper be like any other again, with all that is part of it now."""
    part = select(readings.c.paper_id).join(papers, papers.c.id == readings.c.paper_id)
    below = part.where(readings.c.reader_id == reader_id, papers.c.merged_into == paper_id)
    about = or_(readings.c.paper_id == paper_id, readings.c.paper_id.in_(below))
    connection.execute(readings.delete().where(readings.c.reader_id == reader_id, about))


def counts(connection: Connection, reader_id: int) -> dict[str, int]:
    """Count the papers in each state that has any."""
    asked = (
        select(readings.c.state, func.count())
        .join(papers, papers.c.id == readings.c.paper_id)
        .where(readings.c.reader_id == reader_id, LIVE)
        .group_by(readings.c.state)
    )
    return {row[0]: row[1] for row in connection.execute(asked)}


def page(connection: Connection, reader_id: int, state: State, *, limit: int, offset: int = 0) -> tuple[KeptPaper, ...]:
    """Give the papers in a state, newest first; one statement gives them whole."""
    asked = _PAPERS.where(readings.c.reader_id == reader_id, readings.c.state == state).limit(limit).offset(offset)
    return tuple(KeptPaper(read_paper(row), datetime.fromisoformat(row.kept_at)) for row in connection.execute(asked))


def hidden(connection: Connection, reader_id: int) -> frozenset[int]:
    """Give the numbers of the papers that a reader does not want to see."""
    asked = select(readings.c.paper_id).where(readings.c.reader_id == reader_id, readings.c.state == "hidden")
    return frozenset(connection.execute(asked).scalars())


def _here(reader_id: int, paper_id: int) -> ColumnElement[bool]:
    return and_(readings.c.reader_id == reader_id, readings.c.paper_id == paper_id)
