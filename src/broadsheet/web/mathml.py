"""TeX in titles and abstracts, set on the server: formulas become MathML Core, the words around them plain Unicode."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

from markupsafe import Markup, escape

from broadsheet.model.text import plain

MAX_FORMULA = 2_000
MAX_FORMULAS = 50
MAX_MARKUP = 200_000
MAX_DEPTH = 40

# An amount of money is no formula: the dollar that opens one touches what follows, the closing one what stands before.
FORMULA = re.compile(
    r"\$\$([^$]+)\$\$|(?<!\\)\$(?![\s$])((?:[^$\\]|\\.)+)(?<!\s)\$(?!\d)"
    r"|\\\(((?:[^\\]|\\[^()])+)\\\)|\\\[((?:[^\\]|\\[^\[\]])+)\\\]",
    re.DOTALL,
)
_DISPLAYED = ("$$", r"\[")
_DEFINES = re.compile(r"\\(?:def|let|new|renew|provide|Declare|require)")
_UNKNOWN = re.compile(r"\\([A-Za-z]+)\*?")
_SIZE = re.compile(r"-?\d?(?:\.\d{1,3})?(?:em|px|mu)?")
_WORD = re.compile(r"[a-z-]{1,20}")
_ELEMENTS = re.compile(
    "math|mrow|mi|mo|mn|mtext|mspace|msup|msub|msubsup|mfrac|msqrt|mroot|mover|munder|munderover"
    "|mtable|mtr|mtd|mpadded|mstyle|mphantom|menclose|mmultiscripts|mprescripts|none"
)
_SIZED = re.compile("width|height|depth|minsize|maxsize|linethickness|scriptlevel|lspace|rspace")
_WORDED = re.compile(
    "display|stretchy|fence|form|accent|accentunder|mathvariant|displaystyle|movablelimits|columnalign|separator"
)


def tex(text: str) -> Markup:
    """Set ``text`` for the page: escaped, TeX accents as Unicode, at most MAX_FORMULAS formulas as MathML."""
    if "$" not in text and "\\" not in text and "{" not in text:
        return escape(text)
    return _set(text)


@lru_cache(maxsize=4096)
def _set(text: str) -> Markup:
    return Markup("").join(_pieces(text))  # the pieces are escaped or made of allowed elements only


def _pieces(text: str) -> Iterator[Markup]:
    end = size = 0
    for number, match in enumerate(FORMULA.finditer(text)):
        if number == MAX_FORMULAS or size > MAX_MARKUP:
            break
        yield _words(text[end : match.start()])
        source = next(filter(None, match.groups()))
        piece = formula(source, display=match[0][:2] in _DISPLAYED) or _source(match[0])
        size += len(piece)
        end = match.end()
        yield piece
    rest = text[end:]
    yield escape(rest) if FORMULA.search(rest) else _words(rest)


def _words(text: str) -> Markup:
    """Resolve TeX in words, keeping the spaces at both ends that a neighbouring formula needs."""
    body = text.strip()
    if not body:
        return escape(text)
    lead = text[: len(text) - len(text.lstrip())]
    return escape(f"{lead}{plain(body)}{text[len(text.rstrip()) :]}")


def _source(text: str) -> Markup:
    return Markup('<code class="tex">{}</code>').format(text)


@lru_cache(maxsize=4096)
def formula(source: str, *, display: bool = False) -> Markup | None:
    """Turn one formula (TeX without its dollars) into a ``<math>`` element; None when it cannot be set safely.

    MathML Core, https://www.w3.org/TR/mathml-core/; elements and attributes outside an allow-list are dropped.
    """
    if len(source) > MAX_FORMULA or _DEFINES.search(source):
        return None
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415 - 0.1 s that pages without maths never pay

    try:
        markup = "".join(_serialise(convert_to_element(source, display="block" if display else "inline"), 0))
    except Exception:  # noqa: BLE001 - a third-party parser on a stranger's text: whatever it raises, the source is shown
        return None
    return Markup(markup) if len(markup) <= MAX_MARKUP else None  # noqa: S704 - every text and attribute is escaped


def _serialise(element: Element, depth: int) -> Iterator[str]:
    if not _ELEMENTS.fullmatch(element.tag) or depth > MAX_DEPTH:
        raise ValueError(element.tag)
    attributes = "".join(
        f' {name}="{escape(value)}"' for name, value in element.attrib.items() if _allowed(name, value)
    )
    yield f"<{element.tag}{attributes}>{_text(element.text)}"
    for child in element:
        yield from _serialise(child, depth + 1)
    yield f"</{element.tag}>{_text(element.tail)}"


def _allowed(name: str, value: str) -> bool:
    pattern = _SIZE if _SIZED.fullmatch(name) else _WORD if _WORDED.fullmatch(name) else None
    return pattern is not None and value != "" and pattern.fullmatch(value) is not None


def _text(text: str | None) -> str:
    """Escape a leaf; a macro nobody defined (an author's own) is shown by its name."""
    if not text:
        return ""
    known = unescape(text)
    return str(escape(_UNKNOWN.sub(r"\1", known) if "\\" in known else known))
