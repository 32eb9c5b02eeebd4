"""The names of authors, parted as styles of citing need them."""

import re
from dataclasses import dataclass

from broadsheet.cite.facts import line

# Where a family name begins before its last word; as printed, for "Van" may be a name of its own.
_PARTICLES = frozenset(
    "af al ap av aw bin da das de degli dei del della den der des di do dos du el ibn la las le lo los san te ten ter"
    " van ver von vom zu zum zur y".split()
)
# Numerals in capitals only, and no further than people count: "Xi" is a family name.
_SUFFIX = re.compile(r"(?i:jr|sr)\.?|I{2,3}|IV|VI{1,3}")
# By how it ends, or by what people's names do not hold: "The" alone is a given name in Vietnam, and "Ai" one in China.
_TOGETHER = re.compile(
    r"^(?i:team)\s"
    r"|\b(?i:(?:collaboration|consortium|team|group|project|network|initiative|workshop|institute|foundation|committee"
    r"|association|organi[sz]ation|laborator(?:y|ie)|lab)s?|universit(?:y|ies)|society|research|deepmind)$"
    r"|\s(?:of|for|and|AI)(?:\s|$)"
)
# What others call somebody, in the middle of the name.
_NICKNAME = re.compile('\\([^()]*\\)|["\u201c\u201d][^"\u201c\u201d]*["\u201c\u201d]')

_MOST_INITIALS = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name: ``Gogh``, ``Vincent``, its ``particle`` ``van`` and a ``suffix`` such as ``Jr.``.

    One of several people together, of one word, or of a script without capitals has all of it in ``family``.
    """

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def last(self) -> str:
        """Give the family name with its particle."""
        return f"{self.particle} {self.family}" if self.particle else self.family

    def initials(self, after: str = ".", between: str = " ") -> str:
        """Give the first letters of the given names: ``J. M.``, and ``J.-L.`` for one with a hyphen."""
        given = _NICKNAME.sub(" ", self.given)
        # Where the whole name stands in capitals, short given names are no initials.
        is_loud = len(self.family) > 1 and self.family.isupper()
        told = (_initial(part.title() if is_loud else part, after) for part in re.findall(r"[^\s.]+\.?", given))
        return between.join(filter(None, told))

    def inverted(self, given: str) -> str:
        """Give family name first, then a form of the given name: ``King, M. L., Jr.``."""
        return ", ".join(filter(None, (self.last, given, self.suffix)))

    def straight(self, given: str) -> str:
        """Give a form of the given name first: ``M. L. King Jr.``."""
        return " ".join(filter(None, (given, self.last, self.suffix)))


def name_of(printed: str) -> Name:
    """Part a name as printed, in either order: ``Ludwig van Beethoven``, ``Beethoven, Ludwig van``."""
    told = line(printed)
    parts = [part.strip() for part in told.split(",")]
    if _TOGETHER.search(told) or not any(mark.isupper() or mark.islower() for mark in told):
        return Name(told)
    if len(parts) == 1:
        return _in_order(told.split())
    if len(parts) == 2 and all(parts):  # noqa: PLR2004 - family and given name
        if _SUFFIX.fullmatch(parts[1]):
            return _suffixed(_in_order(parts[0].split()), parts[1])
        return _turned(parts[0], parts[1])
    if len(parts) == 3 and all(parts):  # noqa: PLR2004 - with a suffix between or behind
        given, suffix = parts[:0:-1] if _SUFFIX.fullmatch(parts[1]) else parts[1:]
        return _suffixed(_turned(parts[0], given), suffix) if _SUFFIX.fullmatch(suffix) else Name(told)
    return Name(told)


def _in_order(words: list[str]) -> Name:
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):  # noqa: PLR2004 - given and family name before it
        return _suffixed(_in_order(words[:-1]), words[-1])
    start = len(words) - 1
    # A name may begin with its particle, unless all of it stands in small letters.
    first = 0 if words[-1][0].isupper() else 1
    while start > first and words[start - 1] in _PARTICLES:
        start -= 1
    return Name("".join(words[-1:]), " ".join(words[:start]), " ".join(words[start:-1]))


def _turned(family: str, given: str) -> Name:
    """Put particles that stand after the given name before the family name."""
    words = given.split()
    start = len(words)
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    first = 0
    before = family.split()
    while first < len(before) - 1 and before[first] in _PARTICLES:
        first += 1
    return Name(" ".join(before[first:]), " ".join(words[:start]), " ".join([*words[start:], *before[:first]]))


def _suffixed(name: Name, suffix: str) -> Name:
    return Name(name.family, name.given, name.particle, suffix)


def _initial(part: str, after: str) -> str:
    bare = part.rstrip(".")
    if 1 < len(bare) <= _MOST_INITIALS and bare.isupper() and bare.isalpha():
        # Initials that nobody put a full stop between.
        return " ".join(f"{mark}{after}" for mark in bare) if after else bare
    hyphen = "-" if after else ""
    letters = (next(filter(str.isalnum, piece), "") for piece in bare.split("-"))
    return hyphen.join(f"{letter.upper()}{after}" for letter in letters if letter)
