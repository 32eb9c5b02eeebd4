"""How often anybody may do something: rates that all processes hold together.

The generic cell rate algorithm (ITU-T I.371, annex A): of each rate only one instant is kept, at which whoever asks
evenly would come next. So many may come at once, and then one after each part of the time.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.errors import TooMany
from broadsheet.flow import events, keys
from broadsheet.flow.house import House
from broadsheet.store import limits
from broadsheet.store.connect import Connection

MINUTE_S, HOUR_S, DAY_S = 60.0, 3_600.0, 86_400.0
# Instants are kept as floats of some 1.8e9 seconds, which tell a quarter of a microsecond apart.
_ROUNDING_S = 1e-5


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``times`` at once, and so many again evenly in ``per_s`` seconds."""

    times: int
    per_s: float


def take(house: House, what: str, who: str, rates: Sequence[Rate]) -> None:
    """Count one more of ``what`` by ``who`` against all ``rates``, in a transaction of its own.

    Raises TooMany with the seconds to wait when any rate is used up; then nothing is counted. ``who`` is kept only
    hashed, so it may be an address.
    """
    with house.store.writing() as connection:
        take_within(connection, house, what, who, rates)


def take_within(connection: Connection, house: House, what: str, who: str, rates: Sequence[Rate]) -> None:
    """Do what ``take`` does inside a transaction for writing that is already open."""
    whose = keys.blinded(connection, house, f"{what} {who}")
    now_s = house.clock().timestamp()
    names = {f"{what}:{whose}:{rate.times}/{rate.per_s:g}": rate for rate in rates}
    known = limits.by_names(connection, names)
    next_s, wait_s = {}, 0.0
    for name, rate in names.items():
        next_s[name] = max(now_s, known.get(name, 0.0)) + rate.per_s / rate.times
        wait_s = max(wait_s, next_s[name] - rate.per_s - now_s)
    if wait_s > _ROUNDING_S:
        events.tell(logging.WARNING, "too many", what=what)
        raise TooMany(f"That was too often. Try again in {_spoken(wait_s)}.", retry_after_s=wait_s)
    limits.put(connection, next_s)


def sweep(house: House) -> int:
    """Forget whoever is ahead of no rate any more; gives how many entries that were."""
    with house.store.writing() as connection:
        return limits.sweep(connection, house.clock().timestamp())


def _spoken(seconds: float) -> str:
    for unit, length_s in (("day", DAY_S), ("hour", HOUR_S), ("minute", MINUTE_S)):
        if seconds > length_s:
            number = -int(-seconds // length_s)
            return f"{number} {unit}s"
    number = max(1, -int(-seconds // 1))
    return f"{number} second{'' if number == 1 else 's'}"
