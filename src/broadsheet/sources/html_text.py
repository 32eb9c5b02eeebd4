"""The readable text of a piece of HTML, as feeds and their like hold it: tags go, entities are resolved."""

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from broadsheet.model.text import clean
from broadsheet.sources.xml_elements import Element

# A sign smaller than is no tag: only names that HTML knows make a text HTML.
_TAG = re.compile(
    r"<!--|<!\[CDATA\[|</?(?:jats:)?(?:a|abbr|article|b|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|figcaption|figure|font|"
    r"h[1-6]|head|hr|html|i|img|italic|li|ol|p|pre|script|section|sec|small|span|strike|strong|style|sub|sup|table|"
    r"tbody|td|th|title|tr|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BLOCKS = frozenset(
    "article blockquote body br dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre sec section table td "
    "th title tr ul".split()
)
_HIDDEN = frozenset({"head", "script", "style", "template"})


def html_text(text: str) -> str:
    """Give the clean text of what may be HTML; what has no tag of HTML's is only cleaned (``$a<b$``)."""
    if not _TAG.search(text):
        return clean(text)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(f"<div>{text}</div>".replace("\0", "").encode("utf-8", "ignore"), parser)
    except etree.LxmlError:
        return clean(text)
    return clean("".join(_pieces(tree))) if tree is not None else clean(text)


def once_unescaped(element: Element) -> str:
    """Give what an element held before it was written as XML: its text and all inside it, blocks apart.

    ``xml_elements`` leaves entities as they stand in the document.
    """
    return _ESCAPED.sub(lambda found: unescape(found[0]), "".join(_pieces(element)))


def _pieces(tree: Element) -> Iterator[str]:
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
        apart = " " if tag in _BLOCKS else ""
        if event == "end":
            yield apart + (str(element.tail or "") if element is not tree else "")
        elif tag in _HIDDEN and element is not tree:
            walk.skip_subtree()
        else:
            yield apart + str(element.text or "")
