"""Upvote a paper, and take that back: one transaction each, and no more of it than must be."""

from datetime import datetime, timedelta

from broadsheet.errors import NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.scoring import count
from broadsheet.flow.voting.waiting import NEW, trust_of
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.store import upvotes
from broadsheet.store.connect import Connection
from broadsheet.store.payload import moment
from broadsheet.store.upvotes import Given


def cast(house: House, reader: Reader, reference: str, *, network: str = "") -> Paper:
    """Upvote the paper known as ``reference``; one that the reader upvoted already stays as it is.

    ``network`` is any name of the network that it comes from. The upvote of an account that is new and not vouched for
    waits, and counts by itself once it is old enough. Raises Refused for a reader who may not, NotFound for no paper.
    """
    _admit(reader)
    paper, at = show(house, reference), house.clock()
    for _ in range(2):
        with house.store.writing() as connection:
            waits = _waits(house, connection, reader, at)
            if upvotes.cast(connection, Given(reader.id, paper.id, moment(at), network, waits)):
                count(connection, paper.id, upvotes=not waits, waiting=bool(waits), at=at)
                return paper
            if paper.id in upvotes.of_reader(connection, reader.id, [paper.id]):
                return paper
        # It became part of another paper in this instant.
        paper = show(house, reference)
    raise NotFound(f"No paper is known as {reference[:200]!r}.")


def take_back(house: House, reader: Reader, reference: str) -> Paper:
    """Take an upvote back; without one nothing changes. Raises Refused and NotFound as ``cast`` does."""
    _admit(reader)
    paper, at = show(house, reference), house.clock()
    with house.store.writing() as connection:
        waited = upvotes.take_back(connection, paper.id, reader.id)
        if waited is not None:
            count(connection, paper.id, upvotes=-(not waited), waiting=-bool(waited), at=at)
    return paper


def _admit(reader: Reader) -> None:
    if not reader.may("reader"):
        raise Refused("This account may not upvote: it is suspended or gone.")


def _waits(house: House, connection: Connection, reader: Reader, at: datetime) -> str:
    """Tell why an upvote has to wait; whether somebody vouched for a reader is asked only while that matters."""
    if at - reader.at >= timedelta(hours=house.settings.probation_h) or reader.may("moderator"):
        return ""
    (voter,) = upvotes.voters(connection, [reader.id])
    return "" if trust_of(voter) else NEW
