"""How fast a count grows."""

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.rank.velocity import per_day

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("looks", "pace"),
    [
        ([], 0.0),
        ([(0, 100)], 0.0),
        ([(4, 100), (0, 140)], 10.0),
        ([(9, 0), (4, 100), (2, 105), (0, 140)], 10.0),
        ([(0.5, 100), (0, 110)], 10.0),
        ([(3, 100), (0, 90)], 0.0),
        ([(30, 0), (20, 500)], 0.0),
        ([(1, 10), (-1, 500)], 0.0),
    ],
)
def test_a_count_grows_by_what_the_week_brought(looks: list[tuple[float, int]], pace: float) -> None:
    assert per_day([(NOW - timedelta(days=days), count) for days, count in looks], NOW) == pace
