"""Slack: a message of blocks.

Papers are rich text, whose elements are taken as they are; what is mrkdwn has its three letters escaped. See
docs.slack.dev/reference/block-kit/blocks and docs.slack.dev/messaging/formatting-message-text.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from broadsheet.push.brief import Brief, largest
from broadsheet.push.lines import Line, Span, closing, details, heading, more, title
from broadsheet.push.port import Facts, Target
from broadsheet.push.request import Request, json_request, letters
from broadsheet.push.sizes import cut, utf16

_MOST_BLOCKS = 50
_LONGEST_HEADER = 150
# All blocks together; Slack publishes no number for its error msg_blocks_too_long, and answers it from 13,200 on
# (github.com/slackapi/bolt-js/issues/2509).
_LONGEST_BLOCKS = 12_000

Block = dict[str, Any]


def request(brief: Brief, target: Target, _facts: Facts) -> Request:
    """Make the request to an incoming webhook."""
    return json_request(target.fields["url"], message(largest(brief, _fits)))


def message(brief: Brief) -> Block:
    """Write a message, whether it is too long or not."""
    return {
        "text": escaped(_in_short(brief)),
        "blocks": list(_blocks(brief)),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def escaped(text: str) -> str:
    """Escape what would begin an entity, a mention or a link in mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _in_short(brief: Brief) -> str:
    """Say what a notification shows: the headline and the first title."""
    first = next((item.title for part in brief.parts for item in part.items), "")
    return f"{brief.headline}, led by “{first}”" if first else brief.headline


def _fits(brief: Brief) -> bool:
    blocks = list(_blocks(brief))
    return len(blocks) <= _MOST_BLOCKS and letters(blocks) <= _LONGEST_BLOCKS


def _blocks(brief: Brief) -> Iterable[Block]:
    headline = cut(brief.headline, _LONGEST_HEADER, utf16)
    yield {"type": "header", "text": {"type": "plain_text", "text": headline, "emoji": False}}
    for part in brief.parts:
        if len(brief.parts) > 1:
            yield from ({"type": "divider"}, _rich([heading(part)]))
        yield from (_rich([title(item), *details(item)]) for item in part.items)
        if part.more:
            yield _rich([more(part)])
    if last := closing(brief):
        yield _context(last)


def _rich(lines: Iterable[Line]) -> Block:
    spans: list[Span] = []
    for number, line in enumerate(lines):
        spans += [*([Span("\n")] if number else []), *line]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(map(_element, _joined(spans)))}],
    }


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Make one of words that stand beside each other and lead nowhere: each element counts."""
    joined: list[Span] = []
    for span in spans:
        if joined and not (span.url or span.strong or joined[-1].url or joined[-1].strong):
            joined[-1] = Span(joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined


def _element(span: Span) -> Mapping[str, Any]:
    style = {"style": {"bold": True}} if span.strong else {}
    if span.url:
        return {"type": "link", "url": span.url, "text": span.text, **style}
    return {"type": "text", "text": span.text, **style}


def _context(lines: Iterable[Line]) -> Block:
    told = "\n".join("".join(map(_mrkdwn, line)) for line in lines)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": told, "verbatim": True}]}


def _mrkdwn(span: Span) -> str:
    # A bar would end the address, as a closing bracket would.
    return f"<{escaped(span.url.replace('|', '%7C'))}|{escaped(span.text)}>" if span.url else escaped(span.text)
