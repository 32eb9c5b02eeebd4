"""Subscribing: by address alone once its mailbox says yes, by a reader at once, or for a chat or program.

Whether an address is known shows in no answer: what depends on it is done when the answer is out (TRUST M7). A letter
says in our own words what was asked for, so that nobody can have us mail theirs to strangers.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from broadsheet.credentials.mail_address import MailAddress, read_mail_address
from broadsheet.errors import BroadsheetError, Invalid, NotFound, Refused
from broadsheet.flow import events, limits
from broadsheet.flow.accounts import letters, mails
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, HOUR_S, Rate
from broadsheet.flow.subscribing import enrolling, lists, tokens
from broadsheet.flow.subscribing.links import manage_url
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscriber, Times, Way
from broadsheet.push.targets import read_target
from broadsheet.store import addresses, returns, subscribers
from broadsheet.store.connect import Connection
from broadsheet.store.letters import Letter
from broadsheet.store.selection_json import decode_selection, encode_selection

# Whoever has waited long may do ``times`` at once and goes on evenly, so these never let more than 20 pass in any hour,
# and never more than three mails a day.
_ASKING = (Rate(10, HOUR_S),)
_MAILED = (Rate(3, 3 * DAY_S),)
_CONFIRMING = (Rate(30, HOUR_S),)
_PLACES = (Rate(20, HOUR_S),)
_SERVED = frozenset({"active", "paused"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a letter asks its mailbox to say yes to."""

    address: str
    selection: Selection
    rhythm: Rhythm
    times: Times


def count_asking(house: House, network: str) -> None:
    """Count a request for a letter; raises TooMany when a network asks too often."""
    limits.take(house, "digest asked", network, _ASKING)


def count_confirming(house: House, network: str) -> None:
    """Count a letter that comes back; raises TooMany when a network brings too many."""
    limits.take(house, "digest confirmed", network, _CONFIRMING)


def ask(house: House, address: MailAddress, selection: Selection, rhythm: Rhythm, times: Times) -> None:
    """Mail a letter that asks whether this mailbox wants a list; never fails, may be slow.

    For once the answer is out: whoever takes the form calls ``count_asking`` and ``lists.check`` before, which look at
    no address. Who gets digests already is told so, and how to change them; a mailbox that called a digest spam gets no
    letter, whoever asks.
    """
    key = tokens.key_of(house)
    try:
        asked = Asked(address.text, lists.check(house, selection, None), rhythm, times)
        lists.check_rhythm(asked.selection, rhythm)
        with house.store.writing() as connection:
            limits.take_within(connection, house, "digest mailed", _counted_as(address), _MAILED)
            known = _known(connection, address)
            message = letters.Message(None, address.text, _payload(asked))
            secret = letters.write(connection, house, letters.SUBSCRIBE, message)
    except BroadsheetError as error:
        events.tell(logging.INFO, "digest asked in vain", reason=type(error).__name__)
        return
    also = ""
    if known is not None and known.state in _SERVED:
        also = f"You get digests at this address already. See and change them: {manage_url(house, key, known)}"
    mails.send(house, letters.SUBSCRIBE, address.text, secret, by=lists.named(asked.selection), also=also)


def asked_by(letter: Letter) -> Asked:
    """Read what a letter asks; raises NotFound for another letter, Conflict for one of a newer Broadsheet."""
    told = letter.payload
    if letter.kind != letters.SUBSCRIBE:
        raise NotFound("This link is for something else.")
    selection = decode_selection(told["list"])
    quiet = told["quiet_from"], told["quiet_until"]
    times = Times(
        zone=told["zone"], hour=told["hour"], weekday=int(told["weekday"]), quiet_from=quiet[0], quiet_until=quiet[1]
    )
    return Asked(letter.address, selection, lists.check_rhythm(selection, told["rhythm"]), times)


def confirm(house: House, secret: str) -> Subscriber:
    """Subscribe the mailbox that brings a letter back; what it got before goes on.

    Raises NotFound for a letter that is worth nothing (any more) or a list that is gone, Conflict beyond
    ``enrolling.MOST_SUBSCRIPTIONS``.
    """
    asked = asked_by(letters.look_at(house, secret))
    kept, address = lists.check(house, asked.selection, None), read_mail_address(asked.address)
    with house.store.writing() as connection:
        letter = letters.found(connection, house, secret)
        letters.use(connection, house, letter)
        owner = addresses.owner_of(connection, address.key)
        found = enrolling.mailbox(connection, house, address, owner, asked.times)
        enrolling.put(connection, house, found, kept, asked.rhythm)
    return _told(house, found, "subscribed")


def subscribe(  # noqa: PLR0913 - who, what, when and where to
    house: House,
    reader: Reader,
    selection: Selection,
    rhythm: Rhythm,
    times: Times | None = None,
    *,
    address: str | None = None,
) -> Subscriber:
    """Subscribe a reader at an address of theirs, the first one where none is named: at once, without a letter.

    Whoever got digests there without an account is this reader from then on. At the machine, where nobody signs in, it
    may be any address. Raises what ``lists.check`` does, Refused for a suspended reader, Invalid (field ``email``)
    for an address that is not theirs, Conflict beyond the most that ``enrolling`` allows.
    """
    kept = _allowed(house, reader, selection, rhythm)
    with house.store.writing() as connection:
        to = _own_address(connection, house, reader, address)
        found = enrolling.mailbox(connection, house, to, reader.id, times)
        enrolling.put(connection, house, found, kept, rhythm)
    return _told(house, found, "subscribed")


def subscribe_place(  # noqa: PLR0913, PLR0917 - who, where to, what and when
    house: House,
    reader: Reader,
    way: Way,
    fields: Mapping[str, str],
    selection: Selection,
    rhythm: Rhythm,
    times: Times,
) -> Subscriber:
    """Subscribe a chat or program that a reader names; nothing is sent there by this.

    Raises what ``subscribe`` does, Invalid for fields that name no such place, and TooMany.
    """
    kept, target = _allowed(house, reader, selection, rhythm), read_target(way, fields)
    given = way != "webhook" or bool(fields.get("secret", "").strip())
    with house.store.writing() as connection:
        limits.take_within(connection, house, "place subscribed", str(reader.id), _PLACES)
        found = enrolling.place(connection, house, target, reader.id, times, secrets_given=given)
        enrolling.put(connection, house, found, kept, rhythm)
    return _told(house, found, "subscribed")


def _counted_as(address: MailAddress) -> str:
    """Give what letters to a mailbox are counted by: many hosts take ``ada+any@`` for ``ada@``, some ``a.da@`` too."""
    return f"{address.key.rpartition('@')[0].partition('+')[0].replace('.', '')}@{address.domain}"


def _known(connection: Connection, address: MailAddress) -> Subscriber | None:
    known = subscribers.by_key(connection, "mail", address.key)
    if known is not None and known.state != "active" and returns.has_complained(connection, known.id):
        raise Refused("Somebody there marked a digest as spam.")
    return known


def _payload(asked: Asked) -> dict[str, str]:
    times = {name: str(value) for name, value in asdict(asked.times).items()}
    return {"list": encode_selection(asked.selection), "rhythm": asked.rhythm, **times}


def _allowed(house: House, reader: Reader, selection: Selection, rhythm: Rhythm) -> Selection:
    if not reader.may("reader"):
        raise Refused("Your account is suspended: digests stop until it is open again.")
    kept = lists.check(house, selection, reader)
    lists.check_rhythm(kept, rhythm)
    return kept


def _own_address(connection: Connection, house: House, reader: Reader, named: str | None) -> MailAddress:
    mine = [MailAddress(each.text, each.key) for each in addresses.of_reader(connection, reader.id)]
    if not house.settings.public_url:
        return read_mail_address(named or house.settings.alert_mail)
    wanted = read_mail_address(named).key if named else None
    found = next((each for each in mine if wanted in {None, each.key}), None)
    if found is None:
        raise Invalid("This is no address of yours. Add it to your account first.", field="email")
    return found


def _told(house: House, found: Subscriber, event: str) -> Subscriber:
    events.tell(logging.INFO, event, subscriber=found.id, way=found.way)
    with house.store.reading() as connection:
        return subscribers.by_id(connection, found.id) or found
