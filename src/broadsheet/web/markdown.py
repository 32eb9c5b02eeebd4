"""Markdown as readers write it, set as HTML that can do nothing but show.

Two walls: a parser that knows no raw HTML and follows no address but http, https and mailto (CommonMark,
https://spec.commonmark.org/), and behind it a sanitiser with a list of what may pass. Formulas are set as in abstracts.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

from broadsheet.model.comment import MAX_BODY, MENTION
from broadsheet.model.ids import parse_id
from broadsheet.model.places import reader_url, search_for
from broadsheet.web.mathml import FORMULA, MAX_FORMULAS, formula

MAX_NESTING = 20
MAX_MARKUP = 200_000
# What costs a parser time out of proportion, and no reader needs: brackets that never close, tables of empty cells.
MAX_BRACKETS = 300
MAX_CELLS = 5_000
# What the second wall lets pass; MathML as ``web.mathml`` makes it.
_WORDS = "p br hr h3 h4 h5 h6 strong em s code pre blockquote ul ol li a table thead tbody tr th td".split()
_MATHS = (
    "math mrow mi mo mn mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd "
    "mpadded mstyle mphantom menclose mmultiscripts mprescripts none"
).split()
_FORMS = (
    "display width height depth minsize maxsize linethickness scriptlevel lspace rspace stretchy fence form accent "
    "accentunder mathvariant displaystyle movablelimits columnalign separator"
).split()
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"\x00-\x1f\x7f]{1,2000}", re.IGNORECASE)
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"`\\]{1,2000})"
    r"|(?P<paper>\b(?:arXiv:\s?|doi:\s?10\.(?=\d)|10\.(?=\d{4,9}/))[\w.()/:;-]{1,200})"
    rf"|(?P<mention>{MENTION.pattern})",
    re.IGNORECASE,
)
_TAIL = ".,;:!?*'"
_HEADING = 2  # how far a comment's headings stand below the page's own


def markdown(text: str, handles: Collection[str] = ()) -> Markup:
    """Set a text of at most MAX_BODY characters; mentions of ``handles`` lead to who is mentioned.

    Whatever cannot be set – too long, too much markup, a defect of ours – is shown as it was written.
    """
    if len(text) > MAX_BODY or text.count("[") > MAX_BRACKETS:
        return _source(text)
    lower = text.lower()
    return _set(text, frozenset(handle for handle in handles if f"@{handle}" in lower))


@lru_cache(maxsize=2048)
def _set(text: str, handles: frozenset[str]) -> Markup:
    try:
        page = _press(with_tables=_cells(text) <= MAX_CELLS).render(text, {"handles": handles, "formulas": 0})
        if len(page) <= MAX_MARKUP:
            return Markup(_wall().clean(page))  # noqa: S704 - what the sanitiser lets pass
    except Exception:  # noqa: BLE001, S110 - third-party parsers on a stranger's text: whatever they raise, the source is shown
        pass
    return _source(text)


def _source(text: str) -> Markup:
    return Markup("<pre>{}</pre>").format(text)


@lru_cache(maxsize=1)
def _wall() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags={*_WORDS, *_MATHS},
        attributes={"a": {"href", "title"}, "ol": {"start"}, **{name: set(_FORMS) for name in _MATHS}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


def _cells(text: str) -> int:
    """Say how many cells a text's tables have at the very most: rows are filled up to the width of the head."""
    lines = text.split("\n")
    return len(lines) * max(line.count("|") for line in lines)


@lru_cache(maxsize=2)
def _press(*, with_tables: bool) -> MarkdownIt:
    press = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    press.enable(["table", "strikethrough"] if with_tables else "strikethrough")
    press.validateLink = _may_lead  # type: ignore[method-assign] # how the library wants to be told
    press.inline.ruler.before("escape", "formula", _formula)
    press.core.ruler.before("text_join", "onward", _onward)
    press.add_render_rule("formula", _set_formula)
    return press


def _may_lead(url: str) -> bool:
    return _ADDRESS.fullmatch(url) is not None


def _formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's own way to call
    """Take a formula as it stands, before Markdown reads its underscores and backslashes."""
    if not state.src.startswith(("$", "\\(", "\\["), state.pos) or state.env["formulas"] >= MAX_FORMULAS:
        return False
    found = FORMULA.match(state.src, state.pos, state.posMax)
    if found is None or "`" in found[0]:
        return False
    if not silent:
        state.env["formulas"] += 1
        state.push("formula", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _set_formula(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:  # noqa: ANN401 - what the library hands along
    told = tokens[at].content
    found = FORMULA.fullmatch(told)
    inner = next(filter(None, found.groups())) if found else ""
    is_display = told.startswith(("$$", "\\["))
    return str(formula(inner, display=is_display) or Markup("<code>{}</code>").format(told))


def _onward(state: StateCore) -> None:
    """Lower headings, let images be links, and lead on from addresses, papers' ids and mentions."""
    handles: frozenset[str] = state.env["handles"]
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + _HEADING, 6)}"
        if token.children:
            token.children = list(_children(token.children, handles))


def _children(children: Sequence[Token], handles: frozenset[str]) -> Iterator[Token]:
    inside: list[bool] = []  # of each link that is open, whether it leads anywhere
    for child in children:
        if child.type == "link_open":
            inside.append(_may_lead(str(child.attrs.get("href", ""))))
            yield from [child] if inside[-1] else []
        elif child.type == "link_close":
            yield from [child] if inside.pop() else []
        elif child.type == "image":
            yield from _pictured(str(child.attrs.get("src", "")), child.content, is_linked=bool(inside))
        elif child.type == "text" and not inside:
            yield from _led_on(child.content, handles)
        else:
            yield child


def _pictured(url: str, words: str, *, is_linked: bool) -> list[Token]:
    """Name an image instead of loading it, with a link to it where none is around."""
    return [_text(words)] if is_linked or not _may_lead(url) else _linked(url, words or "image")


def _led_on(text: str, handles: frozenset[str]) -> Iterator[Token]:
    end = 0
    for found in _FOUND.finditer(text):
        words = _trimmed(found[0])
        url = _READ[str(found.lastgroup)](words, handles)
        if url:
            yield _text(text[end : found.start()])
            yield from _linked(url, words)
            end = found.start() + len(words)
    yield _text(text[end:])


def _trimmed(words: str) -> str:
    """Leave out the punctuation after an address, and a bracket that it did not open itself."""
    words = words.rstrip(_TAIL)
    while words.endswith(")") and words.count(")") > words.count("("):
        words = words[:-1].rstrip(_TAIL)
    return words


def _paper(words: str, _: frozenset[str]) -> str:
    known = parse_id(words)
    return search_for(text=str(known)) if known else ""


def _mention(words: str, handles: frozenset[str]) -> str:
    handle = words[1:].lower()
    return reader_url(handle) if handle in handles else ""


_READ: dict[str, Callable[[str, frozenset[str]], str]] = {
    "url": lambda words, _: words if _may_lead(words) else "",
    "paper": _paper,
    "mention": _mention,
}


def _linked(url: str, words: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": url}), _text(words), Token("link_close", "a", -1)]


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)
