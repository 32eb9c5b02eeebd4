"""A digest as the mail that brings it: from whom, why, and how one gets no more of them."""

import hmac
from base64 import b32encode
from collections.abc import Mapping
from urllib.parse import urlsplit

from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import links, returning_to
from broadsheet.mail.port import Facts, Listing, Mail
from broadsheet.model.digest import Digest
from broadsheet.model.subscription import Rhythm, Subscriber
from broadsheet.model.wording import shortened
from broadsheet.settings import Settings

_OFTEN: Mapping[Rhythm, str] = {
    "daily": "once a day",
    "weekly": "once a week",
    "now": "as soon as there is something new",
}
_SHOWN, _LONGEST = 3, 80


def mail_of(house: House, subscriber: Subscriber, digest_id: int, digest: Digest, key: bytes) -> Mail:
    """Make the mail of a digest, with the key of ``tokens.key_of``: always the same one, but for its date.

    Raises Unavailable where nothing is there to set mails with.
    """
    if house.press is None:
        raise Unavailable("This house has nothing to set mails with.")
    settings = house.settings
    facts = facts_of(house, subscriber, digest_id, digest, key)
    rendered = house.press.rendered(digest, facts)
    leaving = returning_to.tag(key, "u", subscriber.id, subscriber.nonce)
    return Mail(
        key=_key(key, subscriber, digest_id, digest),
        sender=sender_of(settings),
        sender_name=settings.mail_name or settings.site_name,
        to=subscriber.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        at=house.clock(),
        return_path=returning_to.tagged(settings, returning_to.tag(key, "b", digest_id, subscriber.nonce)),
        listing=Listing(
            id=f"{digest.kind}.digests.{_host(settings)}",
            unsubscribe_url=facts.unsubscribe_url,
            unsubscribe_mail=returning_to.tagged(settings, leaving),
            archive=f"{facts.home_url}/digests",
            # The last field names the sender for good, the others are what complaints are counted by
            # (support.google.com/mail/answer/6254652).
            feedback=f"{digest.day.isoformat()}:{digest.kind}:digest:broadsheet",
        ),
    )


def facts_of(house: House, subscriber: Subscriber, digest_id: int, digest: Digest, key: bytes) -> Facts:
    """Give the addresses and the reason that stand in a subscriber's digest."""
    return Facts(
        site=house.settings.site_name,
        home_url=links.home_url(house),
        unsubscribe_url=links.unsubscribe_url(house, key, subscriber),
        manage_url=links.manage_url(house, key, subscriber),
        view_url=links.view_url(house, key, digest_id, subscriber),
        why=_why(house.settings.site_name, digest),
    )


def sender_of(settings: Settings) -> str:
    """Give the address that digests come from."""
    return settings.mail_from or f"broadsheet@{_host(settings)}"


def _host(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or "localhost"


def _key(key: bytes, subscriber: Subscriber, digest_id: int, digest: Digest) -> str:
    """Name a mail for good and tell nobody how many there are."""
    told = f"mail:{subscriber.id}:{subscriber.nonce}:{digest.kind}:{digest.day}:{digest_id}"
    proof = hmac.digest(key, told.encode(), "sha256")[:20]
    return f"{digest.day:%Y%m%d}.{b32encode(proof).decode().lower()}"


def _why(site: str, digest: Digest) -> str:
    titles = list(dict.fromkeys(section.title for section in digest.sections))
    named = [f"“{shortened(title, _LONGEST)}”" for title in titles[:_SHOWN]]
    if len(titles) > _SHOWN:
        named.append(f"{len(titles) - _SHOWN} more")
    lists = " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
    return f"You get this {_OFTEN[digest.kind]} because you subscribed to {lists} on {site}."
