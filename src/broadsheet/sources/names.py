"""People's names: one spelling, given name first, from the many ways lists of authors are written."""

import re

from broadsheet.model.record import Author
from broadsheet.model.tex import plain
from broadsheet.model.text import clean

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
_AND = re.compile(r"\s+(?:and|&)\s+|\s*;\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_ODD = frozenset("\\{}$~,;()")
_LETTER = re.compile(r"[^\W\d_]")
_MAX_AUTHORS = 50_000


def author(name: str, organisation: str = "", orcid: str = "") -> Author | None:
    """Make an author of a printed name, ``Last, First`` turned round and TeX read; None when no letter is left."""
    spelled = natural(_spelled(name))
    return Author(spelled, organisation, orcid) if spelled and _LETTER.search(spelled) else None


def _spelled(name: str) -> str:
    name = clean(name)
    return name if _ODD.isdisjoint(name) else plain(name)


def natural(name: str) -> str:
    """Put the given name first: ``Jordan, Michael I.`` and ``King, Jr., Martin``; a suffix after a comma stays last."""
    if "," not in name:
        return name
    parts = [part for part in _COMMA.split(name) if part]
    suffixes = [part for part in parts[1:] if _is_suffix(part)]
    rest = [parts[0], *(part for part in parts[1:] if not _is_suffix(part))] if parts else []
    return " ".join((*rest[1:], *rest[:1], *suffixes))


def _is_suffix(part: str) -> bool:
    return part.replace(".", "").lower() in _SUFFIXES


def listed(names: list[str]) -> tuple[Author, ...]:
    """Make authors of a list of names; a list that says everything twice is read once, a single entry may be a list."""
    if len(names) == 1:
        return split(names[0])
    half = len(names) // 2
    if half and names[0] == names[half] and names[:half] == names[half:]:
        names = names[:half]
    joined = " ".join(names)
    if clean(joined) == joined and _ODD.isdisjoint(joined):
        return tuple([Author(name) for name in names if name[:1].isalpha() or _LETTER.search(name)])
    return tuple(found for name in names[:_MAX_AUTHORS] if (found := author(name)))


def split(text: str) -> tuple[Author, ...]:
    """Make authors of one line: names between ``and``, semicolons or commas, affiliations in brackets left out.

    ``Last, First`` and ``Last, First and Last, First`` are known by parts of a single word beside a comma.
    """
    parts = [part for part in _AND.split(_without_brackets(_spelled(text))) if part]
    names = [name for part in parts for name in _by_comma(part)]
    return tuple(found for name in names[:_MAX_AUTHORS] if (found := author(name)))


def _by_comma(part: str) -> list[str]:
    pieces = [piece for piece in _COMMA.split(part) if piece]
    real = [piece for piece in pieces if not _is_suffix(piece)]
    if len(real) == 2 and (" " not in real[0] or " " not in real[1]) and "." not in real[0]:  # noqa: PLR2004 - Last, First
        return [part]
    names: list[str] = []
    for piece in pieces:
        if names and _is_suffix(piece):
            names[-1] = f"{names[-1]} {piece}"
        else:
            names.append(piece)
    return names


def _without_brackets(text: str) -> str:
    """Leave out what stands in round brackets, however deep; an open bracket runs to the end."""
    if "(" not in text:
        return text
    kept, depth = [], 0
    for piece in re.split(r"([()])", text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(piece)
    return "".join(kept)
