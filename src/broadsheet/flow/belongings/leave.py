"""Leave for good: nothing of a reader stays but what they gave, under no name."""

import logging
from collections.abc import Sequence
from typing import Literal

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow import events, scoring
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.store import readers, rows_of

# What becomes of comments and of notes to submissions: taken back, or left standing without a name.
Words = Literal["withdraw", "keep"]
WORDS: Sequence[Words] = ("withdraw", "keep")


def leave(house: House, reader: Reader, *, handle: str, words: str) -> None:
    """Delete a reader, who types their handle to say that they mean it.

    Accounts, addresses, sessions, tokens, labels, searches and all they follow go. Upvotes stay, as those of a number
    that is nobody's; comments and submissions stay as nobody's too, emptied where ``words`` is ``withdraw``. What is
    gone can still be read off the disk until ``purge``. Raises Invalid for another handle or other words, NotFound for
    who has left already, and Refused for the last administrator.
    """
    if handle.strip().lower().removeprefix("@") != reader.handle:
        raise Invalid(
            f"Type your handle, {reader.handle}, to say that you mean it. Nothing was deleted.", field="handle"
        )
    if words not in WORDS:
        raise Invalid("Choose whether what you wrote is withdrawn or kept without your name.", field="words")
    with house.store.writing() as connection:
        known = readers.by_id(connection, reader.id)
        if known is None or known.state == "gone":
            raise NotFound("There is no such reader any more.")
        if known.may("admin") and rows_of.admins(connection) == 1:
            raise Refused("You are the only administrator. Make somebody else one first.")
        if words == "withdraw":
            emptied = rows_of.withdraw_words(connection, reader.id)
            scoring.rescore(connection, emptied, house.clock())
        rows_of.forget(connection, reader.id, reader.handle)
    events.tell(logging.INFO, "reader left", number=reader.id, words=words)
