"""Fonts for pictures: those of this machine, and letter by letter the first of them that has it."""

import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
# By the names of their files, the best first; what the first lack the next may have.
BOLD: Final = (
    "NotoSerif-Bold DejaVuSerif-Bold LiberationSerif-Bold georgiab timesbd NotoSansCJK-Bold NotoSerifCJK-Bold "
    "DejaVuSans-Bold NotoSansArabic-Bold NotoSansHebrew-Bold NotoSansDevanagari-Bold NotoSansThai-Bold"
).split()
PLAIN: Final = (
    "NotoSans-Regular DejaVuSans LiberationSans-Regular Arial NotoSansCJK-Regular NotoSansArabic-Regular "
    "NotoSansHebrew-Regular NotoSansDevanagari-Regular NotoSansBengali-Regular NotoSansTamil-Regular "
    "NotoSansThai-Regular NotoSansSymbols-Regular NotoSansSymbols2-Regular NotoSansMath-Regular "
    "wqy-zenhei wqy-microhei DroidSansFallbackFull ipag NanumGothic PingFang msyh malgun Nirmala seguisym unifont"
).split()
_ENDINGS = frozenset({".ttf", ".otf", ".ttc"})
_MOST_FILES = 20_000
# No font has a letter for it (Unicode, chapter 23.7): what is drawn instead is what stands for all that is missing.
_NO_LETTER = "\U0010ffff"
_JOINING = frozenset({"Mn", "Me", "Mc", "Cf"})
_PICTURES = frozenset({"So", "Sk", "Cn"})


@lru_cache(maxsize=1)
def found() -> dict[str, Path]:
    """Find the fonts of this machine that have a name here, once."""
    wanted = {*BOLD, *PLAIN}
    files = islice(_files(), _MOST_FILES)
    return {file.stem: file for file in files if file.stem in wanted and file.suffix.lower() in _ENDINGS}


@lru_cache(maxsize=64)
def faces(size: int, *, bold: bool) -> tuple["FreeTypeFont", ...]:
    """Open fonts at a size in pixels, the best first; Pillow's own is the last."""
    from PIL import ImageFont  # noqa: PLC0415 - an extra that need not be installed

    names = (*BOLD, *PLAIN) if bold else PLAIN
    opened = []
    for name in names:
        if name in found():
            try:
                opened.append(ImageFont.truetype(str(found()[name]), size))
            except OSError:  # a file that is no font that FreeType reads
                continue
    own = ImageFont.load_default(size)
    return (*opened, own) if isinstance(own, ImageFont.FreeTypeFont) else tuple(opened)


def face_of(letter: str, size: int, *, bold: bool) -> int | None:
    """Tell which of ``faces`` is the first that has a letter, None when none has."""
    return next((number for number in range(len(faces(size, bold=bold))) if _has(number, letter, size, bold)), None)


def runs(text: str, size: int, *, bold: bool) -> Iterator[tuple["FreeTypeFont", str]]:
    """Part a text into pieces that one font can set; a letter that none has stands as the first font's sign for it."""
    all_faces = faces(size, bold=bold)
    now, piece = 0, ""
    for letter in text:
        face = _joined(letter, size, bold, now) if piece else None
        face = face_of(letter, size, bold=bold) or 0 if face is None else face
        if face != now and piece:
            yield all_faces[now], piece
            piece = ""
        now, piece = face, piece + letter
    if piece:
        yield all_faces[now], piece


def without_pictures(text: str, size: int, *, bold: bool) -> str:
    """Leave out emoji and the like that no font has; no reader misses them as they would a letter."""
    pictures = (letter for letter in set(text) if unicodedata.category(letter) in _PICTURES)
    missing = {ord(letter): "" for letter in pictures if face_of(letter, size, bold=bold) is None}
    return " ".join(text.translate(missing).split()) if missing else text


def share_of(text: str, size: int, *, bold: bool) -> float:
    """Tell which share of a text's letters can be set, from 0 to 1."""
    letters = [letter for letter in text if unicodedata.category(letter) not in _JOINING and not letter.isspace()]
    return sum(face_of(letter, size, bold=bold) is not None for letter in letters) / len(letters) if letters else 0.0


def _joined(letter: str, size: int, bold: bool, now: int) -> int | None:  # noqa: FBT001 - as ``_has``
    """Give the font of what stands before, for accents, joiners, and the marks and spaces between words that it has."""
    if unicodedata.category(letter) in _JOINING:
        return now
    return now if not letter.isalnum() and _has(now, letter, size, bold) else None


@lru_cache(maxsize=20_000)
def _has(number: int, letter: str, size: int, bold: bool) -> bool:  # noqa: FBT001 - a key to remember it by
    if letter.isspace():
        return True
    face = faces(size, bold=bold)[number]
    mask = face.getmask(letter)
    return (mask.size, bytes(mask)) != _missing(face)


@lru_cache(maxsize=64)
def _missing(face: "FreeTypeFont") -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(_NO_LETTER)
    return mask.size, bytes(mask)


def _files() -> Iterator[Path]:
    folders = [Path(folder).expanduser() for folder in _FOLDERS if sys.platform == "win32" or folder[1] != ":"]
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield from (Path(place) / name for name in names)
