"""Slack's rules.

docs.slack.dev/reference/block-kit/blocks: 50 blocks in a message; header-block: plain text of 150 characters;
section-block and composition-objects/text-object: 3,000 characters; context-block: 10 elements; rich-text-block: its
elements. docs.slack.dev/messaging/formatting-message-text: escape &, < and >; docs.slack.dev/changelog/2018-truncating-
really-long-messages: 40,000 characters of text. All blocks together: see push/slack.py.
"""

import json
import re
from typing import Any

from tests.push.taking.shown import Heard, Shown, check_address, utf16

_MRKDWN = re.compile(r"<(?P<url>[^<>|\s]+)\|(?P<words>[^<>|\n]*)>|&(?P<entity>amp|lt|gt);|(?P<plain>[^<>&]+)")
_LETTERS = {"amp": "&", "lt": "<", "gt": ">"}


def take(heard: Heard) -> Shown:
    """Read a message as Slack does."""
    assert heard.method == "POST"
    assert re.fullmatch(r"/services/T\w+/B\w+/\w+", heard.path)
    assert heard.headers["content-type"] == "application/json"
    told = json.loads(heard.body)
    assert set(told) == {"text", "blocks", "unfurl_links", "unfurl_media"}
    shown = Shown()
    assert 0 < utf16(mrkdwn(told["text"], Shown())) <= 40_000
    assert 1 <= len(told["blocks"]) <= 50
    assert utf16(json.dumps(told["blocks"], ensure_ascii=False, separators=(",", ":"))) < 13_200
    for block in told["blocks"]:
        READ[block["type"]](block, shown)
        shown.text += "\n"
    return shown


def mrkdwn(text: str, shown: Shown) -> str:
    """Read mrkdwn whose three letters are escaped; anything else in brackets would be a mention or a command."""
    at, read = 0, ""
    while at < len(text):
        match = _MRKDWN.match(text, at)
        assert match, f"{text[at : at + 20]!r} is not escaped"
        if match["url"]:
            url, words = (mrkdwn(match[name], Shown()) for name in ("url", "words"))
            check_address(url, 3_000)
            shown.links.append((words, url))
            read += words
        else:
            read += match["plain"] or _LETTERS[match["entity"]]
        at = match.end()
    return read


def _header(block: dict[str, Any], shown: Shown) -> None:
    assert set(block["text"]) == {"type", "text", "emoji"}
    assert (block["text"]["type"], block["text"]["emoji"]) == ("plain_text", False)
    assert 1 <= utf16(block["text"]["text"]) <= 150
    shown.text += block["text"]["text"]


def _context(block: dict[str, Any], shown: Shown) -> None:
    assert 1 <= len(block["elements"]) <= 10
    for element in block["elements"]:
        assert (element["type"], element["verbatim"]) == ("mrkdwn", True)
        assert 1 <= utf16(element["text"]) <= 3_000
        shown.text += mrkdwn(element["text"], shown)


def _rich(block: dict[str, Any], shown: Shown) -> None:
    (section,) = block["elements"]
    assert section["type"] == "rich_text_section"
    assert section["elements"]
    for element in section["elements"]:
        assert element["text"]
        assert element.get("style", {"bold": True}) == {"bold": True}
        assert set(element) - {"style"} == ({"type", "text", "url"} if element["type"] == "link" else {"type", "text"})
        if element["type"] == "link":
            check_address(element["url"], 3_000)
            shown.links.append((element["text"], element["url"]))
        else:
            assert element["type"] == "text"
        shown.text += element["text"]


READ = {"header": _header, "divider": lambda _, __: None, "context": _context, "rich_text": _rich}
