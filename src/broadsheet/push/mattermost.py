"""Mattermost: Markdown in which nobody is mentioned.

See developers.mattermost.com/integrate/webhooks/incoming and
docs.mattermost.com/end-user-guide/collaborate/format-messages.
"""

import re

from broadsheet.push.brief import Brief, largest
from broadsheet.push.lines import Span, all_lines
from broadsheet.push.markdown import link, unlisted
from broadsheet.push.port import Facts, Target
from broadsheet.push.request import Request, json_request
from broadsheet.push.sizes import utf16

# A post; what is longer is cut into several.
_LONGEST_POST = 16_383
_MEANINGFUL = re.compile(r"[\\`*\[\]#_~|]")
# Who is mentioned is read from the text without its markup, where a backslash does not help: a name, tag, channel,
# emoji or address ends before a blank without width.
_LIVE = re.compile(r"[@#~:](?=[\w/+-])")
_NO_WIDTH = "\u200b"


def request(brief: Brief, target: Target, _facts: Facts) -> Request:
    """Make the request to an incoming webhook."""
    return json_request(target.fields["url"], {"text": message(largest(brief, _fits))})


def message(brief: Brief) -> str:
    """Write a post, whether it is too long or not."""
    return "\n".join("".join(map(_written, line)) for line in all_lines(brief))


def escaped(text: str) -> str:
    """Take the meaning of Markdown, of names and of HTML's letters from a text."""
    quiet = _LIVE.sub(lambda match: match[0] + _NO_WIDTH, text)
    told = unlisted(_MEANINGFUL.sub(lambda match: f"\\{match[0]}", quiet))
    return told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fits(brief: Brief) -> bool:
    return utf16(message(brief)) <= _LONGEST_POST


def _written(span: Span) -> str:
    told = link(escaped(span.text), span.url)
    return f"**{told}**" if span.strong else told
