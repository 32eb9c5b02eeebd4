"""Signatures by which a program knows that a message is ours: Standard Webhooks, symmetric.

See github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md: HMAC-SHA256 over the id, the time and the
body, under a secret of 24 to 64 bytes.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence

_PREFIX, _VERSION = "whsec_", "v1"
_NEW_BYTES, _FEWEST_BYTES, _MOST_BYTES = 32, 24, 64
_MOST_SECRETS = 2


def new_secret() -> str:
    """Make a secret of 256 random bits."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_NEW_BYTES)).decode()


def rotated(told: str) -> str:
    """Put a new secret before the newest one there is: both sign until it is rotated again."""
    return " ".join([new_secret(), *told.split()[: _MOST_SECRETS - 1]])


def secrets_in(told: str) -> tuple[bytes, ...]:
    """Read one secret, or the new and the old one with a blank between; nothing where any of them is none."""
    found = [_secret(each) for each in told.split()]
    return tuple(each for each in found if each) if all(found) and len(found) <= _MOST_SECRETS else ()


def signatures(keys: Sequence[bytes], name: str, timestamp: int, body: bytes) -> str:
    """Sign a body sent under a name (``webhook-id``) at a time, in seconds since 1970, once for each secret."""
    signed = f"{name}.{timestamp}.".encode() + body
    return " ".join(f"{_VERSION},{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}" for key in keys)


def _secret(told: str) -> bytes:
    try:
        found = base64.b64decode(told.removeprefix(_PREFIX), validate=True) if told.startswith(_PREFIX) else b""
    except (binascii.Error, ValueError):
        return b""
    return found if _FEWEST_BYTES <= len(found) <= _MOST_BYTES else b""
