"""Both databases keep, give and lose what is a reader's alike; a house moves from each to the other."""

from collections.abc import Callable

import pytest
from sqlalchemy import ForeignKey
from tests.contracts.belongings import BelongingsContract, MovingContract

from broadsheet.store import rows_of
from broadsheet.store.connect import Store
from broadsheet.store.schema_accounts import readers
from broadsheet.store.tables import metadata
from broadsheet.store.whole import TRANSIENT, tables


class TestSqlite(BelongingsContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")


class TestPostgresql(BelongingsContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store


class TestFromSqliteToPostgresql(MovingContract):
    @pytest.fixture
    def store(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("p.db")

    @pytest.fixture
    def other(self, postgresql_store: Store) -> Store:
        return postgresql_store


class TestFromPostgresqlToSqlite(MovingContract):
    @pytest.fixture
    def store(self, postgresql_store: Store) -> Store:
        return postgresql_store

    @pytest.fixture
    def other(self, open_sqlite: Callable[[str], Store]) -> Store:
        return open_sqlite("q.db")


def references(*targets: str) -> set[str]:
    """Name every column that refers to one of the columns."""
    keys: list[ForeignKey] = [key for table in metadata.sorted_tables for key in table.foreign_keys]
    return {f"{key.parent.table.name}.{key.parent.name}" for key in keys if key.target_fullname in targets}


def named(columns: object) -> set[str]:
    return {f"{column.table.name}.{column.name}" for column in columns}  # type: ignore[attr-defined]


def test_every_column_that_says_whose_a_row_is_is_told_of() -> None:
    assert references(f"{readers.name}.id") == named(one.column for one in rows_of.BELONGINGS)


def test_every_column_that_refers_to_what_is_a_readers_is_told_of() -> None:
    owned = {one.column.table.name for one in rows_of.BELONGINGS} - {readers.name}
    found = references(*(f"{name}.id" for name in owned))
    assert found == named(one.column for one in rows_of.BENEATH) | named(rows_of.OTHERS)


def test_names_in_an_export_are_all_different() -> None:
    names = [one.name for one in (*rows_of.BELONGINGS, *rows_of.BENEATH)]
    assert len(set(names)) == len(names)


def test_every_table_is_carried_along_or_named_as_of_the_moment() -> None:
    assert {table.name for table in tables()} | TRANSIENT == set(metadata.tables)
