"""Many rows and many keys at once, without the cost of building a statement for each."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, bindparam, func, select

T = TypeVar("T")
# Below the 32,766 parameters SQLite takes in one statement, and of one size so that statements are compiled once.
_AT_ONCE = 2_000


def insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], *, conflict: str = "") -> None:
    """Insert rows given as tuples in the order of the table's columns; ``conflict`` is an ON CONFLICT clause."""
    if rows:
        connection.exec_driver_sql(_insert(table, conflict, connection.dialect.name), list(rows))


def run(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Execute a statement with ``?`` marks once for each row."""
    if rows:
        connection.exec_driver_sql(_marked(statement, connection.dialect.name), list(rows))


def once(connection: Connection, statement: str, row: tuple[Any, ...]) -> int:
    """Execute a statement with ``?`` marks once, and tell how many rows it changed."""
    return connection.exec_driver_sql(_marked(statement, connection.dialect.name), row).rowcount


def first(connection: Connection, statement: str, row: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a row of whatever was asked
    """Execute a statement with ``?`` marks once, and give the first row it answers with; None for none."""
    return connection.exec_driver_sql(_marked(statement, connection.dialect.name), row).first()


@cache
def _insert(table: Table, conflict: str, dialect: str) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    return _marked(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks}) {conflict}', dialect)  # noqa: S608 - names are our own


@cache
def _marked(statement: str, dialect: str) -> str:
    return statement if dialect == "sqlite" else statement.replace("?", "%s")


@cache
def _with_keys(statement: Select[Any], column: ColumnElement[Any]) -> Select[Any]:
    return statement.where(column.in_(bindparam("keys", expanding=True)))


def by_keys(
    connection: Connection,
    statement: Select[Any],
    column: ColumnElement[Any],
    keys: Collection[Any],
    **values: str | int,
) -> Iterator[Any]:
    """Run ``statement`` for the rows whose ``column`` is one of ``keys``, however many there are.

    The statement is one that a module keeps, so that it is compiled once; ``values`` fill its parameters.
    """
    if not keys:
        return
    narrowed = _with_keys(statement, column)
    for some in chunks(list(keys)):
        # All at once: row by row takes twice the time.
        yield from connection.execute(narrowed, {"keys": some, **values}).all()


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Part a sequence into pieces that fit one statement."""
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def next_number(connection: Connection, column: Column[int]) -> int:
    """Give the next free number of a column that only the one writer counts up."""
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1
