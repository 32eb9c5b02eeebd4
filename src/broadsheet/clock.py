"""Time is an argument: a clock is any callable that gives an aware UTC instant."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
Wait = Callable[[float], None]


def system_clock() -> datetime:
    """Read the machine's clock, aware and in UTC."""
    return datetime.now(UTC)
