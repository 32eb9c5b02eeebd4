"""What should be on the shelf and is not, each noted once, asked for now and then, and closed for a reason."""

from collections.abc import Collection, Iterable
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
# Only arXiv's own word counts for what its sequence holds: anybody's feed may name ids that never were.
_OWN = select(records.c.key).where(records.c.source.in_(("arxiv", "arxiv-rss")))
_MONTHS = _OWN.with_only_columns(func.substr(records.c.key, 1, 5).label("month"), func.count()).group_by("month")
_BORNE = select(external_ids.c.value).where(external_ids.c.scheme == "arxiv")
_TOLD = select(records.c.key).where(records.c.source == "arxiv")
# A record's key is its id, and says which of arXiv's metadata formats told it where that is not the usual one.
_FORMS = ("", "#arXivRaw", "#oai_dc")
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


def found(connection: Connection, kind: Kind, scheme: str, missing: Iterable[str], at: datetime) -> int:
    """Note gaps and give how many are new; one that was ever noted stays as it is, closed ones too."""
    wanted = list(dict.fromkeys(missing))
    known = names(connection, kind, scheme) if wanted else set()
    fresh = [name for name in wanted if name not in known]
    if fresh:
        first = bulk.next_number(connection, gaps.c.id)
        when = moment(at)
        rows = [(number, kind, scheme, name, when, 0, "", "", "") for number, name in enumerate(fresh, first)]
        bulk.insert(connection, gaps, rows)
    return len(fresh)


def names(connection: Connection, kind: Kind, scheme: str) -> set[str]:
    """Name the gaps of one kind that were ever noted."""
    return set(connection.execute(_NAMES.where(gaps.c.kind == kind, gaps.c.scheme == scheme)).scalars())


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
    """Name the months (``2611``) of which arXiv has told at least so many records with new-style ids, in order."""
    found = [str(row[0]) for row in connection.execute(_MONTHS) if row[1] >= at_least]
    return tuple(sorted(month[:4] for month in found if month[:4].isdecimal() and month[4:] == "."))


def arxiv_numbers(connection: Connection, month: str) -> set[int]:
    """Give the sequence numbers of a month's ids of which arXiv itself has told, also those it has taken back."""
    # Every collation has these two around all ids of the month; some have more between them.
    span = f"{month}.00000", f"{month}.99999"
    values = [row[0] for row in connection.execute(_OWN.where(records.c.key.between(*span)))]
    numbers = [value[5:].partition("#")[0] for value in values if value.startswith(f"{month}.")]
    return {int(number) for number in numbers if number.isascii() and number.isdecimal()}


def arxiv_here(connection: Connection, names: Collection[str]) -> set[str]:
    """Give those of the arXiv ids that papers bear or that arXiv has taken back."""
    borne = {row[0] for row in bulk.by_keys(connection, _BORNE, external_ids.c.value, names)}
    keys = [f"{name}{form}" for name in set(names) - borne for form in _FORMS]
    return borne | {row[0].partition("#")[0] for row in bulk.by_keys(connection, _TOLD, records.c.key, keys)}


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
