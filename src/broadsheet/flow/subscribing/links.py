"""The addresses in digests: each is good for one thing, and for one subscriber or digest."""

from broadsheet.flow.house import House
from broadsheet.flow.subscribing.tokens import token
from broadsheet.model.subscription import Subscriber


def home_url(house: House) -> str:
    """Give the address of the house without a slash at its end: ``public_url``, or where this machine serves it."""
    settings = house.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_url.rstrip("/") or f"http://{host}:{settings.port}"


def manage_url(house: House, key: bytes, subscriber: Subscriber) -> str:
    """Point to what a subscriber gets and when; ``key`` is that of ``tokens.key_of``, here and below."""
    return f"{home_url(house)}/subscriptions/{token(key, 'manage', subscriber.id, subscriber.nonce)}"


def unsubscribe_url(house: House, key: bytes, subscriber: Subscriber) -> str:
    """Point to where one click ends all that a subscriber gets (RFC 8058)."""
    return f"{home_url(house)}/unsubscribe/{token(key, 'unsubscribe', subscriber.id, subscriber.nonce)}"


def view_url(house: House, key: bytes, digest_id: int, subscriber: Subscriber) -> str:
    """Point to one digest as a page."""
    return f"{home_url(house)}/digests/view/{token(key, 'view', digest_id, subscriber.nonce)}"
