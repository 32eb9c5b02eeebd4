"""The schema's version: looked up in a moment, and brought up to date with Alembic only when it is behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.resources import files

from sqlalchemy import Connection, inspect

from broadsheet.errors import Conflict

Opener = Callable[[], AbstractContextManager[Connection]]
# Every revision in migrations/versions, oldest first; a test holds the two together.
KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")


def bring_up_to_date(reading: Opener, writing: Opener) -> None:
    """Migrate to the newest known schema; raises Conflict when the database is of a newer Broadsheet."""
    with reading() as connection:
        if _version(connection) == KNOWN[-1]:
            return
    with writing() as connection:
        # Another process may have migrated while this one waited for its turn.
        if _version(connection) != KNOWN[-1]:
            _migrate(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if version is not None and version not in KNOWN:
        raise Conflict(
            f"The database has schema {version}, which this Broadsheet does not know (it knows up to {KNOWN[-1]}): "
            "it was last used by a newer one. Update Broadsheet, or open another database."
        )
    return version


def _migrate(connection: Connection) -> None:
    # Loaded only here: most starts find the schema as it should be.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("broadsheet.store") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
