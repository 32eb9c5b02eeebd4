"""Suspend readers and let them back."""

from datetime import datetime, timedelta

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.moderating import acts
from broadsheet.flow.moderating.acts import Subject
from broadsheet.model.reader import ROLES, Reader
from broadsheet.store import readers, suspensions
from broadsheet.store.connect import Connection

LONGEST_DAYS = 3_650


def suspend(house: House, by: Reader, handle: str, why: str, *, days: int | None = None) -> Reader:
    """Let a reader only read, for some days or until somebody lets them back.

    Raises Refused for oneself and for who has as much to say, Invalid (field ``days``) outside 1 to LONGEST_DAYS.
    """
    done = acts.deed(house, by, "suspend", why)
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A suspension takes 1 to {LONGEST_DAYS:,} days, or has no end.", field="days")
    until = None if days is None else done.at + timedelta(days=days)
    with house.store.writing() as connection:
        reader = _subordinate(connection, by, handle)
        if _is_suspended(reader, done.at) and reader.suspended_until == until:
            raise Conflict(f"@{handle} is suspended already.")
        suspensions.begin(connection, reader.id, until, done.why)
        about = Subject("reader", reader.id, f"@{reader.handle}")
        reported = acts.record(connection, done, about)
        ends = f" until {until.date().isoformat()}" if until else ""
        acts.tell(connection, [reader.id], f"Your account is suspended{ends}: {done.why}", done, about)
        acts.tell(connection, reported, f"@{reader.handle}, whom you reported, is suspended{ends}.", done, about)
    return reader


def reinstate(house: House, by: Reader, handle: str, why: str) -> Reader:
    """Let a suspended reader write again; raises Conflict for one who is not suspended."""
    done = acts.deed(house, by, "reinstate", why)
    with house.store.writing() as connection:
        reader = _subordinate(connection, by, handle)
        if reader.state != "suspended":
            raise Conflict(f"@{handle} is not suspended.")
        suspensions.end(connection, reader.id)
        about = Subject("reader", reader.id, f"@{reader.handle}")
        acts.record(connection, done, about)
        acts.tell(connection, [reader.id], f"Your account is open again: {done.why}", done, about)
    return reader


def suspended(house: House) -> tuple[Reader, ...]:
    """Give the readers who are suspended now, by handle."""
    at = house.clock()
    with house.store.reading() as connection:
        return tuple(reader for reader in suspensions.everyone(connection) if _is_suspended(reader, at))


def _is_suspended(reader: Reader, at: datetime) -> bool:
    return reader.state == "suspended" and (reader.suspended_until is None or reader.suspended_until > at)


def _subordinate(connection: Connection, by: Reader, handle: str) -> Reader:
    reader = readers.by_handle(connection, handle.strip().removeprefix("@").lower())
    if reader is None or reader.state == "gone":
        raise NotFound(f"Nobody here is called @{handle[:40]}.")
    if reader.id == by.id or ROLES.index(reader.role) >= ROLES.index(by.role):
        raise Refused("Moderators decide about readers, and administrators about moderators; nobody about themselves.")
    return reader
