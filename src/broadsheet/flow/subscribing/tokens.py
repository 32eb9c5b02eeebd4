"""What stands in the links of a digest: good for one purpose and one subscriber, and kept nowhere.

A token is a number, a full stop, and a secret made of the house's key, the purpose, the number and the subscriber's
nonce: 190 bits, of which none are kept (RFC 8058, section 3.1, wants what cannot be guessed).
"""

import hmac
from typing import Literal

from broadsheet.credentials.secret import Kind, derived_secret
from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.keys import house_key, kept_key

# ``unsubscribe`` and ``manage`` are of a subscriber, ``view`` of a digest.
Purpose = Literal["unsubscribe", "manage", "view"]
_MOST_DIGITS = 18


def token(key: bytes, purpose: Purpose, number: int, nonce: str) -> str:
    """Make the token for a purpose, with the key of ``key_of``."""
    digest = hmac.digest(key, f"{purpose}:{number}:{nonce}".encode(), "sha256")
    return f"{number}.{derived_secret(Kind.DIGEST, digest)}"


def number_of(told: str) -> int:
    """Give the number that a token is of, before anybody looked whether it is good; raises NotFound for no token."""
    number, dot, _ = told.partition(".")
    if not (dot and number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        raise absent()
    return int(number)


def is_good(key: bytes, told: str, purpose: Purpose, number: int, nonce: str) -> bool:
    """Tell whether a token was made by us for this purpose, number and nonce."""
    return hmac.compare_digest(told.encode("utf-8", "replace"), token(key, purpose, number, nonce).encode())


def key_of(house: House) -> bytes:
    """Give the key that tokens are made with; the house makes and keeps one where no setting gives it."""
    return house_key(house, "digests")


def known_key(house: House) -> bytes:
    """Give the key that tokens are checked with; raises NotFound in a house that has made none, so no token either."""
    key = kept_key(house, "digests")
    if key is None:
        raise absent()
    return key


def absent() -> NotFound:
    """Say that a token is worth nothing; the same words whatever is wrong with it."""
    return NotFound("This link is not valid, or what it was for is gone.")
