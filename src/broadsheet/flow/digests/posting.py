"""A digest as the mail that brings it: from whom, why, and how one gets no more of them."""

import hmac
from base64 import b32encode
from collections.abc import Mapping
from urllib.parse import urlsplit

from broadsheet.errors import Unavailable
from broadsheet.flow.digests import returning_to
from broadsheet.flow.digests.tokens import token
from broadsheet.flow.house import House
from broadsheet.mail.port import Facts, Listing, Mail
from broadsheet.model.digest import Digest
from broadsheet.model.subscription import Rhythm, Subscriber
from broadsheet.settings import Settings

_OFTEN: Mapping[Rhythm, str] = {
    "daily": "once a day",
    "weekly": "once a week",
    "now": "as soon as there is something new",
}
_SHOWN = 3


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
    home, site, nonce = home_of(house.settings), house.settings.site_name, subscriber.nonce
    return Facts(
        site=site,
        home_url=home,
        unsubscribe_url=f"{home}/unsubscribe/{token(key, 'unsubscribe', subscriber.id, nonce)}",
        manage_url=f"{home}/subscriptions/{token(key, 'manage', subscriber.id, nonce)}",
        view_url=f"{home}/digests/view/{token(key, 'view', digest_id, nonce)}",
        why=_why(site, digest),
    )


def home_of(settings: Settings) -> str:
    """Give the address of the front page, without a slash at its end; that of this machine where there is no other."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_url.rstrip("/") or f"http://{host}:{settings.port}"


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
    named = [f"“{title}”" for title in titles[:_SHOWN]]
    if len(titles) > _SHOWN:
        named.append(f"{len(titles) - _SHOWN} more")
    lists = " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
    return f"You get this {_OFTEN[digest.kind]} because you subscribed to {lists} on {site}."
