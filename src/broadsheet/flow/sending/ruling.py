"""What the operator decides: what became of digests in doubt, and whether dead letters are sent again."""

import logging

from broadsheet.errors import NotFound
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.store import dead_letters, digests


def arrived(house: House, operator: Reader, number: int) -> None:
    """Say of a digest in doubt that it arrived; raises NotFound for one that is in no doubt."""
    _rule(house, operator, number, has_arrived=True)


def send_again(house: House, operator: Reader, number: int) -> None:
    """Let a digest in doubt be sent once more, the same as it was; raises NotFound for one that is in no doubt."""
    _rule(house, operator, number, has_arrived=False)


def retry(house: House, operator: Reader, number: int) -> None:
    """Let a dead letter be made anew and sent; raises NotFound for what is none."""
    with house.store.writing() as connection:
        there = dead_letters.revive(connection, number, house.clock())
    if not there:
        raise NotFound("There is no dead letter of this number any more.")
    events.tell(logging.INFO, "dead letter revived", digest=number, reader=operator.handle)


def _rule(house: House, operator: Reader, number: int, *, has_arrived: bool) -> None:
    with house.store.writing() as connection:
        there = digests.rule(connection, number, house.clock(), arrived=has_arrived)
    if not there:
        raise NotFound("This digest is in no doubt any more.")
    events.tell(logging.INFO, "doubt ended", digest=number, arrived=has_arrived, reader=operator.handle)
