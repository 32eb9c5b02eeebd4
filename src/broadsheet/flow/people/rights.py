"""Who may mend what is known of an author, and that they say why."""

import logging

from broadsheet.errors import Invalid, Refused
from broadsheet.flow import events
from broadsheet.model.author import MAX_WHY, Person
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.store import claims
from broadsheet.store.connect import Connection


def active(reader: Reader) -> None:
    """Let a reader pass who may do something here; raises Refused for one who is suspended or gone."""
    if not reader.may("reader"):
        raise Refused("Your account is suspended: you may read, and not write.")


def moderating(by: Reader, why: str) -> str:
    """Give the reason of a moderator; raises Refused for anybody else, Invalid (field ``why``) without one."""
    if not by.may("moderator"):
        events.tell(logging.WARNING, "refused", reader=by.handle, wanted="moderator")
        raise Refused("This is for moderators.")
    return reason(why)


def shaping(connection: Connection, by: Reader, person: Person, why: str) -> str:
    """Give the reason of somebody who may mend a page; raises as ``moderating`` does."""
    if not may_shape(connection, by, person):
        raise Refused("Claim this page first: it is mended by its author and by moderators.")
    return reason(why)


def may_shape(connection: Connection, reader: Reader | None, person: Person) -> bool:
    """Tell whether a reader may mend what is known of an author: a moderator, or who was granted to be them."""
    if reader is None or not reader.may("reader"):
        return False
    return reader.may("moderator") or (bool(person.id) and claims.has_granted(connection, reader.id, person.id))


def reason(why: str) -> str:
    """Read why somebody does something; raises Invalid (field ``why``) for nothing, or too much."""
    words = clean(why[: 20 * MAX_WHY])
    if not 0 < len(words) <= MAX_WHY:
        raise Invalid(f"Say why, in 1 to {MAX_WHY} characters: everybody can read it.", field="why")
    return words
