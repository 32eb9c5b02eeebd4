"""Passkeys: keys that readers' devices keep, to sign in with, and to moderate."""

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from broadsheet.credentials import passkeys as craft
from broadsheet.credentials.passkeys import Passkey, Site, site_at
from broadsheet.errors import Conflict, NotFound, Refused
from broadsheet.flow import events, limits
from broadsheet.flow.accounts import ceremonies, sessions, ways
from broadsheet.flow.accounts.admission import read_name
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, MINUTE_S, Rate
from broadsheet.model.reader import Reader
from broadsheet.store import passkeys, readers
from broadsheet.store import sessions as store
from broadsheet.store.passkeys import Kept

MOST = 20
_ADDING = (Rate(20, HOUR_S),)
_ASKING = (Rate(10, MINUTE_S), Rate(100, HOUR_S))


@dataclass(frozen=True, slots=True)
class Begun:
    """What a page asks the device for, as JSON, and the secret that the browser keeps until the answer comes."""

    options: str
    secret: str = field(repr=False)


def listed(house: House, reader: Reader) -> list[Kept]:
    """Give a reader's passkeys, first come first."""
    with house.store.reading() as connection:
        return passkeys.of_reader(connection, reader.id)


def ask_to_add(house: House, reader: Reader) -> Begun:
    """Ask a reader's device for a new passkey; raises Conflict for one too many, and TooMany.

    Raises Invalid where browsers make none: at an address without a name.
    """
    site = _site(house)
    with house.store.writing() as connection:
        limits.take_within(connection, house, "passkey added", str(reader.id), _ADDING)
        mine = passkeys.of_reader(connection, reader.id)
        if len(mine) >= MOST:
            raise Conflict(f"You have {MOST} passkeys. Remove one that is not used any more.")
        handle = mine[0].user_handle if mine else craft.new_user_handle()
        asked = craft.ask_to_register(site, handle, reader.handle, [_as_craft(each) for each in mine])
        payload = {"challenge": _coded(asked.challenge), "handle": _coded(handle)}
        begun = ceremonies.begin_within(connection, house, ceremonies.NEW_PASSKEY, payload, reader.id)
    return Begun(asked.options, begun)


def add(house: House, reader: Reader, secret: str, answer: str, name: str) -> None:
    """Keep the passkey that a reader's device made.

    Raises Refused for whatever proves nothing, Invalid for a name that cannot be, Conflict for one that is kept.
    """
    called, site = read_name(name), _site(house)
    ceremony = ceremonies.end(house, ceremonies.NEW_PASSKEY, secret)
    with _noted(reader.handle):
        if ceremony.reader_id != reader.id:
            raise Refused("Another reader began this. Nothing was changed; begin anew on your account page.")
        made = craft.register(site, _raw(ceremony.payload["challenge"]), answer, called)
        with house.store.writing() as connection:
            if passkeys.by_id(connection, _coded(made.id)) is not None:
                raise Conflict("This passkey is in use here already.")
            passkeys.insert(connection, _as_kept(house, made, reader, _raw(ceremony.payload["handle"])))
    events.tell(logging.WARNING, "passkey added", reader=reader.handle)


def rename(house: House, reader: Reader, id_: str, name: str) -> None:
    """Call a passkey something else; raises Invalid for a name that cannot be, NotFound for none of the reader's."""
    called = read_name(name)
    with house.store.writing() as connection:
        renamed = passkeys.rename(connection, reader.id, id_, called)
    if not renamed:
        raise NotFound("This is no passkey of yours.")


def remove(house: House, reader: Reader, id_: str, *, session: str) -> None:
    """Forget a passkey of a reader and end all their sessions but this one.

    Raises NotFound for one that is not theirs, Conflict for the last way to sign in.
    """
    with house.store.writing() as connection:
        if id_ not in {each.id for each in passkeys.of_reader(connection, reader.id)}:
            raise NotFound("This is no passkey of yours.")
        ways.keep_one(connection, house, reader.id)
        passkeys.remove(connection, reader.id, id_)
        store.end(connection, reader.id, but=session)
    events.tell(logging.WARNING, "passkey removed", reader=reader.handle)


def forget_all(house: House, reader: Reader) -> int:
    """Forget all passkeys of a reader who has lost them, and end their sessions; gives how many. For the operator."""
    with house.store.writing() as connection:
        gone = passkeys.remove(connection, reader.id)
        store.end(connection, reader.id)
    events.tell(logging.WARNING, "passkeys forgotten", reader=reader.handle, passkeys=gone)
    return gone


def ask_to_sign_in(house: House, network: str, reader: Reader | None = None) -> Begun:
    """Ask a device to sign in: with a passkey of ``reader`` who is signed in already, else with any for this site.

    Raises TooMany when a network asks too often.
    """
    site = _site(house)
    with house.store.writing() as connection:
        limits.take_within(connection, house, "passkey asked", network, _ASKING)
        mine = passkeys.of_reader(connection, reader.id) if reader else []
        asked = craft.ask_to_sign_in(site, [_as_craft(each) for each in mine])
        begun = ceremonies.begin_within(connection, house, ceremonies.PASSKEY, {"challenge": _coded(asked.challenge)})
    return Begun(asked.options, begun)


def sign_in(house: House, secret: str, answer: str, browser: sessions.Browser) -> str:
    """Sign in whose device answered and give the session's secret; raises Refused for whatever proves nothing."""
    ceremony = ceremonies.end(house, ceremonies.PASSKEY, secret)
    with _noted():
        named, site = _coded(craft.passkey_named(answer)), _site(house)
        with house.store.writing() as connection:
            kept = passkeys.by_id(connection, named)
            reader = readers.by_id(connection, kept.reader_id) if kept else None
            if kept is None or reader is None or reader.state == "gone":
                raise Refused("This passkey is not known here. Sign in in another way, then add it to your account.")
            challenge = _raw(ceremony.payload["challenge"])
            proved = craft.sign_in(site, challenge, answer, _as_craft(kept), kept.user_handle)
            passkeys.used(connection, kept.id, proved.sign_count, house.clock())
            return sessions.begin_within(connection, house, reader, "passkey", browser)


@contextmanager
def _noted(handle: str = "") -> Iterator[None]:
    """Tell the log why a passkey was not taken."""
    try:
        yield
    except (Refused, Conflict) as error:
        events.tell(logging.WARNING, "passkey refused", reader=handle, reason=str(error))
        raise


def _site(house: House) -> Site:
    return site_at(house.settings.public_url, house.settings.site_name)


def _as_craft(kept: Kept) -> Passkey:
    return Passkey(_raw(kept.id), kept.public_key, kept.sign_count, kept.transports, kept.name)


def _as_kept(house: House, made: Passkey, reader: Reader, handle: bytes) -> Kept:
    return Kept(
        id=_coded(made.id),
        reader_id=reader.id,
        user_handle=handle,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        name=made.name,
        at=house.clock(),
    )


def _coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")
