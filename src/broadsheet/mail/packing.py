"""A mail as bytes: headers as RFC 5322 folds them, both parts as lines of at most 76 characters (RFC 2045).

The email package of the standard library does the same in six times the time, line by line in Python; this is for many.
"""

from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from broadsheet.mail.port import Listing, Mail, checked_address, one_line, storable

_CRLF = b"\r\n"
_LONGEST_LINE, _LONGEST_SUBJECT = 76, 200
# 57 bytes are 76 characters of base64.
_GROUP = 57


class Signer(Protocol):
    """Signs mails for one domain."""

    def signed(self, sender: str, headers: list[bytes], body: bytes) -> list[bytes]:
        """Give the headers with one before them that signs them and the body, where the domain is the sender's."""


def packed(mail: Mail, signer: Signer | None = None) -> bytes:
    """Set a mail as the bytes that are sent, signed where there is a signer; raises Invalid for a bad address.

    The same mail is always the same bytes, but for the time that a signature tells. Whatever others wrote is one line
    of text in a header, or text in a part.
    """
    sender = checked_address(mail.sender, "mail_from")
    fields = [*_fields(mail, sender), "MIME-Version: 1.0"]
    kinds, body = _body(mail)
    headers = [field.encode("ascii") for field in [*fields, *kinds]]
    if signer is not None:
        headers = signer.signed(sender, headers, body)
    return b"".join((_CRLF.join(headers), _CRLF, _CRLF, body))


def _fields(mail: Mail, sender: str) -> Iterator[str]:
    yield f"From: {_sender(mail.sender_name, sender)}"
    yield f"To: {checked_address(mail.to)}"
    yield f"Subject: {_words(one_line(mail.subject)[:_LONGEST_SUBJECT], 'Subject')}"
    yield f"Date: {format_datetime(mail.at)}"
    yield f"Message-ID: <{mail.key}@{sender.rpartition('@')[2]}>"
    # No robot shall answer a robot (RFC 3834, section 5).
    yield "Auto-Submitted: auto-generated"
    if mail.listing is not None:
        yield from _listed(mail.listing)


def _listed(listing: Listing) -> Iterator[str]:
    """Tell how to leave a list: by https first, since the first way that a program knows is the one it takes."""
    ways = [listing.unsubscribe_url]
    if listing.unsubscribe_mail:
        ways.append(f"mailto:{listing.unsubscribe_mail}?subject=unsubscribe")
    yield "List-Unsubscribe: " + ",\r\n ".join(f"<{way}>" for way in ways)
    yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    yield f"List-Id: <{listing.id}>"
    if listing.archive:
        yield f"List-Archive: <{listing.archive}>"
    if listing.feedback:
        yield f"Feedback-ID: {listing.feedback}"
    # What Exchange asks for before it says that somebody is out of office (MS-OXCMAIL, section 2.2.3.2.14).
    yield "X-Auto-Response-Suppress: OOF, AutoReply"


@lru_cache(maxsize=16)
def _sender(name: str, address: str) -> str:
    words = one_line(name)
    if not words:
        return address
    coded = _words(words, "From")
    # A phrase of plain words needs quotes for many a mark (RFC 5322, section 3.2.5).
    phrase = '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"' if coded == words else coded
    return f"{phrase}\r\n <{address}>"


@lru_cache(maxsize=500)  # many get the same subject
def _words(text: str, name: str) -> str:
    """Write a line of text into a header; what looks like an encoded word (RFC 2047) is encoded, and so stays text."""
    if text.isascii() and "=?" not in text and len(name) + 2 + len(text) <= _LONGEST_LINE:
        return text
    return Header(text, "utf-8", header_name=name, maxlinelen=_LONGEST_LINE).encode(linesep="\r\n")


def _body(mail: Mail) -> tuple[list[str], bytes]:
    kinds, text = _part("plain", mail.text)
    if not mail.html:
        return kinds, text
    # No part can hold this: neither coding writes "=_".
    fence = f"=_{sha256(mail.key.encode()).hexdigest()[:24]}"
    page_kinds, page = _part("html", mail.html)
    mark = f"--{fence}".encode()
    pieces = [
        *(mark, *(kind.encode() for kind in kinds), b"", text),
        *(mark, *(kind.encode() for kind in page_kinds), b"", page),
        *(mark + b"--", b""),
    ]
    return [f'Content-Type: multipart/alternative; boundary="{fence}"'], _CRLF.join(pieces)


def _part(kind: str, text: str) -> tuple[list[str], bytes]:
    lines = storable(text).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").replace("\n", "\r\n") + "\r\n"
    data = lines.encode()
    # Three characters stand for a byte in the one coding, four for three in the other.
    way = "quoted-printable" if 6 * (len(data) - len(lines)) < len(data) else "base64"
    coded = b2a_qp(data, istext=True) if way == "quoted-printable" else _base64(data)
    return [f'Content-Type: text/{kind}; charset="utf-8"', f"Content-Transfer-Encoding: {way}"], coded


def _base64(data: bytes) -> bytes:
    groups = (data[start : start + _GROUP] for start in range(0, len(data), _GROUP))
    return _CRLF.join(b2a_base64(group, newline=False) for group in groups) + _CRLF
