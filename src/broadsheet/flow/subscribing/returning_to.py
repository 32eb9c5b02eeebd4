"""Where digests come back to: addresses that tell which digest bounced, and who wants no more of them.

The part after ``+`` of the local part is a tag: a letter, a number, ``-`` and 128 bits of a keyed hash in base32, in
lower case and read in either, since hosts may change that (RFC 5321, section 2.4).
"""

import hmac
import re
from base64 import b32encode
from typing import Literal

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import Invalid, NotFound
from broadsheet.settings import Settings

# ``b`` is a digest that bounced, ``u`` a subscriber who wants no more.
Returning = Literal["b", "u"]
_TAG = re.compile(r"([ub])([1-9][0-9]{0,17})-[a-z2-7]{26}")
_BYTES = 16
# Before the @ there is room for 64 characters (RFC 5321, section 4.5.3.1.1), of which a tag takes 41 at most for long.
_LONGEST_LOCAL = 64 - 41


def tag(key: bytes, what: Returning, number: int, nonce: str) -> str:
    """Make the tag of a digest or subscriber by its number; ``nonce`` is the subscriber's, ``key`` of ``key_of``."""
    proof = hmac.digest(key, f"return:{what}:{number}:{nonce}".encode(), "sha256")[:_BYTES]
    return f"{what}{number}-{b32encode(proof).decode().rstrip('=').lower()}"


def read_tag(told: str) -> tuple[Returning, int]:
    """Tell what a tag is of, before anybody looked whether it is good; raises NotFound for no tag."""
    match = _TAG.fullmatch(told.lower())
    if not match:
        raise NotFound("This is no address of ours.")
    return "b" if match[1] == "b" else "u", int(match[2])


def is_good(key: bytes, told: str, nonce: str) -> bool:
    """Tell whether a tag was made by us, for a subscriber with this nonce; False for no tag."""
    try:
        what, number = read_tag(told)
    except NotFound:
        return False
    return hmac.compare_digest(told.lower().encode(), tag(key, what, number, nonce).encode())


def tag_of(address: str) -> str:
    """Give what an address says after its last ``+``, such as ``b7-…``; empty where it says nothing."""
    local, at, _ = address.rpartition("@")
    _, plus, told = local.rpartition("+")
    return told if at and plus else ""


def tagged(settings: Settings, told: str) -> str:
    """Give the address with a tag that mails come back to; empty where no mailbox for them is set."""
    local, at, host = settings.bounce_address.rpartition("@")
    return f"{local}+{told}@{host}" if at else ""


def check_return_address(settings: Settings) -> None:
    """Refuse a setting of where mails come back to that is no address, or has no room for tags; raises Invalid."""
    if not settings.bounce_address:
        return
    try:
        address = read_mail_address(settings.bounce_address)
    except Invalid as error:
        raise Invalid("Setting 'bounce_address' is no mail address.", field="bounce_address") from error
    if len(address.text.rpartition("@")[0]) > _LONGEST_LOCAL:
        raise Invalid(
            f"Setting 'bounce_address' has more than {_LONGEST_LOCAL} characters before the @.", field="bounce_address"
        )
