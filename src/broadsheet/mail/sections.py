"""A mail that others wrote, laid flat: header and text of each of its parts, whatever the bytes are.

Parts are cut at the boundaries that headers name (RFC 2046, section 5.1.1), in one walk over the lines: nothing is
nested, nothing is looked at twice, and beyond what is read here nothing is read at all.
"""

import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

MOST_BYTES = 256 * 1_024
_MOST_SECTIONS = 64
_MOST_HEADER_LINES = 400
_LONGEST_VALUE = 8_192
# RFC 5322, section 3.6.8: printable and no colon.
_FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
# RFC 2046, section 5.1.1: at most 70 letters.
_BOUNDARY = re.compile(r'boundary[ \t]*=[ \t]*(?:"([^"]{1,70})"|([^\s";]{1,70}))', re.IGNORECASE)
# Those that are met in mails; Python knows others, some of which take long and some of which are no text.
_CHARSET = re.compile(
    r'charset[ \t]*=[ \t]*"?'
    r"(us-ascii|utf-8|iso-8859-(?:1[013-6]|[1-9])|windows-125[0-8]|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|iso-2022-jp|euc-(?:jp|kr))"
    r'(?=["\s;]|$)',
    re.IGNORECASE,
)
_KIND = re.compile(r"[ \t]*([\w.+-]{1,40}/[\w.+-]{1,80})")


@dataclass(frozen=True, slots=True)
class Section:
    """One part: ``kind`` such as text/plain, its header by names in lower case, its text decoded.

    Values of a field that is there several times stand one below the other.
    """

    kind: str
    headers: Mapping[str, str]
    text: str


def sections(message: bytes) -> tuple[Section, ...]:
    """Lay a mail flat, the first 256 KiB and 64 parts of it; the first part is the mail's own header and text."""
    lines = message[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines[0].startswith((b"From ", b">From ")):  # as mboxes begin a mail
        del lines[0]
    return tuple(map(_section, islice(_parts(lines), _MOST_SECTIONS)))


def fields(lines: list[str]) -> dict[str, str]:
    """Read a block of header fields, continued lines joined; what is no field is passed over."""
    told: dict[str, str] = {}
    name = ""
    for line in lines[:_MOST_HEADER_LINES]:
        if line[:1] in {" ", "\t"}:
            if name and len(told[name]) < _LONGEST_VALUE:
                told[name] += " " + line.strip()[:_LONGEST_VALUE]
        elif field := _FIELD.match(line[:_LONGEST_VALUE]):
            name = field[1].lower()
            told[name] = f"{told[name]}\n{field[2].strip()}" if name in told else field[2].strip()
        else:
            name = ""
    return told


def _parts(lines: list[bytes]) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Cut at each boundary that is known when its line comes; what follows a last boundary belongs to nobody."""
    boundaries: set[bytes] = set()
    head: list[bytes] = []
    body: list[bytes] = []
    in_head, belongs = True, True
    for line in lines:
        if end := line[:2] == b"--" and _end(line.rstrip(), boundaries):
            if belongs:
                yield head, body
            head, body, in_head, belongs = [], [], True, end == "begins"
        elif in_head and not line.strip():
            # A header has to be read before what is behind it can be cut.
            boundaries |= _named(head)
            in_head = False
        else:
            (head if in_head else body).append(line)
    if belongs:
        yield head, body


def _end(line: bytes, boundaries: set[bytes]) -> str:
    if line[2:] in boundaries:
        return "begins"
    return "over" if line.endswith(b"--") and line[2:-2] in boundaries else ""


def _named(head: list[bytes]) -> set[bytes]:
    found = _BOUNDARY.search(fields(_lines(head)).get("content-type", ""))
    return {(found[1] or found[2]).rstrip().encode()} if found else set()


def _section(part: tuple[list[bytes], list[bytes]]) -> Section:
    head, body = part
    headers = fields(_lines(head))
    told = headers.get("content-type", "")
    kind = _KIND.match(told)
    # Some begin a part at once, without the empty line behind no header at all.
    text = b"\n".join(body if headers else [*head, b"", *body])
    return Section(kind[1].lower() if kind else "text/plain", headers, _text(text, headers, told))


def _lines(head: list[bytes]) -> list[str]:
    return [line.decode("utf-8", "replace") for line in head[:_MOST_HEADER_LINES]]


def _text(body: bytes, headers: Mapping[str, str], content_type: str) -> str:
    way = headers.get("content-transfer-encoding", "").strip().lower()
    if way == "base64":
        body = _from_base64(body)
    elif way == "quoted-printable":
        body = quopri.decodestring(body)
    charset = _CHARSET.search(content_type)
    return body.decode(charset[1] if charset else "utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _from_base64(body: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    try:
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4] + _padded(letters[len(letters) // 4 * 4 :]))
    except binascii.Error:
        return body


def _padded(rest: bytes) -> bytes:
    return rest + b"=" * (-len(rest) % 4) if len(rest) > 1 else b""
