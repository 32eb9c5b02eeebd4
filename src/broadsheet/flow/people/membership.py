"""Members: who asks to belong to an organisation, who is invited, and who lets them in."""

import logging
from dataclasses import dataclass
from typing import Literal

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow import events, limits
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, Rate
from broadsheet.flow.people import organisations as flow
from broadsheet.flow.people.rights import active
from broadsheet.model.notice import Kind
from broadsheet.model.organisation import INSIDE, Organisation, Role
from broadsheet.model.reader import Reader
from broadsheet.store import addresses, members, notices, organisations, readers
from broadsheet.store.connect import Connection

MAX_MEMBERS = 1_000
# Each tells somebody: so often a day a reader may ask to join, and a keeper give others a part.
_JOINING = (Rate(20, DAY_S),)
_PLACING = (Rate(100, DAY_S),)
# What a keeper can do with a reader: let them in, make them a keeper or no longer one, ask them in, take them out.
Wish = Literal["member", "keeper", "invited", "none"]
WISHES: tuple[Wish, ...] = ("member", "keeper", "invited", "none")


@dataclass(frozen=True, slots=True)
class Part:
    """A viewer's part in an organisation, and whether they may say who belongs to it."""

    role: Role | None = None
    keeps: bool = False
    moderates: bool = False


def join(house: House, reader: Reader, slug: str) -> Role:
    """Ask to belong to an organisation; gives the part the reader has then.

    Who was invited, or has shown to have an address at its domain, is a member at once. Raises NotFound, Refused for
    who is suspended, or when it takes no more, TooMany.
    """
    active(reader)
    shown = flow.show(house, slug).organisation
    with house.store.writing() as connection:
        known = flow.kept(house, connection, shown)
        role = members.role_of(connection, known.id, reader.id)
        if role is not None and role in INSIDE:
            return role
        if role is None and len(members.of(connection, known.id)) >= MAX_MEMBERS:
            raise Refused(f"{MAX_MEMBERS:,} people belong to this organisation or ask to. It takes no more.")
        now: Role = "member" if role == "invited" or _is_of_the_domain(connection, known, reader) else "asked"
        if now == role:
            return now
        limits.take_within(connection, house, "membership asked", str(reader.id), _JOINING)
        members.put(connection, known.id, reader.id, now, at=house.clock())
        if now == "asked":
            _tell_keepers(house, connection, known, f"{reader.name} asks to join {known.name}", reader)
        events.tell(logging.INFO, "membership", reader=reader.handle, organisation=known.slug, role=now)
        return now


def leave(house: House, reader: Reader, slug: str) -> None:
    """Belong to an organisation no longer, or ask no more; raises NotFound, Conflict for the last keeper."""
    with house.store.writing() as connection:
        known = _known(connection, slug)
        _not_the_last(connection, known, reader.id)
        members.remove(connection, known.id, reader.id)
        events.tell(logging.INFO, "membership", reader=reader.handle, organisation=known.slug, role="left")


def place(house: House, by: Reader, slug: str, handle: str, wish: str) -> None:
    """Give a reader a part in an organisation, or take it away. For keepers and moderators.

    A keeper invites, and lets in who asked; nobody becomes a member without wanting it. Raises Refused, NotFound,
    Invalid, Conflict for the last keeper or who did not ask, and TooMany.
    """
    if wish not in WISHES:
        raise Invalid("Somebody can be let in, invited, made a keeper, or taken out.", field="role")
    with house.store.writing() as connection:
        known = flow.may_keep(connection, by, slug)
        other = readers.by_handle(connection, handle.strip().removeprefix("@").lower())
        if other is None or other.state == "gone":
            raise NotFound(f"There is no reader @{handle[:40]}.")
        role = members.role_of(connection, known.id, other.id)
        if wish in {"member", "none"}:
            _not_the_last(connection, known, other.id)
        if wish == "none":
            members.remove(connection, known.id, other.id)
        elif (now := _becomes(wish, role)) != role:
            limits.take_within(connection, house, "membership given", str(by.id), _PLACING)
            members.put(connection, known.id, other.id, now, at=house.clock())
            words = {"invited": "You are invited to join", "keeper": "You keep the page of", "member": "You belong to"}
            told = notices.Matter(f"{words[now]} {known.name}", house.clock(), by.id)
            if other.id != by.id:
                notices.tell(connection, {other.id: "moderation"}, told)
        events.tell(logging.INFO, "membership", reader=other.handle, organisation=known.slug, role=wish, by=by.handle)


def part_of(house: House, organisation: Organisation, viewer: Reader | None) -> Part:
    """Tell what a viewer may do with an organisation; one statement."""
    if viewer is None or not viewer.may("reader"):
        return Part()
    with house.store.reading() as connection:
        role = members.role_of(connection, organisation.id, viewer.id) if organisation.id else None
    moderates = viewer.may("moderator")
    return Part(role, (role == "keeper" or moderates) and bool(organisation.id), moderates)


def of_reader(house: House, reader: Reader) -> tuple[tuple[str, str, Role], ...]:
    """Give the organisations in which a reader has a part: slug, name and part."""
    with house.store.reading() as connection:
        return members.of_reader(connection, reader.id)


def _becomes(wish: str, role: Role | None) -> Role:
    if wish == "invited":
        return "member" if role == "asked" else role or "invited"
    if role is None or role == "invited":
        raise Conflict("They have not asked to join. Invite them; they become a member by joining.")
    return "keeper" if wish == "keeper" else "member"


def _not_the_last(connection: Connection, known: Organisation, reader_id: int) -> None:
    keepers = {each.reader_id for each in members.of(connection, known.id) if each.role == "keeper"}
    if keepers == {reader_id}:
        raise Conflict("The last keeper stays until there is another one. Make somebody else a keeper first.")


def _is_of_the_domain(connection: Connection, known: Organisation, reader: Reader) -> bool:
    if not known.domain:
        return False
    return any(each.key.rpartition("@")[2] == known.domain for each in addresses.of_reader(connection, reader.id))


def _tell_keepers(house: House, connection: Connection, known: Organisation, words: str, by: Reader) -> None:
    keepers = [each.reader_id for each in members.of(connection, known.id) if each.role == "keeper"]
    kinds: dict[int, Kind] = dict.fromkeys(keepers, "moderation")
    notices.tell(connection, kinds, notices.Matter(words, house.clock(), by.id))


def _known(connection: Connection, slug: str) -> Organisation:
    known = organisations.by_slugs(connection, [slug]).get(slug)
    if known is None:
        raise flow.absent(slug)
    return known
