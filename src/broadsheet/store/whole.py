"""The whole database as rows of plain values, table by table, the same whichever database keeps them."""

import math
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Table, Text, collate, func, select
from sqlalchemy.exc import DataError, IntegrityError

from broadsheet.errors import Invalid
from broadsheet.store import bulk
from broadsheet.store.schema_version import KNOWN
from broadsheet.store.tables import metadata

# What holds for a moment only, and would only stand in the way elsewhere.
TRANSIENT = frozenset({"ceremonies", "leases", "limits"})
SCHEMA = KNOWN[-1]
# What an empty house has made for itself; loading takes the place of it.
_BY_ITSELF = frozenset({"facts", "hosts", "readers", "spaces", *TRANSIENT})
_AT_ONCE = 1_000
_LARGEST = 2**63


def tables() -> tuple[Table, ...]:
    """Give the tables to carry along, each after those it refers to."""
    return tuple(table for table in metadata.sorted_tables if table.name not in TRANSIENT)


def columns(table: Table) -> list[str]:
    """Name the columns of a table in the order in which rows have them."""
    return [column.name for column in table.columns]


def count(connection: Connection, table: Table) -> int:
    """Count the rows of a table."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def rows(connection: Connection, table: Table) -> Iterator[list[Any]]:
    """Give the rows of a table as what JSON can hold, in the order of its key, without holding many at once."""
    asked = select(table).order_by(*(_bytewise(connection, column) for column in table.primary_key.columns))
    streamed = connection.execute(asked, execution_options={"stream_results": True, "yield_per": _AT_ONCE})
    for row in streamed:
        yield [b64encode(value).decode() if isinstance(value, bytes) else value for value in row]


def is_empty(connection: Connection) -> bool:
    """Tell whether nobody has put anything in yet; whoever opened the house at the machine does not count."""
    kept = (table for table in metadata.sorted_tables if table.name not in _BY_ITSELF)
    if any(connection.execute(select(1).select_from(table).limit(1)).first() for table in kept):
        return False
    owner = metadata.tables["facts"].c
    number = connection.execute(select(owner.value).where(owner.name == "owner")).scalar() or "0"
    readers = metadata.tables["readers"].c
    return connection.execute(select(readers.id).where(readers.id != int(number)).limit(1)).first() is None


def clear(connection: Connection) -> None:
    """Delete all rows."""
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())


def put(connection: Connection, table: Table, told: Iterable[Sequence[Any]]) -> int:
    """Insert rows as ``rows`` gives them, those that refer to rows of the same table without doing so yet.

    Gives how many. Raises Invalid for a row that does not fit the table.
    """
    own = {place for place, column in enumerate(table.columns) if _is_own(table, column)}
    done = 0
    fitting = (_fitting(table, row, own) for row in told)
    while some := list(islice(fitting, _AT_ONCE)):
        try:
            bulk.insert(connection, table, some)
        except (DataError, IntegrityError) as error:
            raise _odd(table) from error
        done += len(some)
    return done


def refers_to_itself(table: Table) -> bool:
    """Tell whether rows of a table refer to others of it."""
    return any(_is_own(table, column) for column in table.columns)


def point(connection: Connection, table: Table, told: Iterable[Sequence[Any]]) -> None:
    """Let the rows that ``put`` inserted refer to those of their own table."""
    (key,) = table.primary_key.columns
    place = columns(table).index(key.name)
    own = [(at, column.name) for at, column in enumerate(table.columns) if _is_own(table, column)]
    for at, name in own:
        pairs = ((row[at], row[place]) for row in told if row[at] is not None)
        while some := list(islice(pairs, _AT_ONCE)):
            bulk.run(connection, f'UPDATE "{table.name}" SET "{name}" = ? WHERE "{key.name}" = ?', some)  # noqa: S608 - names are our own


def _is_own(table: Table, column: Column[Any]) -> bool:
    return any(key.column.table is table for key in column.foreign_keys)


def _bytewise(connection: Connection, column: Column[Any]) -> Any:  # noqa: ANN401 - what a statement is ordered by
    # Text in the order of its bytes, as SQLite has it, whatever the server's language.
    is_text = connection.dialect.name == "postgresql" and isinstance(column.type, Text)
    return collate(column, "C") if is_text else column


def _fitting(table: Table, row: Sequence[Any], own: set[int]) -> tuple[Any, ...]:
    if not isinstance(row, list) or len(row) != len(table.columns):
        raise _odd(table)
    return tuple(
        None if place in own else _value(table, column, value)
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True))
    )


def _value(table: Table, column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - what JSON holds, what a column takes
    kind = column.type.python_type
    if value is None and column.nullable:
        return None
    if kind is bytes and isinstance(value, str):
        try:
            return b64decode(value, validate=True)
        except (Error, ValueError):
            raise _odd(table) from None
    if kind is float and type(value) in {int, float} and math.isfinite(value):
        return float(value)
    if type(value) is not kind or (kind is int and not -_LARGEST <= value < _LARGEST):
        raise _odd(table)
    return value


def _odd(table: Table) -> Invalid:
    return Invalid(f"A row of {table.name} is not what a dump holds. Nothing was loaded.", field="file")
