"""Authors' names as sources print them, read for comparison: accents, order, initials and joined lists aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from broadsheet.model.text import plain

_NOT_ALNUM = bytes(b for b in range(128) if not chr(b).isalnum())
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_AND_MORE = frozenset({"etal", "al", "others", "andothers", "more"})
_NOBODY = frozenset({"anonymous", "anonymousauthor", "anonymousauthors", "unknown", "authors", "na"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_LONG_LIST = 10
_MIRRORED_LIST = 4


def fold(text: str) -> str:
    """Keep only letters and digits, without case and accents: one form for every way to print a title or a name."""
    if text.isascii():
        return text.lower().encode().translate(None, _NOT_ALNUM).decode()
    # Taking a sign such as ㍱ apart may bring capitals.
    flat = normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    return "".join(c for c in flat if c.isalnum() and not combining(c))


@dataclass(frozen=True, slots=True)
class Names:
    """People in the order printed, each as folded ``(first, last)``; ``cut`` when the list ends in *et al.*"""

    names: tuple[tuple[str, str], ...] = ()
    cut: bool = False

    @property
    def surnames(self) -> frozenset[str]:
        """The last names, without order."""
        return frozenset(last for _, last in self.names)


def read_names(printed: Sequence[str]) -> Names:
    """Read names, each on its own or many joined by commas, semicolons or *and*, also as ``Last, First``."""
    names: list[tuple[str, str]] = []
    cut = False
    for name in (single for entry in printed for single in _singles(entry)):
        folded = fold(name)
        if folded in _AND_MORE:
            cut = True
        elif folded and folded not in _NOBODY:
            names.append(_first_and_last(name))
    return Names(tuple(names), cut)


def _singles(entry: str) -> list[str]:
    """Part a joined list; a single comma between two words that are no full names is ``Last, First``."""
    parts = [part.strip() for part in plain(entry).replace(" and ", ";").replace("\n", " ").split(";")]
    singles: list[str] = []
    for part in parts:
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        match pieces:
            case [last, first] if " " not in last or " " not in first:
                singles.append(f"{first} {last}")
            case _:
                singles += pieces
    return singles


def _first_and_last(name: str) -> tuple[str, str]:
    words = [folded for word in name.replace(".", ". ").split() if (folded := fold(word))]
    if len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return (words[0], words[-1]) if len(words) > 1 else ("", words[0] if words else "")


def agree(a: Names, b: Names) -> bool:
    """Decide whether two lists name the same people: half of the shorter one, and each one's last author, on the other.

    The last author seldom leaves a work, so a list without that name is taken for another work's. A list that was cut
    short agrees with one that begins like it; a list printed family name first throughout agrees with its mirror image.
    """
    ours, theirs = [last for _, last in a.names], [last for _, last in b.names]
    short, long = sorted((ours, theirs), key=len)
    if (a.cut or b.cut or len(short) >= _LONG_LIST) and long[: len(short)] == short:
        return True
    if ours[-1] in theirs and theirs[-1] in ours:
        return 2 * len(set(ours) & set(theirs)) >= min(len(set(ours)), len(set(theirs)))
    return _mirrored(a.names, b.names)


def _mirrored(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> bool:
    return len(a) == len(b) >= _MIRRORED_LIST and all((x[1], x[0]) == y for x, y in zip(a, b, strict=True))
