"""Give papers away to who keeps copies, in an order that can be followed without missing any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.flow.house import House
from broadsheet.model.paper import Paper
from broadsheet.model.provided import Among, Provided
from broadsheet.store import provided

# A change bears the moment before its writer waited for its turn, a minute at most, and wrote; whoever asks again from
# this long ago has it.
_WRITING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Piece:
    """Papers in the order of their latest changes, and whether more follow now."""

    papers: tuple[Provided, ...]
    more: bool


def piece(house: House, among: Among, after: int, limit: int) -> Piece:
    """Give at most ``limit`` papers whose latest change has a number above ``after``."""
    with house.store.reading() as connection:
        if among.source and not provided.has_told(connection, among.source):
            # Whoever asks at will for what may stand anywhere in papers would have all of them read.
            return Piece((), more=False)
        found = provided.page(connection, among, after, limit + 1)
    return Piece(found[:limit], len(found) > limit)


def count(house: House) -> int:
    """Count all there is to give, what is gone too."""
    with house.store.reading() as connection:
        return provided.size(connection)


def one(house: House, number: int) -> tuple[Provided, Paper] | None:
    """Give a paper by its number, and as it was told last; None when there never was one."""
    with house.store.reading() as connection:
        return provided.by_number(connection, number)


def was_arxivs(house: House, number: int) -> bool:
    """Tell whether a paper that bears no id of arXiv's did so before it was parted from another one."""
    with house.store.reading() as connection:
        return number in provided.were_arxivs(connection, (number,))


def sources(house: House) -> Sequence[str]:
    """Name the sources that told of papers."""
    with house.store.reading() as connection:
        return provided.source_names(connection)


def earliest(house: House) -> datetime:
    """Give the moment before which nothing changed; now where there is nothing."""
    with house.store.reading() as connection:
        return provided.earliest(connection) or settled(house)


def settled(house: House) -> datetime:
    """Give the moment up to which all changes can be seen: a little ago, as some may still be being written."""
    return house.clock() - _WRITING
