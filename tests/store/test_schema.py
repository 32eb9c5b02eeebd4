"""The schema is what the migrations make of it, and a newer one is refused with a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.papers import AT

from broadsheet.errors import Conflict
from broadsheet.store import migrations
from broadsheet.store.connect import Store, open_store
from broadsheet.store.schema_version import KNOWN
from broadsheet.store.tables import metadata

Open = Callable[[str], Store]


def differences(store: Store) -> list[object]:
    with store.reading() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_the_migrations_make_the_schema_on_sqlite(open_sqlite: Open) -> None:
    assert differences(open_sqlite("p.db")) == []


def test_the_migrations_make_the_schema_on_postgresql(postgresql_store: Store) -> None:
    assert differences(postgresql_store) == []


def test_the_known_revisions_are_the_migrations() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == KNOWN


def test_a_newer_schema_is_refused(open_sqlite: Open, tmp_path: Path) -> None:
    store = open_sqlite("p.db")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(Conflict, match="newer"):
        open_store(f"sqlite:///{tmp_path / 'p.db'}", clock=lambda: AT)


def test_opening_a_store_that_is_up_to_date_only_looks_at_its_version(open_sqlite: Open) -> None:
    open_sqlite("p.db").close()
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement.split(maxsplit=1)[0])

    event.listen(Engine, "before_cursor_execute", see)
    try:
        open_sqlite("p.db").close()
    finally:
        event.remove(Engine, "before_cursor_execute", see)
    assert set(seen) <= {"BEGIN", "SELECT", "PRAGMA"}
    assert len(seen) <= 8, seen
