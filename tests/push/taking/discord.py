"""Discord's rules.

discord.com/developers/docs/resources/webhook#execute-webhook: 2,000 characters of content, 10 embeds; .../resources/
message#embed-object-embed-limits: title and name of an author 256, description 4,096, 6,000 in all; .../resources/
message#allowed-mentions-object. support.discord.com/hc/en-us/articles/210298617: Markdown.
"""

import json
import re
from typing import Any

from tests.push.taking.shown import Heard, Shown, check_address, utf16

_PATH = re.compile(r"/api/webhooks/[0-9]+/[A-Za-z0-9_-]+\?(?:thread_id=[0-9]+&)?wait=true")
_LINK = re.compile(r"\[((?:\\[^0-9A-Za-z\s]|[^\\\]])*)\]\(([^()\s]+)\)")
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_MEANS = set("\\*_~`|>#[]<@:")


def take(heard: Heard) -> Shown:
    """Read a message as Discord does."""
    assert heard.method == "POST"
    assert _PATH.fullmatch(heard.path)
    assert heard.headers["content-type"] == "application/json"
    told = json.loads(heard.body)
    assert set(told) == {"content", "embeds", "allowed_mentions"}
    assert told["allowed_mentions"] == {"parse": []}
    assert 1 <= utf16(told["content"]) <= 2_000
    assert len(told["embeds"]) <= 10
    shown = Shown()
    strong = re.fullmatch(r"\*\*(.+)\*\*", told["content"])
    assert strong
    shown.text = markdown(strong[1], shown)
    assert sum(_embed(embed, shown) for embed in told["embeds"]) <= 6_000
    return shown


def _embed(embed: dict[str, Any], shown: Shown) -> int:
    assert set(embed) <= {"title", "url", "description", "author"}
    title, name = embed.get("title", ""), embed.get("author", {}).get("name", "")
    assert utf16(title) <= 256
    assert utf16(name) <= 256
    assert utf16(embed["description"]) <= 4_096
    assert title or embed["description"]
    if "author" in embed:
        assert name
        shown.text += "\n" + name
        _note(name, embed["author"].get("url"), shown)
    read = markdown(title, shown)
    _note(read, embed.get("url"), shown)
    shown.text += "\n".join(["", read, *(markdown(line, shown) for line in embed["description"].split("\n"))])
    return utf16(title) + utf16(name) + utf16(embed["description"])


def _note(words: str, url: str | None, shown: Shown) -> None:
    if url is not None:
        check_address(url, 2_048)
        shown.links.append((words, url))


def markdown(line: str, shown: Shown) -> str:
    """Read one line of Markdown in which only links may mean anything."""
    assert not re.match(r"\s*(?:[-+]|[0-9]+[.)])(?:\s|$)", line), f"{line!r} is an item of a list"
    at, read = 0, ""
    while at < len(line):
        if match := _LINK.match(line, at):
            words = markdown(match[1], Shown())
            check_address(match[2], 2_048)
            shown.links.append((words, match[2]))
            read += words
        elif match := _ESCAPE.match(line, at):
            read += match[1]
        else:
            assert line[at] not in _MEANS, f"{line[at : at + 20]!r} is not escaped"
            read += line[at]
        at = match.end() if match else at + 1
    return read
