"""DKIM (RFC 6376): a header that proves which domain a mail is of, and that nothing in it was changed.

Canonicalization is relaxed for both parts; keys are RSA (RFC 8301) or Ed25519 (RFC 8463). The arithmetic is that of
``cryptography``: dkimpy's, which is Python, takes 7 of its 8 ms a mail.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from broadsheet.clock import Clock, system_clock
from broadsheet.errors import Invalid

_CRLF = b"\r\n"
# Signed once more than they stand there, so that nobody can add one (RFC 6376, section 8.15).
_FROZEN = (
    *("from", "to", "cc", "reply-to", "subject", "date", "message-id", "mime-version", "content-type"),
    *("content-transfer-encoding", "list-id", "list-unsubscribe", "list-unsubscribe-post"),
)
# Signed as they stand: services on the way add some of their own.
_SIGNED = ("auto-submitted", "list-archive", "feedback-id")
_LEAST_BITS = 1024
_SPACES = re.compile(rb"[ \t]+")
_LETTERS = 70
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True)
class DkimSigner:
    """Signs mails of one domain with the key in a file, which is read when the first mail is signed."""

    domain: str
    selector: str
    key_file: Path = field(repr=False)
    clock: Clock = system_clock

    def signed(self, sender: str, headers: list[bytes], body: bytes) -> list[bytes]:
        """Give the headers with one before them that signs them and the body, where the domain is the sender's.

        ``headers`` are folded lines without their last CRLF, ``body`` ends with one.
        """
        if sender.rpartition("@")[2].lower() != self.domain:
            return headers
        algorithm, sign = self._key
        named = [(header.partition(b":")[0].strip().lower().decode(), header) for header in headers]
        names, signed = _chosen(named)
        header = _unsigned(self, algorithm, names, body)
        proof = sign(sha256(_CRLF.join([*signed, _relaxed(header)])).digest())
        return [header + _CRLF.join(_pieces(b64encode(proof))), *headers]

    @cached_property
    def _key(self) -> tuple[str, Callable[[bytes], bytes]]:
        """Read the key; gives the name of its algorithm, and what signs a SHA-256."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415 - the same
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - the same
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed  # noqa: PLC0415 - the same
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - the same
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - the same

        try:
            key = load_pem_private_key(self.key_file.read_bytes(), password=None)
        except OSError as error:
            raise Invalid(f"The DKIM key cannot be read: {error.strerror}.", field="dkim_key") from error
        except (ValueError, TypeError) as error:
            raise Invalid("The DKIM key is no private key in PEM form without a password.", field="dkim_key") from error
        if isinstance(key, Ed25519PrivateKey):
            return "ed25519-sha256", key.sign
        if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
            raise Invalid("A DKIM key is RSA of 1,024 bits at least, or Ed25519.", field="dkim_key")
        return "rsa-sha256", lambda digest: key.sign(digest, PKCS1v15(), Prehashed(SHA256()))


def open_signer(selector: str, key_file: str, sender: str, clock: Clock = system_clock) -> DkimSigner | None:
    """Make a signer for the domain of a sender, None where neither selector nor key is set.

    Raises Invalid where one of them is missing or cannot be, and where what signs is not installed.
    """
    if not selector and not key_file:
        return None
    if not (selector and key_file):
        raise Invalid("Settings 'dkim_selector' and 'dkim_key' go together.", field="dkim_selector")
    if not _SELECTOR.fullmatch(selector):
        raise Invalid("Setting 'dkim_selector' is a name in the DNS, such as papers.", field="dkim_selector")
    if not Path(key_file).is_file():
        raise Invalid("Setting 'dkim_key' names a file that is not there.", field="dkim_key")
    if find_spec("cryptography") is None:
        raise Invalid("Signing mails takes an extra: pip install 'broadsheet[mail]'.", field="dkim_key")
    return DkimSigner(sender.rpartition("@")[2].lower(), selector, Path(key_file), clock)


def _chosen(named: list[tuple[str, bytes]]) -> tuple[list[str], list[bytes]]:
    """Give the names to sign, each as often as it stands there and frozen ones once more, and what they stand for.

    Of several of a name the last is signed first (RFC 6376, section 5.4.2).
    """
    there = Counter(name for name, _ in named)
    names = [name for name in (*_FROZEN, *_SIGNED) for _ in range(there[name])] + list(_FROZEN)
    signed = [_relaxed(header) for wanted in (*_FROZEN, *_SIGNED) for name, header in reversed(named) if name == wanted]
    return names, signed


def _unsigned(signer: DkimSigner, algorithm: str, names: list[str], body: bytes) -> bytes:
    told = sha256(_relaxed_body(body)).digest()
    lines = [
        f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed;",
        f" d={signer.domain}; s={signer.selector};",
        f" t={int(signer.clock().timestamp())};",
        *_folded(names),
        f" bh={b64encode(told).decode()};",
        " b=",
    ]
    return _CRLF.join(line.encode("ascii") for line in lines)


def _folded(names: list[str]) -> Iterator[str]:
    line = " h="
    for at, name in enumerate(names):
        word = name + (";" if at + 1 == len(names) else ":")
        if len(line) + len(word) > _LETTERS:
            yield line
            line = "  "
        line += word
    yield line


def _pieces(proof: bytes) -> Iterator[bytes]:
    for start in range(0, len(proof), _LETTERS):
        yield (b"  " if start else b"") + proof[start : start + _LETTERS]


def _relaxed(header: bytes) -> bytes:
    """Write a header as RFC 6376, section 3.4.2, has it, without the CRLF after it."""
    name, _, value = header.partition(b":")
    return name.strip().lower() + b":" + _SPACES.sub(b" ", value.replace(_CRLF, b"")).strip(b" ")


def _relaxed_body(body: bytes) -> bytes:
    """Write a body as RFC 6376, section 3.4.4, has it."""
    body = body.replace(b"\t", b" ")
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    whole = body.replace(b" \r\n", _CRLF).rstrip(b" \r\n")
    return whole + _CRLF if whole else b""
