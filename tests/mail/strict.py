"""Read a mail as the strictest reader would, who refuses whatever RFC 5322 and RFC 2045 do not allow."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

_HEADER = re.compile(rb"[!-9;-~]+: .*|[ \t]+\S.*")
_LONGEST_LINE = 998
_POLICY = policy.SMTP.clone(raise_on_defect=True)
_JOINERS = re.compile("[\u200c\u200d]")


def strictly(raw: bytes) -> EmailMessage:
    """Parse a mail; raises whatever is wrong with it."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = raw.split(b"\r\n")
    assert raw.endswith(b"\r\n")
    assert all(len(line) <= _LONGEST_LINE and b"\r" not in line and b"\n" not in line for line in lines)
    assert raw.isascii()
    assert b"\0" not in raw
    assert all(_HEADER.fullmatch(line) for line in head.split(b"\r\n"))
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    message: Any = BytesParser(policy=_POLICY).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        _sound(part)
    names = [name.lower() for name in message]
    assert len(set(names)) == len(names), names
    return message


def _sound(part: Any) -> None:
    assert part.defects == []
    for name, value in part.items():
        assert value.defects == (), name
        assert _JOINERS.sub("", str(value)).isprintable(), name
    if not part.is_multipart():
        part.get_payload(decode=True)
        assert isinstance(part.get_content(), str)
