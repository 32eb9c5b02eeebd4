"""Upvote a paper, and take that back: one transaction each, and no more in it than must be."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from broadsheet.errors import NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.keys import blinded
from broadsheet.flow.limits import HOUR_S, MINUTE_S, Rate, take_within
from broadsheet.flow.paper import show
from broadsheet.flow.scoring import count
from broadsheet.flow.voting.waiting import NEW, trust_of
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.store import upvotes
from broadsheet.store.connect import Connection
from broadsheet.store.payload import moment
from broadsheet.store.upvotes import Given

# More than anybody reads: what is changed without end would make the log endless.
_RATES = (Rate(30, MINUTE_S), Rate(300, HOUR_S))


def cast(house: House, reader: Reader, reference: str, *, network: str = "") -> Paper:
    """Upvote the paper known as ``reference``; one that the reader upvoted already stays as it is.

    ``network`` is any name of the network that it comes from, kept blinded. The upvote of an account that is new and
    not vouched for waits, and counts by itself once it is old enough. Raises Refused for a reader who may not, NotFound
    for no paper, TooMany for who changes their mind without end.
    """
    _admit(reader)
    paper, at = show(house, reference), house.clock()
    for _ in range(2):
        with house.store.writing() as connection:
            _slowly(connection, house, reader)
            given = Given(reader.id, paper.id, moment(at), _blinded(connection, house, network), "")
            waits = _waits(house, connection, reader, at)
            if upvotes.cast(connection, given._replace(waits=waits)):
                count(connection, paper.id, upvotes=not waits, waiting=bool(waits), at=at)
                return paper
            if paper.id in upvotes.of_reader(connection, reader.id, [paper.id]):
                return paper
        # It became part of another paper in this instant.
        paper = show(house, reference)
    raise NotFound(f"No paper is known as {reference[:200]!r}.")


def take_back(house: House, reader: Reader, reference: str) -> Paper:
    """Take an upvote back; without one nothing changes. Raises what ``cast`` does."""
    _admit(reader)
    paper, at = show(house, reference), house.clock()
    with house.store.writing() as connection:
        _slowly(connection, house, reader)
        waited = upvotes.take_back(connection, paper.id, reader.id)
        if waited is not None:
            count(connection, paper.id, upvotes=-(not waited), waiting=-bool(waited), at=at)
    return paper


def mine(house: House, reader: Reader | None, shown: Iterable[Paper]) -> dict[int, str]:
    """Give those of the papers that a reader upvoted, each with why that waits; nothing for anybody else."""
    if reader is None:
        return {}
    with house.store.reading() as connection:
        return upvotes.of_reader(connection, reader.id, [paper.id for paper in shown])


def _slowly(connection: Connection, house: House, reader: Reader) -> None:
    take_within(connection, house, "upvote", str(reader.id), _RATES)


def _blinded(connection: Connection, house: House, network: str) -> str:
    return blinded(connection, house, f"network {network}") if network else ""


def _admit(reader: Reader) -> None:
    if not reader.may("reader"):
        raise Refused("This account may not upvote: it is suspended or gone.")


def _waits(house: House, connection: Connection, reader: Reader, at: datetime) -> str:
    """Tell why an upvote has to wait; whether somebody vouched for a reader is asked only while that matters."""
    if at - reader.at >= timedelta(hours=house.settings.probation_h) or reader.may("moderator"):
        return ""
    (voter,) = upvotes.voters(connection, [reader.id])
    return "" if trust_of(voter) else NEW
