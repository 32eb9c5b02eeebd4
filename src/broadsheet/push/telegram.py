"""Telegram: MarkdownV2, which refuses a message for one letter that is not escaped.

See core.telegram.org/bots/api#markdownv2-style and core.telegram.org/bots/api#sendmessage.
"""

import re

from broadsheet.push.brief import Brief, largest
from broadsheet.push.lines import Line, Span, all_lines
from broadsheet.push.port import Facts, Target
from broadsheet.push.request import Request, json_request
from broadsheet.push.sizes import utf16

BASE = "https://api.telegram.org"
# Counted in UTF-16 once the markup is gone (core.telegram.org/api/entities#entity-length); of more entities than that,
# those that come last mean nothing (limits.tginfo.me).
_LONGEST_TEXT, _MOST_ENTITIES = 4_096, 100
_MEANINGFUL = re.compile(r"[\\_*\[\]()~`>#+\-=|{}.!]")
_ENDS_ADDRESS = re.compile(r"[\\)]")
# Where no markup is meant, Telegram still finds names, commands and tags: none of them begins before a joiner.
_LIVE = re.compile(r"[@#$/](?=\w)")
_JOINER = "\u2060"


def request(brief: Brief, target: Target, _facts: Facts) -> Request:
    """Make the request that has a bot send a message."""
    thread = target.fields.get("thread", "")
    told = {
        "chat_id": target.fields["chat"],
        **({"message_thread_id": int(thread)} if thread else {}),
        "text": message(largest(brief, _fits)),
        "parse_mode": "MarkdownV2",
        "link_preview_options": {"is_disabled": True},
    }
    return json_request(f"{BASE}/bot{target.fields['token']}/sendMessage", told)


def message(brief: Brief) -> str:
    """Write a message, whether it is too long or not."""
    return "\n".join("".join(map(_written, line)) for line in all_lines(brief))


def escaped(text: str) -> str:
    """Take the meaning of MarkdownV2 from a text, and of what is found without it."""
    return _MEANINGFUL.sub(lambda match: f"\\{match[0]}", _quiet(text))


def _quiet(text: str) -> str:
    return _LIVE.sub(lambda match: match[0] + _JOINER, text)


def _fits(brief: Brief) -> bool:
    lines = list(all_lines(brief))
    marked = sum(bool(span.url) + span.strong for line in lines for span in line)
    return marked <= _MOST_ENTITIES and utf16("\n".join(map(_shown, lines))) <= _LONGEST_TEXT


def _shown(line: Line) -> str:
    return "".join(_quiet(span.text) for span in line)


def _written(span: Span) -> str:
    address = _ENDS_ADDRESS.sub(lambda match: f"\\{match[0]}", span.url)
    told = f"[{escaped(span.text)}]({address})" if address else escaped(span.text)
    return f"*{told}*" if span.strong else told
