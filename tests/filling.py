"""Rows for tests that care about a few columns of a table only."""

from typing import Any

from sqlalchemy import Table
from tests.papers import AT


def filled(table: Table, told: dict[str, Any]) -> dict[str, Any]:
    """Fill the columns of a row that nothing is told of and that must not be empty; what has no column is left out."""
    row = {name: value for name, value in told.items() if name in table.c}
    for column in table.columns:
        if column.name not in row and not column.nullable:
            is_moment = column.name == "at" or column.name.endswith(("_at", "until"))
            kind = column.type.python_type
            row[column.name] = AT.isoformat() if is_moment else 1 if kind is int else kind()
    return row
