"""Times as they are written here."""

from datetime import UTC, datetime

from broadsheet.model.selection import moment_of


def instant(text: str) -> str | None:
    """Write an ISO 8601 time of whatever precision, its first moment, in UTC with Z; None for none."""
    at = moment_of(text)
    return stamp(at) if at else None


def stamp(at: datetime) -> str:
    """Write an instant in whole seconds of UTC with Z."""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return f"{aware:%Y-%m-%dT%H:%M:%S}Z".rjust(len("2026-03-06T03:55:12Z"), "0")
