"""Dates as sources write them, read as moments."""

from datetime import UTC, datetime

import pytest

from broadsheet.model.selection import moment_of


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-06", datetime(2026, 3, 6, tzinfo=UTC)),
        ("2026-03-06T10:00:00Z", datetime(2026, 3, 6, 10, tzinfo=UTC)),
        ("2026-03-06T10:00:00+02:00", datetime(2026, 3, 6, 8, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("2026-13", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_date_of_any_precision_is_its_first_moment(text: str, moment: datetime | None) -> None:
    assert moment_of(text) == moment
