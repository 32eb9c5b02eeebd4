"""Mattermost's rules.

developers.mattermost.com/integrate/webhooks/incoming: JSON with text, in Markdown, and 16,383 characters in a post;
docs.mattermost.com/end-user-guide/collaborate/format-messages and .../mention-people: what means something. Markdown is
read by a parser of CommonMark here.
"""

import json
import re

from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.push.taking.shown import Heard, Shown, check_address, utf16

_READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# Addresses are compared as they stand there.
_READER.normalizeLink = lambda url: url  # type: ignore[method-assign]
_BLOCKS = {"paragraph_open", "paragraph_close", "inline"}
_FOUND = re.compile(r"[@#~]\w|:[\w+-]+:|(?:https?|ftp|mailto):[\w/]")


def take(heard: Heard) -> Shown:
    """Read a post as Mattermost does."""
    assert heard.method == "POST"
    assert re.fullmatch(r"(?:/\w+)?/hooks/\w+", heard.path)
    assert heard.headers["content-type"] == "application/json"
    told = json.loads(heard.body)
    assert set(told) == {"text"}
    assert 1 <= utf16(told["text"]) <= 16_383
    shown = Shown()
    for block in _READER.parse(told["text"]):
        assert block.type in _BLOCKS, f"{block.type} in {told['text']!r}"
        shown.text += _inline(block.children or [], shown) + "\n" * (block.type == "inline")
    assert not _FOUND.search(shown.text), shown.text
    return shown


def _inline(tokens: list[Token], shown: Shown) -> str:
    text, open_at = "", -1
    for token in tokens:
        if token.type == "link_open":
            open_at = len(text)
            url = str(token.attrs["href"])
            check_address(url, 2_048)
        elif token.type == "link_close":
            shown.links.append((text[open_at:], url))
        elif token.type in {"text", "softbreak", "text_special"}:
            text += token.content or "\n"
        else:
            assert token.type in {"strong_open", "strong_close"}, token.type
    return text
