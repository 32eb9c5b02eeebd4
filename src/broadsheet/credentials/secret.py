"""Secrets that we hand out: known by their prefix, checked by their end, and kept only as a hash."""

import hmac
import re
import secrets
import string
import zlib
from enum import StrEnum
from hashlib import sha256

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
# 32 letters of 62 are 190 bits. The form, and a CRC-32 in six letters at the end, are GitHub's: see
# github.blog/2021-04-05-behind-githubs-new-authentication-token-formats.
_RANDOM_LETTERS, _CHECK_LETTERS = 32, 6


class Kind(StrEnum):
    """What a secret is for; its value is the prefix."""

    API_TOKEN = "bst"  # noqa: S105 - a prefix, and no secret
    SESSION = "bss"
    MAIL_LINK = "bsl"
    INVITATION = "bsi"
    FIRST_RUN = "bsf"
    CEREMONY = "bsc"
    FEED = "bsr"
    DIGEST = "bsd"


# What a scanner of code and logs should look for.
PATTERN = re.compile(rf"(?:{'|'.join(Kind)})_[0-9A-Za-z]{{{_RANDOM_LETTERS + _CHECK_LETTERS}}}")


def new_secret(kind: Kind) -> str:
    """Make a secret of 190 random bits, such as ``bst_`` and 38 letters and digits."""
    body = f"{kind}_" + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LETTERS))
    return body + _check(body)


def derived_secret(kind: Kind, digest: bytes) -> str:
    """Make the secret that belongs to a keyed hash of 32 bytes: always the same one, so that it need not be kept."""
    rest, letters = int.from_bytes(digest), ""
    for _ in range(_RANDOM_LETTERS):
        rest, digit = divmod(rest, len(_ALPHABET))
        letters += _ALPHABET[digit]
    body = f"{kind}_{letters}"
    return body + _check(body)


def is_secret(kind: Kind, text: str) -> bool:
    """Tell whether a text can be a secret of this kind, so that what cannot be is never looked up."""
    if not text.startswith(f"{kind}_") or not PATTERN.fullmatch(text):
        return False
    return _check(text[:-_CHECK_LETTERS]) == text[-_CHECK_LETTERS:]


def hash_of(secret: str) -> str:
    """Give the SHA-256 of a secret, 64 hexadecimal digits: all that is kept of it.

    With 190 random bits there is nothing to guess, so the hash needs neither salt nor slowness.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def matches(secret: str, kept_hash: str) -> bool:
    """Tell whether a secret is the one whose hash was kept, in a time that says nothing about either."""
    return hmac.compare_digest(hash_of(secret).encode(), kept_hash.encode("utf-8", "surrogatepass"))


def _check(body: str) -> str:
    rest, letters = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK_LETTERS):
        rest, digit = divmod(rest, len(_ALPHABET))
        letters = _ALPHABET[digit] + letters
    return letters
