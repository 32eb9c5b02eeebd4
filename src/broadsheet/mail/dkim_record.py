"""The record by which others check our DKIM signatures: made of the private key, and compared with what is there."""

import re
from base64 import b64encode
from pathlib import Path

from broadsheet.errors import Invalid

_TAG = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*?)\s*(?:;|$)", re.IGNORECASE)


def record_of(key_file: Path) -> str:
    """Write the record for the key in a file (RFC 6376, section 3.6.1; RFC 8463, section 4); raises Invalid."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - the same
            Encoding,
            PublicFormat,
            load_pem_private_key,
        )
    except ImportError as error:
        raise Invalid("Signing mails takes an extra: pip install 'broadsheet[mail]'.", field="dkim_key") from error
    try:
        public = load_pem_private_key(key_file.read_bytes(), password=None).public_key()
    except (OSError, ValueError, TypeError) as error:
        raise Invalid("The DKIM key is no private key in PEM form without a password.", field="dkim_key") from error
    if isinstance(public, Ed25519PublicKey):
        kind, told = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        kind, told = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k={kind}; p={b64encode(told).decode()}"


def tags(text: str) -> dict[str, str]:
    """Read the tags of a record of DKIM or DMARC, names in lower case."""
    return {name.lower(): value for name, value in _TAG.findall(text[:4_096])}


def is_same(one: str, other: str) -> bool:
    """Tell whether two records hold the same key, whatever white space stands in them."""
    keys = ["".join(tags(text).get("p", "").split()) for text in (one, other)]
    return bool(keys[0]) and keys[0] == keys[1]
