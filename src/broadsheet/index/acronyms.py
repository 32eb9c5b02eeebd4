"""Which short form stands for which long one, as papers themselves say in parentheses.

The algorithm is Schwartz and Hearst, *A simple algorithm for identifying abbreviation definitions in biomedical text*
(Pacific Symposium on Biocomputing 2003): every letter of the short form is looked for in the words before it, from the
last to the first, and the first letter must begin a word.
"""

import re
from collections.abc import Iterator

from broadsheet.index.words import fold, stem

LONGEST_SHORT = 10
_MOST_WORDS = 10
_LOOK_BACK = 120
_OPEN = re.compile(r"\((?:([A-Za-z0-9]{2,10}?)s?[),;]|([A-Za-z][^()]{8,80})\))")
_BEFORE = re.compile(rf"(?<![\w-])([A-Za-z0-9]{{2,{LONGEST_SHORT}}}?)s? \Z")
_CAPITALS = re.compile(r"[A-Z].*[A-Z]")
_WORDS = re.compile(r"[^\W_]+")


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield ``(short, long)`` for each *long form (SF)* and *SF (long form)* in a text: short folded, long stemmed.

    A short form has at least two capitals; the plural's s is left out.
    """
    for match in _OPEN.finditer(text):
        at, (short, long) = match.start(), match.groups()
        if short:
            found = _before(short, text[max(0, at - _LOOK_BACK) : at]) if _CAPITALS.search(short) else None
        elif text[max(0, at - 3) : at].islower() or not (named := _BEFORE.search(text, max(0, at - 13), at)):
            continue
        else:
            found = _whole(named[1], long) if _CAPITALS.search(named[1]) else None
        if found:
            yield found


def _before(short: str, text: str) -> tuple[str, str] | None:
    """Find the long form at the end of a text."""
    near = " ".join(text.split()[-min(len(short) + 5, 2 * len(short)) :])
    start = long_form_start(short, near)
    return None if start is None else _pair(short, near[start:])


def _whole(short: str, long: str) -> tuple[str, str] | None:
    return _pair(short, long) if long_form_start(short, long) == 0 else None


def _pair(short: str, long: str) -> tuple[str, str] | None:
    words = _WORDS.findall(long)
    if not words or len(words) > _MOST_WORDS or len(long) < 2 * len(short) or short in words:
        return None
    return fold(short), " ".join(filter(None, map(stem, words)))


def long_form_start(short: str, text: str) -> int | None:
    """Find where the long form of ``short`` begins that ends with ``text``; None where there is none."""
    text = text.lower()
    at = len(text)
    for letter in reversed(short[1:].lower()):
        at = text.rfind(letter, 0, at)
        if at < 0:
            return None
    first = short[0].lower()
    while (at := text.rfind(first, 0, at)) > 0 and text[at - 1].isalnum():
        pass
    return at if at >= 0 else None
