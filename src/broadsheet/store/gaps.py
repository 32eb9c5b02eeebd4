"""What should be on the shelf and is not, each noted once, asked for now and then, and closed for a reason."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select

from broadsheet.model.completeness import pause_before
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import external_ids, gaps, records

Kind = Literal["id", "day"]
Outcome = Literal["", "filled", "absent", "ignored"]

_ALL = select(gaps)
_OPEN = _ALL.where(gaps.c.outcome == "").order_by(gaps.c.id)
_NAMES = select(gaps.c.name)
_MONTHS = (
    select(func.substr(external_ids.c.value, 1, 5).label("month"), func.count())
    .where(external_ids.c.scheme == "arxiv")
    .group_by("month")
)
_TRIED = "UPDATE gaps SET tried_at = ? WHERE id = ?"
_COUNT = "UPDATE gaps SET tries = tries + 1, tried_at = ? WHERE id = ?"
_CLOSE = "UPDATE gaps SET outcome = ?, closed_at = ? WHERE id = ?"
_COUNTS = select(gaps.c.kind, gaps.c.scheme, gaps.c.outcome, func.count()).group_by(
    gaps.c.kind, gaps.c.scheme, gaps.c.outcome
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something missing: an id of a scheme, or a day (ISO 8601) of a source. Open while ``outcome`` is empty.

    ``tries`` counts how often it was asked for in vain; ``tried_at`` is when it was last given out to be asked for.
    """

    id: int
    kind: Kind
    scheme: str
    name: str
    found_at: datetime
    tries: int = 0
    tried_at: datetime | None = None
    outcome: Outcome = ""
    closed_at: datetime | None = None


def found(connection: Connection, kind: Kind, scheme: str, names: Iterable[str], at: datetime) -> int:
    """Note gaps and give how many are new; one that was ever noted stays as it is, closed ones too."""
    wanted = list(dict.fromkeys(names))
    asked = _NAMES.where(gaps.c.kind == kind, gaps.c.scheme == scheme)
    known = set(connection.execute(asked).scalars()) if wanted else set()
    fresh = [name for name in wanted if name not in known]
    if fresh:
        first = bulk.next_number(connection, gaps.c.id)
        when = moment(at)
        rows = [(number, kind, scheme, name, when, 0, "", "", "") for number, name in enumerate(fresh, first)]
        bulk.insert(connection, gaps, rows)
    return len(fresh)


def due(connection: Connection, kind: Kind, scheme: str, limit: int, at: datetime) -> tuple[Gap, ...]:
    """Give out at most ``limit`` open gaps whose pause is over, oldest first, and note that they were given out.

    Whoever gets one asks for it and says so with ``tried``; until its pause is over nobody else gets it.
    """
    ready = [gap for gap in open_gaps(connection, kind, scheme) if _is_due(gap, at)][:limit]
    bulk.run(connection, _TRIED, [(moment(at), gap.id) for gap in ready])
    return tuple(ready)


def tried(connection: Connection, asked: Collection[Gap], at: datetime) -> None:
    """Count a try for gaps that were asked for and got an answer."""
    bulk.run(connection, _COUNT, [(moment(at), gap.id) for gap in asked])


def close(connection: Connection, closed: Collection[Gap], outcome: Outcome, at: datetime) -> None:
    """Close gaps; an empty outcome opens them again."""
    bulk.run(connection, _CLOSE, [(outcome, moment(at) if outcome else "", gap.id) for gap in closed])


def open_gaps(connection: Connection, kind: Kind, scheme: str) -> tuple[Gap, ...]:
    """Give the open gaps of one kind, oldest first."""
    asked = _OPEN.where(gaps.c.kind == kind, gaps.c.scheme == scheme)
    return tuple(map(_read, connection.execute(asked)))


def by_id(connection: Connection, number: int) -> Gap | None:
    """Give one gap."""
    row = connection.execute(_ALL.where(gaps.c.id == number)).first()
    return None if row is None else _read(row)


def page(connection: Connection, limit: int) -> tuple[Gap, ...]:
    """Give the newest open gaps first, at most ``limit``."""
    return tuple(map(_read, connection.execute(_OPEN.order_by(None).order_by(gaps.c.id.desc()).limit(limit))))


def closed_names(connection: Connection, kind: Kind, scheme: str) -> set[str]:
    """Name the gaps that are closed although what they name never came."""
    given_up = _NAMES.where(gaps.c.kind == kind, gaps.c.scheme == scheme, gaps.c.outcome.in_(("absent", "ignored")))
    return set(connection.execute(given_up).scalars())


def schemes(connection: Connection, kind: Kind) -> set[str]:
    """Name the schemes that have open gaps of one kind."""
    return set(connection.execute(select(gaps.c.scheme).where(gaps.c.kind == kind, gaps.c.outcome == "")).scalars())


def counts(connection: Connection) -> dict[tuple[str, str, str], int]:
    """Count gaps by kind, scheme and outcome, which is empty for open ones."""
    return {(row[0], row[1], row[2]): int(row[3]) for row in connection.execute(_COUNTS)}


def arxiv_months(connection: Connection, at_least: int) -> tuple[str, ...]:
    """Name the months (``2611``) of which at least so many new-style arXiv ids are on the shelf, in order."""
    found = [str(row[0]) for row in connection.execute(_MONTHS) if row[1] >= at_least]
    return tuple(sorted(month[:4] for month in found if month[:4].isdecimal() and month[4:] == "."))


def arxiv_numbers(connection: Connection, month: str) -> set[int]:
    """Give the sequence numbers of a month's arXiv ids that papers bear or that arXiv has taken back."""
    return set(_numbers(connection, month))


def _numbers(connection: Connection, month: str) -> Iterator[int]:
    # Every collation has these two around all ids of the month; some have more between them.
    span = f"{month}.00000", f"{month}.99999"
    borne = select(external_ids.c.value).where(external_ids.c.scheme == "arxiv", external_ids.c.value.between(*span))
    told = select(records.c.key).where(records.c.source == "arxiv", records.c.key.between(*span))
    for asked in (borne, told):
        for value in connection.execute(asked).scalars():
            number = value[5:].partition("#")[0]
            if value.startswith(f"{month}.") and number.isascii() and number.isdecimal():
                yield int(number)


def _is_due(gap: Gap, at: datetime) -> bool:
    return gap.tried_at is None or gap.tried_at + pause_before(gap.tries) <= at


def _read(row: Row[Any]) -> Gap:
    return Gap(
        id=row.id,
        kind=row.kind,
        scheme=row.scheme,
        name=row.name,
        found_at=datetime.fromisoformat(row.found_at),
        tries=row.tries,
        tried_at=_instant(row.tried_at),
        outcome=row.outcome,
        closed_at=_instant(row.closed_at),
    )


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
