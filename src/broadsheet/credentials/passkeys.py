"""Signing in with a key that the reader's device keeps and unlocks (W3C Web Authentication, Level 3)."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from broadsheet.errors import Invalid, Refused

# COSE algorithms that devices sign with: EdDSA, ES256, RS256 (iana.org/assignments/cose).
ALGORITHMS = (-8, -7, -257)
_TRANSPORTS = frozenset({"ble", "hybrid", "internal", "nfc", "smart-card", "usb"})
_PATIENCE_MS = 300_000
_LONGEST_ANSWER, _LONGEST_NAME, _LONGEST_ID = 65_536, 80, 1_023


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are for: ``origin`` as browsers write it, ``rp_id`` its host, and what readers call it."""

    origin: str
    rp_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """What is kept of a passkey: nothing secret. ``public_key`` is in COSE, ``name`` what its owner calls it."""

    id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a page asks the device for: ``options`` is JSON for ``parseCreationOptionsFromJSON`` and its sister.

    ``challenge`` is kept for that browser until the answer comes, and used once.
    """

    options: str
    challenge: bytes


def site_at(url: str, name: str) -> Site:
    """Make the site at an address such as ``https://papers.example.org``; raises Invalid where there can be none.

    Browsers make passkeys only over https and on localhost, and for no IP address.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and host == "localhost")
    if not secure or ":" in host or not any(map(str.isalpha, host)):
        raise Invalid("Passkeys need an https address with a name, or localhost.", field="public_url")
    usual = 443 if parts.scheme == "https" else 80
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return Site(origin=f"{parts.scheme}://{host}{port}", rp_id=host, name=name)


def new_user_handle() -> bytes:
    """Make what devices know an account by: 64 random bytes, as it must tell nothing about anybody."""
    return secrets.token_bytes(64)


def ask_to_register(site: Site, user_handle: bytes, user_name: str, known: Sequence[Passkey] = ()) -> Ceremony:
    """Ask a device for a new passkey, which it must not have made yet for this account (``known``)."""
    challenge = secrets.token_bytes(32)
    options = {
        "rp": {"id": site.rp_id, "name": site.name},
        "user": {"id": _base64url(user_handle), "name": user_name, "displayName": user_name},
        "challenge": _base64url(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in ALGORITHMS],
        "timeout": _PATIENCE_MS,
        "excludeCredentials": _described(known),
        "authenticatorSelection": {
            "residentKey": "preferred",
            "requireResidentKey": False,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    return Ceremony(json.dumps(options), challenge)


def register(site: Site, challenge: bytes, answer: str, name: str) -> Passkey:
    """Give the passkey that a device made; ``answer`` is the JSON of its ``PublicKeyCredential``.

    Raises Refused unless it was made for this site and challenge, by somebody whom the device knows.
    """
    told = _read(answer)
    from broadsheet.credentials import attested  # noqa: PLC0415 - 0.1 s that who has no passkey never pays

    key_id, public_key, sign_count = attested.registered(told, challenge, site.rp_id, site.origin, ALGORITHMS)
    if len(key_id) > _LONGEST_ID:
        raise Refused("This device makes passkeys that are too long to be kept.")
    listed = told["response"].get("transports")
    transports = {each for each in listed if isinstance(each, str)} if isinstance(listed, list) else set()
    return Passkey(key_id, public_key, sign_count, tuple(sorted(transports & _TRANSPORTS)), _line(name))


def ask_to_sign_in(site: Site, known: Sequence[Passkey] = ()) -> Ceremony:
    """Ask a device to prove that it has a passkey: one of ``known``, or any for this site where nobody is named."""
    challenge = secrets.token_bytes(32)
    options = {
        "challenge": _base64url(challenge),
        "timeout": _PATIENCE_MS,
        "rpId": site.rp_id,
        "allowCredentials": _described(known),
        "userVerification": "required",
    }
    return Ceremony(json.dumps(options), challenge)


def passkey_named(answer: str) -> bytes:
    """Give the id of the passkey that an answer says it is from, to look it up; nothing is proved yet.

    Raises Refused for what is no answer of a device.
    """
    from broadsheet.credentials import attested  # noqa: PLC0415 - as above

    return attested.credential_id(_read(answer))


def sign_in(site: Site, challenge: bytes, answer: str, passkey: Passkey, user_handle: bytes) -> Passkey:
    """Give the passkey with its new count of signatures, which is to be kept, if its device answered.

    ``user_handle`` is its owner's. Raises Refused for any other answer; also when the device has counted fewer
    signatures than we have seen, which says that somebody has copied it.
    """
    from broadsheet.credentials import attested  # noqa: PLC0415 - as above

    known = attested.Known(passkey.id, passkey.public_key, passkey.sign_count, user_handle)
    return replace(passkey, sign_count=attested.signed_in(_read(answer), challenge, site.rp_id, site.origin, known))


def _read(answer: str) -> dict[str, Any]:
    try:
        told = json.loads(answer) if len(answer) <= _LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("response"), dict):
        raise Refused("This is no answer of a passkey. Try again.")
    return told


def _described(passkeys: Sequence[Passkey]) -> list[dict[str, object]]:
    return [{"type": "public-key", "id": _base64url(key.id), "transports": list(key.transports)} for key in passkeys]


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _line(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * _LONGEST_NAME])
    return " ".join(plain.split())[:_LONGEST_NAME]
