"""Records that could not be read, each noted once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from broadsheet.model.identity import number
from broadsheet.model.record import Problem
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import problems

_SHOWN = select(problems).order_by(problems.c.id.desc())
_KNOWN = select(problems.c.hash)
_COUNT = select(func.count()).select_from(problems)
_RAW_LIMIT = 2_000


def note(connection: Connection, told: Iterable[Problem], *, at: datetime) -> int:
    """Note problems and give how many of them are new; one noted before at the same place stays as it is."""
    by_hash = {_hash(problem): problem for problem in told}
    known = {row[0] for row in bulk.by_keys(connection, _KNOWN, problems.c.hash, by_hash)}
    fresh = [(key, problem) for key, problem in by_hash.items() if key not in known]
    if not fresh:
        return 0
    first = bulk.next_number(connection, problems.c.id)
    when = moment(at)
    rows = [
        (
            own_id,
            key,
            *map(_storable, (p.source, p.where, p.kind, p.message, p.raw[:_RAW_LIMIT])),
            when,
            "",
            "",
        )
        for own_id, (key, p) in enumerate(fresh, first)
    ]
    bulk.insert(connection, problems, rows)
    return len(rows)


def page(connection: Connection, limit: int) -> tuple[Problem, ...]:
    """Give the newest problems first, at most ``limit``."""
    found = connection.execute(_SHOWN.limit(limit))
    return tuple(Problem(row.source, row.place, row.kind, row.message, row.raw) for row in found)


def count(connection: Connection) -> int:
    """Count the problems noted."""
    return int(connection.execute(_COUNT).scalar_one())


def _hash(problem: Problem) -> int:
    told = f"{problem.source}\x1f{problem.where}\x1f{problem.kind}\x1f{problem.message}"
    return number(told.encode("utf-8", "surrogatepass"))


def _storable(text: str) -> str:
    """Show what no database takes as text: NUL and lone surrogates."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
