"""Lines of text in a picture: how wide they are, where they break, which way they run."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadsheet.web.embeds import fonts

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_MOST_LETTERS = 400
# More accents than this on one letter are a prank (UAX #15, stream-safe text, has 30).
_MOST_MARKS = 4
# Persian and Indic scripts need them.
_JOINERS = "\u200c\u200d"
_LOOSE = " ,;:.-–—("


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: its size in pixels, and whether it is bold."""

    size: int
    bold: bool


def fit(text: str) -> str:
    """Make any text fit to be set: one line, no controls, of bounded length, few accents on a letter."""
    kept: list[str] = []
    marks = 0
    for letter in " ".join(text[: 4 * _MOST_LETTERS].split()):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if letter in _JOINERS or (marks <= _MOST_MARKS and kind not in {"Cc", "Cs", "Co", "Cn", "Cf"}):
            kept.append(letter)
        if len(kept) == _MOST_LETTERS:
            break
    return "".join(kept)


def width(text: str, type_: Type) -> float:
    """Tell how many pixels a text takes."""
    return sum(face.getlength(piece) for face, piece in fonts.runs(text, type_.size, bold=type_.bold))


def wrapped(text: str, type_: Type, room: int, most: int) -> list[str]:
    """Break a text into at most ``most`` lines that fit into so many pixels; the last may hold the rest of it."""
    found: list[str] = []
    now = ""
    text = fonts.without_pictures(text, type_.size, bold=type_.bold)
    for word in _words(text, type_, room):
        longer = f"{now}{word}"
        if now and width(longer.rstrip(), type_) > room:
            found.append(now.strip())
            now = word
            if len(found) == most:
                return found
        else:
            now = longer
    return [*found, now.strip()] if now.strip() else found


def cut(text: str, type_: Type, room: int, *, more: bool = False) -> str:
    """Cut a text to so many pixels, with an ellipsis where something is left out; ``more`` says that there is more."""
    text = fonts.without_pictures(text, type_.size, bold=type_.bold)
    if not more and width(text, type_) <= room:
        return text
    length = _letters_that_fit(text, type_, room - width("…", type_))
    return f"{text[:length].rstrip(_LOOSE)}…" if text else ""


def draw(pen: "ImageDraw", at: tuple[int, int], text: str, type_: Type, ink: str) -> None:
    """Draw one line from its top left corner, in the ink of a name such as ``#1c1a16``."""
    pieces = list(fonts.runs(text, type_.size, bold=type_.bold))
    if runs_left(text):
        pieces.reverse()
    x, y = at
    # Letters of all fonts stand on one line.
    baseline = y + max((face.getmetrics()[0] for face, _ in pieces[:1]), default=0)
    for face, piece in pieces:
        shown = _visual(face, piece)
        pen.text((x, baseline), shown, font=face, fill=ink, anchor="ls")
        x += int(face.getlength(shown))


def runs_left(text: str) -> bool:
    """Tell whether a text runs from right to left, by its first letter that says so (UAX #9, rule P2)."""
    for letter in text:
        way = unicodedata.bidirectional(letter)
        if way in {"L", "R", "AL"}:
            return way != "L"
    return False


def _visual(face: "FreeTypeFont", piece: str) -> str:
    """Give a piece in the order it is drawn in: Pillow's better layout sees to that, its basic one does not."""
    from PIL import ImageFont  # noqa: PLC0415 - an extra that need not be installed

    is_basic = face.layout_engine == ImageFont.Layout.BASIC
    return piece[::-1] if is_basic and runs_left(piece) else piece


def _words(text: str, type_: Type, room: int) -> Iterator[str]:
    """Part a text where a line may break: after spaces, around letters that are words by themselves, and if it must."""
    word = ""
    for letter in text:
        if unicodedata.east_asian_width(letter) in {"W", "F"} and word:
            yield from _broken(word, type_, room)
            word = ""
        word += letter
        if letter == " ":
            yield from _broken(word, type_, room)
            word = ""
    yield from _broken(word, type_, room)


def _broken(word: str, type_: Type, room: int) -> Iterator[str]:
    """Break a word that is wider than a line, at letters that carry no accent."""
    while width(word.rstrip(), type_) > room:
        length = max(1, _letters_that_fit(word, type_, room))
        yield word[:length]
        word = word[length:]
    if word:
        yield word


def _letters_that_fit(text: str, type_: Type, room: float) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(text[:middle], type_) <= room else (low, middle - 1)
    while 0 < low < len(text) and unicodedata.combining(text[low]):
        low -= 1
    return low
