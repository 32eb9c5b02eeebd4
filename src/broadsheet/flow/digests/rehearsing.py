"""Make the mail that somebody would get, send nothing and note nothing."""

import secrets
from collections.abc import Sequence
from datetime import date

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.flow.digests.composing import compose
from broadsheet.flow.digests.memo import Memo, reader_of
from broadsheet.flow.digests.posting import mail_of
from broadsheet.flow.house import House
from broadsheet.flow.subscribing.lists import check
from broadsheet.mail.port import Mail
from broadsheet.model.selection import NEVER, Selection
from broadsheet.model.subscription import RHYTHMS, Rhythm, Subscriber, Subscription
from broadsheet.store import digests as queue
from broadsheet.store import subscribers, subscriptions

_TRENDING = Selection("trending")
# Links are signed with it, so that none of them leads anywhere: whoever tries a mail must not unsubscribe its reader.
_KEY_BYTES = 32


def rehearse(house: House, typed: str, lists: Sequence[Selection] = (), day: date | None = None) -> Mail | None:
    """Give the mail that an address would get for a day, by default today, or None where nothing is new.

    A list is looked at as it is when it is subscribed to. Without ``lists`` it is what the subscriber of that address
    gets in their first rhythm, less what they were sent, and what trends for anybody else. Its links lead nowhere.
    Raises Invalid for what is no mail address, and as ``flow.subscribing.lists.check`` does.
    """
    address, at = read_mail_address(typed), house.clock()
    stranger = Subscriber(id=0, way="mail", address=address.text, key=address.key, at=at, state="active")
    with house.store.reading() as connection:
        known = subscribers.by_key(connection, "mail", address.key)
        own = subscriptions.of(connection, [known.id])[known.id] if known else []
        seen = queue.seen(connection, [known.id])[known.id] if known and not lists else set()
    reader, _ = reader_of(house, known.reader_id if known else None)
    asked = own if own and not lists else _asked([check(house, each, reader) for each in lists or (_TRENDING,)])
    kind: Rhythm = next(rhythm for rhythm in RHYTHMS if any(each.rhythm == rhythm for each in asked))
    digest = compose(house, known or stranger, asked, kind, day or at.date(), seen, Memo())
    if digest is None:
        return None
    return mail_of(house, known or stranger, 0, digest, secrets.token_bytes(_KEY_BYTES))


def _asked(lists: Sequence[Selection]) -> list[Subscription]:
    """Subscribe to lists for this once, as if all they show were new."""
    return [
        Subscription(id=number, subscriber_id=0, selection=each, rhythm="daily", at=NEVER)
        for number, each in enumerate(lists)
    ]
