"""A badge drawn as SVG: two fields, a label and what it says, as READMEs are used to from shields.io."""

import unicodedata
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, document, written

# Dark enough for white letters by WCAG 2.2 (1.4.3) on light and dark pages alike.
ACCENT, GREY = "#8c1d18", "#5f5f5f"
_INK = "#333333"
_SIZE, _HEIGHT, _PADDING = 11, 20, 6
_FONT = "Verdana, Geneva, 'DejaVu Sans', sans-serif"
# Advances of DejaVu Sans, which are Verdana's but for a little, in hundredths of the size of the letters.
_WIDTHS = {
    28: "'ijl",
    30: "IJ",
    32: " ,.",
    34: "/:;\\|",
    36: "-f",
    40: "()[]t!r",
    48: '"*_`',
    52: "sz?c",
    57: "LFkvxyP",
    62: "TYaoeEhnu",
    64: "$0123456789Sbdgpq{}",
    68: "KAVXZB",
    72: "CRU",
    77: "HND&",
    79: "OQG",
    84: "w#+<=>^~M",
    97: "%mW@",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_USUAL, _WIDE = 66, 100


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says; ``colour`` is of its right field."""

    label: str
    message: str
    colour: str = ACCENT


def svg(badge: Badge) -> bytes:
    """Draw a badge, 20 pixels high; whatever stands in its texts stays text."""
    label, message = written(badge.label), written(badge.message)
    left, right = (width(text) + 2 * _PADDING for text in (label, message))
    size = {"width": str(left + right), "height": str(_HEIGHT)}
    told = f"{label}: {message}"
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img", "aria-label": told})
    add(root, "title", told)
    add(add(root, "clipPath", attributes={"id": "r"}), "rect", attributes={**size, "rx": "3"})
    fields = add(root, "g", attributes={"clip-path": "url(#r)"})
    add(fields, "rect", attributes={"width": str(left), "height": str(_HEIGHT), "fill": _INK})
    place = {"x": str(left), "width": str(right), "height": str(_HEIGHT)}
    add(fields, "rect", attributes={**place, "fill": badge.colour})
    texts = add(root, "g", attributes={"fill": "#ffffff", "font-family": _FONT, "font-size": str(_SIZE)})
    _set(texts, label, _PADDING)
    _set(texts, message, left + _PADDING)
    return document(root)


def width(text: str) -> int:
    """Tell about how many pixels a text takes; a browser then sets it in just as many."""
    return -(-sum(map(_hundredths, text)) * _SIZE // 100)


def _set(texts: ET.Element, text: str, x: int) -> None:
    if text:
        add(texts, "text", text, {"x": str(x), "y": "14", "textLength": str(width(text))})


def _hundredths(letter: str) -> int:
    known = _WIDTH_OF.get(letter)
    if known is not None:
        return known
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return _WIDE
    # A letter with an accent is as wide as the letter.
    return _WIDTH_OF.get(unicodedata.normalize("NFD", letter)[0], _USUAL)
