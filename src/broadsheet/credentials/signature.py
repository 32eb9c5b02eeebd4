"""Is a token signed by one of these keys? (RFC 7515, RFC 7517)"""

from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.util import base64_to_int, urlsafe_b64decode

# What of a key is read: nothing that only its owner should know, so a secret (``k``) is no key at all.
_PUBLIC = frozenset("kty kid use alg key_ops crv x y n e".split())
# NIST SP 800-131A rev. 2 allows none that is shorter; longer ones only take time.
_RSA_BITS = range(2048, 16_385)
_MOST_KEYS = 64
_BROKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


class _Registry(jws.JWSRegistry):
    # Some put their certificates in.
    max_header_length = 16_384


def read_token(token: str) -> jws.CompactSignature | None:
    """Take a token apart, nothing of which is proved; None for what is no token or asks for extensions."""
    try:
        read = jws.extract_compact(token.encode("ascii"), registry=_Registry())
        return read if isinstance(read.headers(), dict) and "crit" not in read.headers() else None
    except _BROKEN:
        return None


def find_key(told: object, header: dict[str, Any]) -> Key | None:
    """Find the one key of a set (``told`` is its JSON) that a token with this header must be signed with.

    Without a ``kid`` the set must hold only one that fits. Secrets, keys for encryption, keys for other algorithms
    and what cannot be read never fit.
    """
    listed = told.get("keys") if isinstance(told, dict) else None
    kid = header.get("kid")
    fitting = [
        key
        for stated in (listed if isinstance(listed, list) else [])[:_MOST_KEYS]
        if isinstance(stated, dict) and (kid is None or stated.get("kid") == kid)
        if (key := _read_key(stated)) and _fits(key, header["alg"])
    ]
    return fitting[0] if len(fitting) == 1 else None


def is_signed(token: jws.CompactSignature, key: Key) -> bool:
    """Tell whether a key that ``find_key`` found for a token has signed it."""
    signed = token.segments["header"] + b"." + token.segments["payload"]
    try:
        algorithm = jws.JWSRegistry.algorithms[token.headers()["alg"]]
        return algorithm.verify(signed, urlsafe_b64decode(token.segments["signature"]), key)
    except _BROKEN:
        return False


def _read_key(stated: dict[str, Any]) -> Key | None:
    try:
        if stated["kty"] == "RSA" and base64_to_int(stated["n"]).bit_length() not in _RSA_BITS:
            return None
        return JWKRegistry.import_key({name: value for name, value in stated.items() if name in _PUBLIC})
    except _BROKEN:
        return None


def _fits(key: Key, algorithm: str) -> bool:
    try:
        jws.JWSRegistry.algorithms[algorithm].check_key(key)
    except _BROKEN:
        return False
    return True
