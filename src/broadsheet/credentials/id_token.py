"""Whom does a token name, and did the provider write it, for us, now, and in answer to our question?

OpenID Connect Core 1.0, sections 2 and 3.1.3.7; RFC 8725 (JSON Web Token Best Current Practices).
"""

import hashlib
import hmac
import math
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.credentials.fetching import Fetch, Question
from broadsheet.credentials.provider import Endpoints, Provider, read_object

_LONGEST_TOKEN = 65_536
_LONGEST_SUBJECT = 255
# By this much the clocks of two sites may differ.
_SKEW = timedelta(minutes=2)
# The hash of the same strength as the signature's: Core, section 3.1.3.6; EdDSA signs with SHA-512.
_HASHES = {"256": "sha256", "384": "sha384", "512": "sha512"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token must fit: ``since`` is when we asked, ``max_age`` how long ago somebody may have signed in there."""

    nonce: str
    since: datetime
    now: datetime
    max_age: timedelta | None
    access_token: str


def read_claims(token: object, provider: Provider, endpoints: Endpoints, fetch: Fetch) -> tuple[dict[str, Any], str]:
    """Give the claims of a token that a provider signed, and the algorithm; raises Refused for any other.

    Where none of the keys is the one that the token names, they are asked for anew, once: providers change them.
    """
    from broadsheet.credentials import signature  # noqa: PLC0415 - 0.1 s that houses without providers never pay

    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN or (read := signature.read_token(token)) is None:
        raise provider.disbelieved("it gave no token that can be read")
    algorithm = read.headers().get("alg")
    if not isinstance(algorithm, str) or algorithm not in endpoints.algorithms:
        raise provider.disbelieved("its token is signed in a way that proves nothing")
    key = None
    for fresh in (False, True):
        told = read_object(fetch(Question(endpoints.keys, fresh=fresh)))
        key = key or signature.find_key(told, read.headers())
        if key:
            break
    if key is None or not signature.is_signed(read, key):
        raise provider.disbelieved("its token is not signed with its key")
    return read_object(read.payload), algorithm


def check_claims(claims: dict[str, Any], algorithm: str, provider: Provider, expected: Expected) -> None:
    """Let claims pass that are by this provider, for us, for now and for this sign-in; raises Refused for others."""
    if claims.get("iss") != provider.issuer:
        raise provider.disbelieved("its token was issued by another site")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not _is_plain(subject):
        raise provider.disbelieved("its token names nobody")
    if claims.get("aud") not in (provider.client_id, [provider.client_id]):
        raise provider.disbelieved("its token is for another site")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise provider.disbelieved("its token was made for another site")
    if not _is_same(claims.get("nonce"), expected.nonce):
        raise provider.disbelieved("its token answers another question")
    if "at_hash" in claims and not _is_same(claims["at_hash"], _hash_of(expected.access_token, algorithm)):
        raise provider.disbelieved("its tokens do not belong together")
    _check_times(claims, provider, expected)


def instant(told: object) -> datetime | None:
    """Read a number of seconds since 1970, aware and in UTC; None for anything else."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        return None
    try:
        return datetime.fromtimestamp(told, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _check_times(claims: dict[str, Any], provider: Provider, expected: Expected) -> None:
    now, expires, issued = expected.now, instant(claims.get("exp")), instant(claims.get("iat"))
    if expires is None or now >= expires + _SKEW:
        raise provider.disbelieved("its token is out of date")
    if issued is None or not expected.since - _SKEW <= issued <= now + _SKEW:
        raise provider.disbelieved("its token is not of now")
    begins = instant(claims["nbf"]) if "nbf" in claims else issued
    if begins is None or begins > now + _SKEW:
        raise provider.disbelieved("its token is not valid yet")
    if expected.max_age is None:
        return
    signed_in = instant(claims.get("auth_time"))
    if signed_in is None or not now - expected.max_age - _SKEW <= signed_in <= now + _SKEW:
        raise provider.disbelieved("you signed in there too long ago")


def _hash_of(access_token: str, algorithm: str) -> str:
    digest = hashlib.new(_HASHES.get(algorithm[-3:], "sha512"), access_token.encode("utf-8", "replace")).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _is_same(told: object, ours: str) -> bool:
    return isinstance(told, str) and hmac.compare_digest(told.encode("utf-8", "replace"), ours.encode())


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()
