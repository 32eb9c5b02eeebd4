"""Signing in with another site's word, and which accounts there are a reader's.

Issuer and subject together say who somebody is, and nothing else does: whoever gives a mail address is not yet the
reader who has it here, for not every site asks whose it is (TRUST E9).
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from broadsheet.credentials import oidc
from broadsheet.credentials.oidc import Identity, Started
from broadsheet.credentials.provider import Provider
from broadsheet.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from broadsheet.flow import events, limits
from broadsheet.flow.accounts import ceremonies, newcomers, sessions, ways
from broadsheet.flow.accounts.registered import named, read_providers
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, MINUTE_S, Rate
from broadsheet.model.reader import Reader
from broadsheet.store import identities, readers
from broadsheet.store import sessions as store
from broadsheet.store.ceremonies import Ceremony
from broadsheet.store.connect import Connection
from broadsheet.store.identities import Linked

_ASKING = (Rate(10, MINUTE_S), Rate(100, HOUR_S))


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a sign-in is for: to go on somewhere, to link an account to ``reader_id``, to join by an invitation."""

    going_to: str = "/"
    reader_id: int | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the secret that it keeps until it comes back."""

    site: str
    url: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Back:
    """What a browser brings back: the secret that it kept, and the names and values in the query of the address."""

    secret: str = field(repr=False)
    answer: Iterable[tuple[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """What a sign-in led to: the secret of a session, or of joining where there is no account yet, or neither."""

    going_to: str
    session: str = field(default="", repr=False)
    joining: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """A reader's accounts elsewhere, each with what its site is called, and the sites where they have none."""

    linked: list[tuple[Linked, str]]
    others: Mapping[str, str]


def offered(house: House) -> dict[str, str]:
    """Give what each provider is called, by its name in addresses."""
    return {name: provider.name for name, provider in read_providers(house.settings).items()}


def called(house: House, name: str) -> str:
    """Give what a provider is called; raises NotFound for one that is not set up."""
    return named(house.settings, name).name


def count_asking(house: House, network: str) -> None:
    """Count a sign-in that begins or ends; raises TooMany when a network does so too often."""
    limits.take(house, "other site asked", network, _ASKING)


def redirect_uri(house: House, name: str) -> str:
    """Give where browsers come back to from a provider: an address of this one alone (RFC 9700, section 4.4)."""
    return f"{house.settings.public_url.rstrip('/')}/sign-in/with/{name}"


def begin(house: House, name: str, purpose: Purpose) -> Begun:
    """Begin to sign in at a provider.

    Raises NotFound for one that is not set up, Unavailable when it does not answer, and Refused when it cannot be used.
    """
    provider = named(house.settings, name)
    with _noted(provider):
        started = oidc.begin(provider, redirect_uri(house, name), house.ask, house.clock())
    payload = {
        "state": started.state,
        "nonce": started.nonce,
        "verifier": started.verifier,
        "issuer": started.issuer,
        "redirect_uri": started.redirect_uri,
        "at": started.at.isoformat(),
        "next": purpose.going_to,
        "letter": purpose.letter,
    }
    secret = ceremonies.begin(house, ceremonies.PROVIDER, payload, purpose.reader_id)
    return Begun(provider.name, started.url, secret)


def finish(house: House, name: str, back: Back, browser: sessions.Browser, reader: Reader | None = None) -> Ended:
    """Sign in, link or let join who came back; ``reader`` is who is signed in here.

    Raises Refused for whatever proves nothing and for who may not join, Conflict for an account that is another
    reader's, Unavailable when the provider does not answer. Nothing can be tried twice.
    """
    provider = named(house.settings, name)
    ceremony = ceremonies.end(house, ceremonies.PROVIDER, back.secret)
    with _noted(provider):
        identity = oidc.finish(provider, _started(ceremony), back.answer, house.ask, house.clock())
    try:
        with house.store.writing() as connection:
            if ceremony.reader_id is None:
                return _sign_in(connection, house, identity, ceremony, browser)
            _link(connection, house, identity, ceremony, reader)
    except (Refused, Conflict) as error:
        events.tell(logging.WARNING, "sign-in failed", provider=provider.name, reason=str(error))
        raise
    return Ended("/account#providers")


def standing(house: House, reader: Reader) -> Standing:
    """Tell where a reader has accounts that sign them in here, and where they could have one."""
    providers = read_providers(house.settings)
    with house.store.reading() as connection:
        linked = identities.of_reader(connection, reader.id)
    called = {provider.issuer: provider.name for provider in providers.values()}
    mine = {each.issuer for each in linked}
    others = {name: provider.name for name, provider in providers.items() if provider.issuer not in mine}
    return Standing([(each, called.get(each.issuer, each.issuer)) for each in linked], others)


def unlink(house: House, reader: Reader, issuer: str, subject: str, *, session: str) -> None:
    """Forget an account elsewhere of a reader and end all their sessions but this one.

    Raises NotFound for one that is not theirs, Conflict for the last way to sign in.
    """
    with house.store.writing() as connection:
        mine = {(each.issuer, each.subject) for each in identities.of_reader(connection, reader.id)}
        if (issuer, subject) not in mine:
            raise NotFound("This is no account of yours.")
        if issuer in {provider.issuer for provider in read_providers(house.settings).values()}:
            ways.keep_one(connection, house, reader.id)
        identities.remove(connection, reader.id, issuer, subject)
        store.end(connection, reader.id, but=session)
    events.tell(logging.WARNING, "other site unlinked", reader=reader.handle, issuer=issuer)


def _started(ceremony: Ceremony) -> Started:
    told = ceremony.payload
    return Started(
        url="",
        state=told["state"],
        nonce=told["nonce"],
        verifier=told["verifier"],
        issuer=told["issuer"],
        redirect_uri=told["redirect_uri"],
        at=datetime.fromisoformat(told["at"]),
    )


def _link(connection: Connection, house: House, identity: Identity, ceremony: Ceremony, reader: Reader | None) -> None:
    if reader is None or reader.id != ceremony.reader_id:
        raise Refused("Another reader began this. Nothing was changed; begin anew on your account page.")
    owner = identities.owner_of(connection, identity.issuer, identity.subject)
    if owner not in {None, reader.id}:
        raise Conflict("This account belongs to another reader here already. Nothing was changed.")
    if owner is None:
        identities.insert(connection, newcomers.linked(identity, reader.id, house.clock()))
        events.tell(logging.WARNING, "other site linked", reader=reader.handle, issuer=identity.issuer)


def _sign_in(
    connection: Connection, house: House, identity: Identity, ceremony: Ceremony, browser: sessions.Browser
) -> Ended:
    number = identities.owner_of(connection, identity.issuer, identity.subject)
    going_to = ceremony.payload["next"]
    if number is None:
        joining = newcomers.admit(connection, house, identity, ceremony.payload)
        return Ended("/join/with", joining=joining)
    reader = readers.by_id(connection, number)
    if reader is None or reader.state == "gone":
        raise Refused("This account is no more.")
    return Ended(going_to, session=sessions.begin_within(connection, house, reader, "oidc", browser))


@contextmanager
def _noted(provider: Provider) -> Iterator[None]:
    """Tell the log what goes wrong at a provider, and readers what they can do about it."""
    try:
        yield
    except Refused as error:
        events.tell(logging.WARNING, "sign-in failed", provider=provider.name, reason=str(error))
        raise
    except (Unavailable, Invalid) as error:
        events.tell(logging.ERROR, "other site failed", provider=provider.name, reason=str(error))
        raise Unavailable(
            f"{provider.name} does not answer as it should. Nothing was changed; sign in in another way, or try again "
            "later."
        ) from error
