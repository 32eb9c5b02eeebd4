"""The picture of a paper for previews of links: site, title, authors, where and when, upvotes; set like our pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Final

from broadsheet.errors import Unavailable
from broadsheet.web.embeds import fonts, lines
from broadsheet.web.embeds.lines import Type

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

# As social sites show them in full (ogp.me; 1.91 to 1).
SIZE: Final = (1200, 630)
_PAPER, _INK, _SOFT, _RULE, _ACCENT = "#fcfaf5", "#1c1a16", "#5d574c", "#d8d1c1", "#8c1d18"
_LEFT, _RIGHT = 72, 1128
_WIDTH = _RIGHT - _LEFT
_TITLE_TOP, _TITLE_BOTTOM = 178, 470
# Below this share of letters that any font here has, a title would be a row of boxes.
_READABLE = 0.7
_TITLES = tuple(Type(size, bold=True) for size in (68, 58, 50, 42))
_MASTHEAD, _KICKER, _FOOT = Type(34, bold=True), Type(26, bold=False), Type(30, bold=False)
_LEADING = 1.22
# Pillow's fonts are not for two threads at once. More than a few who wait would take the threads that serve pages.
_TURN = Lock()
_MOST_AT_ONCE = 8
_PLACES = BoundedSemaphore(_MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Poster:
    """What a picture says, in plain words; ``name`` stands for a title that no font of this machine can set."""

    site: str
    kicker: str
    title: str
    name: str
    authors: str
    facts: str
    upvotes: str


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Tell whether pictures can be drawn here: Pillow is an extra, `previews`."""
    return find_spec("PIL") is not None


@contextmanager
def turn() -> Iterator[None]:
    """Wait for the others that draw; raises Unavailable when too many wait already."""
    if not _PLACES.acquire(blocking=False):
        raise Unavailable("Too many pictures are wanted at once. Try again in a moment.")
    try:
        with _TURN:
            yield
    finally:
        _PLACES.release()


def png(poster: Poster) -> bytes:
    """Draw a picture of SIZE as PNG; in a ``turn`` where others may draw too."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - an extra that need not be installed

    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    _frame(pen, poster)
    _title(pen, poster)
    _foot(pen, poster)
    file = BytesIO()
    # Few colours, all of them between the same ink and paper: a third of the bytes, and nobody sees it.
    image.quantize(64, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _frame(pen: "ImageDraw", poster: Poster) -> None:
    pen.rectangle((0, 0, SIZE[0], 14), fill=_ACCENT)
    lines.draw(pen, (_LEFT, 44), lines.cut(poster.site, _MASTHEAD, _WIDTH), _MASTHEAD, _INK)
    pen.rectangle((_LEFT, 104, _RIGHT, 107), fill=_INK)
    lines.draw(pen, (_LEFT, 126), lines.cut(poster.kicker, _KICKER, _WIDTH), _KICKER, _ACCENT)


def _title(pen: "ImageDraw", poster: Poster) -> None:
    """Set the title as large as it fits; one that fits in no size is cut in the smallest."""
    title = poster.title if fonts.share_of(poster.title, _TITLES[0].size, bold=True) >= _READABLE else poster.name
    height = _TITLE_BOTTOM - _TITLE_TOP
    type_, found = _TITLES[-1], [title]
    for type_ in _TITLES:
        most = int(height / (type_.size * _LEADING))
        found = lines.wrapped(title, type_, _WIDTH, most + 1)
        if len(found) <= most:
            break
    else:
        found = [*found[: most - 1], lines.cut(f"{found[most - 1]} {found[most]}", type_, _WIDTH, more=True)]
    for number, line in enumerate(found):
        left = int(_RIGHT - lines.width(line, type_)) if lines.runs_left(title) else _LEFT
        lines.draw(pen, (left, _TITLE_TOP + int(number * type_.size * _LEADING)), line, type_, _INK)


def _foot(pen: "ImageDraw", poster: Poster) -> None:
    lines.draw(pen, (_LEFT, 494), lines.cut(poster.authors, _FOOT, _WIDTH), _FOOT, _SOFT)
    pen.rectangle((_LEFT, 550, _RIGHT, 551), fill=_RULE)
    counted = lines.width(poster.upvotes, _FOOT)
    lines.draw(pen, (_LEFT, 566), lines.cut(poster.facts, _FOOT, int(_WIDTH - counted - 40)), _FOOT, _SOFT)
    lines.draw(pen, (int(_RIGHT - counted), 566), poster.upvotes, _FOOT, _ACCENT)
