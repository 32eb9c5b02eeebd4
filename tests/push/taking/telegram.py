"""Telegram's rules.

core.telegram.org/bots/api#sendmessage: 1 to 4,096 characters after entities are read; #markdownv2-style: what must be
escaped where; core.telegram.org/api/entities: lengths are of UTF-16, and names, tags and commands are found without
markup. limits.tginfo.me: 100 entities.
"""

import json
import re
from dataclasses import dataclass, field

from tests.push.taking.shown import Heard, Shown, check_address, utf16

_PATH = re.compile(r"/bot[0-9]+:[A-Za-z0-9_-]{35}/sendMessage")
_RESERVED = set("_*[]()~`>#+-=|{}.!")
_FOUND = re.compile(r"[@#$/]\w")


def take(heard: Heard) -> Shown:
    """Read a message as the Bot API does."""
    assert heard.method == "POST"
    assert _PATH.fullmatch(heard.path)
    assert heard.headers["content-type"] == "application/json"
    told = json.loads(heard.body)
    assert set(told) - {"message_thread_id"} == {"chat_id", "text", "parse_mode", "link_preview_options"}
    assert isinstance(told.get("message_thread_id", 0), int)
    assert told["parse_mode"] == "MarkdownV2"
    assert told["link_preview_options"] == {"is_disabled": True}
    reading = Reading(told["text"])
    shown = reading.all()
    assert 1 <= utf16(shown.text.strip()) <= 4_096
    assert reading.entities <= 100
    assert not _FOUND.search(shown.text)
    return shown


@dataclass
class Reading:
    """Reads MarkdownV2 of which only bold and links are used, as strictly as the Bot API."""

    raw: str
    at: int = 0
    entities: int = 0
    shown: Shown = field(default_factory=Shown)

    def all(self) -> Shown:
        bold = False
        while self.at < len(self.raw):
            if self.raw[self.at] == "*":
                self.at += 1
                bold = not bold
                self.entities += bold
            elif self.raw[self.at] == "[":
                self.at += 1
                self._link()
            else:
                self.shown.text += self._letter(_RESERVED)
        assert not bold
        return self.shown

    def _link(self) -> None:
        words, url = "", ""
        while self.raw[self.at] != "]":
            words += self._letter(_RESERVED)
        assert self.raw[self.at : self.at + 2] == "]("
        self.at += 2
        while self.raw[self.at] != ")":
            url += self._letter({")"})
        self.at += 1
        check_address(url, 2_048)
        self.entities += 1
        self.shown.links.append((words, url))
        self.shown.text += words

    def _letter(self, reserved: set[str]) -> str:
        if self.raw[self.at] == "\\":
            self.at += 1
            assert 1 <= ord(self.raw[self.at]) <= 126
        else:
            assert self.raw[self.at] not in reserved, f"{self.raw[self.at : self.at + 20]!r} is reserved"
        self.at += 1
        return self.raw[self.at - 1]
