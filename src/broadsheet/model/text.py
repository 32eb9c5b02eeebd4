"""Text at the door: ``clean`` once per field, ``plain`` for words without TeX, ``urls`` without their punctuation."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

from broadsheet.model.tex import plain
from broadsheet.model.unicode import is_nfc, nfc

__all__ = ["SENTENCE_START", "clean", "plain", "prose", "sentences", "urls"]

# C1 controls in the wild are Windows-1252 read as Latin-1; what 1252 leaves undefined is dropped.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_C1 = re.compile("[\x80-\x9f]")
_MOJIBAKE = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
# Never shown: controls that are not whitespace, bidi controls, soft hyphen, zero width space, byte order marks,
# surrogates, noncharacters, tags. Zero width (non-)joiners stay: Persian, Indic scripts and emoji need them.
_JUNK = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ud800-\udfff\U000e0000-\U000e007f"
    + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(17))
    + "]"
)
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\u2028\u2029]")
_PRINTABLE = bytes(range(0x20, 0x7F))
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});\Z")
_LONGEST_ENTITY = 34
# Where a sentence begins inside a text: after its predecessor's end and white space, which Chinese does without.
SENTENCE_START = re.compile(r"[.!?。](?:\s+|(?<=。))(?=\S)")


def sentences(text: str) -> list[str]:
    """Cut a readable text into its sentences, roughly: an abbreviation ends one too."""
    starts = [0, *(match.end() for match in SENTENCE_START.finditer(text))]
    found = (text[start:stop].strip() for start, stop in zip(starts, [*starts[1:], len(text)], strict=True))
    return [sentence for sentence in found if sentence]


def clean(text: str) -> str:
    """Make one field of a source fit to keep: a pure, idempotent function.

    HTML entities are resolved, however often escaped; control, bidirectional, surrogate and noncharacters go;
    whitespace runs become one space; the result is NFC. TeX stays as the source wrote it (``$a<b$``).
    """
    if "&" not in text and "  " not in text and _is_fit(text):
        return text.strip(" ")
    return _scrub(text)


def prose(text: str) -> str:
    """Make a text of several lines fit to keep: a pure, idempotent function.

    Lines, indentation, entities and Markdown stay; control, bidirectional, surrogate and noncharacters go, and so do
    empty lines at both ends; the result is NFC.
    """
    lines = _BREAK.sub("\n", text)
    return nfc(_JUNK.sub("", lines.translate(_WINDOWS))).strip("\n").rstrip()


def _is_fit(text: str) -> bool:
    """Tell whether every character may stay; for ASCII, which most text is, the fastest way Python has."""
    if text.isascii():
        return not text.encode().translate(None, _PRINTABLE)
    return text.isprintable() and is_nfc(text)


def _scrub(text: str) -> str:
    if text.isascii() and "&" not in text and _is_fit(collapsed := " ".join(text.split())):
        return collapsed
    if _C1.search(text):
        text = _MOJIBAKE.sub(_repair, text).translate(_WINDOWS)
    text = nfc(_JUNK.sub("", text))
    if "&" in text and ";" in text:
        text = nfc(_resolve(text))
    return " ".join(text.split())


def _repair(match: re.Match[str]) -> str:
    """Undo UTF-8 read as Latin-1, but only where a C1 control proves it."""
    if not _C1.search(match[0]):
        return match[0]
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _resolve(text: str) -> str:
    """Resolve entities to the fixpoint in linear time: each ``;`` only ever looks back over one entity's length."""
    done: list[str] = []
    first, *rest = text.split(";")
    tail = first
    for part in rest:
        tail += ";"
        while (entity := _ENTITY.search(tail, max(0, len(tail) - _LONGEST_ENTITY))) and (
            found := _character(entity[0])
        ) is not None:
            tail = tail[: entity.start()] + found
        if len(tail) > 4 * _LONGEST_ENTITY:
            done.append(tail[:-_LONGEST_ENTITY])
            tail = tail[-_LONGEST_ENTITY:]
        tail += part
    return "".join((*done, tail))


def _character(entity: str) -> str | None:
    """Give the characters an entity stands for, None for a name HTML does not know."""
    found = unescape(entity) if entity[1] == "#" else html5.get(entity[1:])
    if found is None:
        return None
    return nfc(_JUNK.sub("", found.translate(_WINDOWS)))


_ADDRESS = re.compile(r"(?:\\[_#%&~]|[A-Za-z0-9._~:/?#\[\]@!&()*+,;=%-]){1,1000}")
_BARE = ("www.", "github.com/", "gitlab.com/", "huggingface.co/")
_BARE_PAGE = re.compile(r"(?<![\w./@:-])[A-Za-z0-9-]{1,63}\.github\.io\b")
# What stands before a bare address when it is only the middle of a longer one.
_INSIDE = re.compile(r"[\w./@:-]")
_WRAPPED = re.compile(r" ([A-Za-z0-9][A-Za-z0-9._/-]*)")
_GLUED = re.compile(r"[.,;:]https?://", re.IGNORECASE)
_HOST = re.compile(r"https?://[^/?#\s]*[A-Za-z0-9]\.[A-Za-z0-9]", re.IGNORECASE)
_TAIL = ".,;:!?*([&\\"


def urls(text: str) -> tuple[str, ...]:
    r"""Find the URLs in prose, in order and once each, without the punctuation and brackets that follow them.

    An address without a scheme (``www.``, ``github.com/``, ``*.github.io`` …) comes back with ``https://``; one that a
    line break cut at a hyphen is put together again; ``\_`` in TeX is ``_``.
    """
    starts = _starts(text)
    if not starts:
        return ()
    found: dict[str, None] = {}
    end = 0
    for start in starts:
        match = _ADDRESS.match(text, start) if start >= end else None
        if match is None:
            continue
        raw = _trim(match[0])
        end = start + len(raw)
        while raw.endswith("-") and (rest := _WRAPPED.match(text, end)):
            raw += rest[1].rstrip(_TAIL)
            end = rest.end()
        url = raw.replace("\\", "")
        url = url if url[:4].lower() == "http" else f"https://{url}"
        if _HOST.match(url):
            found[url] = None
    return tuple(found)


def _starts(text: str) -> list[int]:
    """Find where addresses may start; plain string searches, because most texts have none."""
    found: list[int] = []
    at = text.find("://") if "/" in text else -1
    while at >= 0:
        scheme = text[max(0, at - 5) : at].lower()
        if scheme.endswith(("http", "https")):
            found.append(at - (5 if scheme.endswith("https") else 4))
        at = text.find("://", at + 3)
    if "git" in text or "www." in text or "huggingface.co/" in text:
        found.extend(_bare_starts(text))
    return sorted(found) if len(found) > 1 else found


def _bare_starts(text: str) -> Iterator[int]:
    for bare in _BARE:
        at = text.find(bare)
        while at >= 0:
            if at == 0 or not _INSIDE.match(text, at - 1):
                yield at
            at = text.find(bare, at + 1)
    if ".github.io" in text:
        yield from (match.start() for match in _BARE_PAGE.finditer(text))


def _trim(raw: str) -> str:
    if glued := _GLUED.search(raw):
        raw = raw[: glued.start()]
    if ")" in raw or "]" in raw:
        raw = raw[: _balanced(raw)]
    return raw.rstrip(_TAIL)


def _balanced(raw: str) -> int:
    """Give how much of an address comes before the first bracket that it did not open itself."""
    open_brackets = {")": 0, "]": 0}
    for at, character in enumerate(raw):
        if character in "([":
            open_brackets[")" if character == "(" else "]"] += 1
        elif character in open_brackets:
            open_brackets[character] -= 1
            if open_brackets[character] < 0:
                return at
    return len(raw)
