"""Discord: an embed for each paper, and nobody is mentioned.

See discord.com/developers/docs/resources/webhook#execute-webhook and .../resources/message#embed-object-embed-limits.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.push.brief import Brief, Item, Part, largest
from broadsheet.push.lines import Line, Span, closing, details, more
from broadsheet.push.markdown import link, unlisted
from broadsheet.push.port import Facts, Target
from broadsheet.push.request import Request, json_request
from broadsheet.push.sizes import cut, utf16

_MOST_EMBEDS = 10
_LONGEST_TITLE, _LONGEST_NAME, _LONGEST_DESCRIPTION = 256, 256, 4_096
# Of all embeds together: titles, descriptions and names of authors, among others.
_LONGEST_EMBEDS = 6_000
# A backslash takes its meaning from any letter that is no digit, word or blank; without its colon an address is no
# link, and the name of an emoji none.
_MEANINGFUL = re.compile(r"[\\*_~`|>#\[\]<@:]")

Embed = dict[str, Any]


def request(brief: Brief, target: Target, _facts: Facts) -> Request:
    """Make the request to a webhook; it is answered when the message is there, and not before."""
    url = target.fields["url"]
    return json_request(f"{url}{'&' if '?' in url else '?'}wait=true", message(largest(brief, _fits)))


def message(brief: Brief) -> Embed:
    """Write a message, whether it is too long or not."""
    return {
        "content": f"**{escaped(brief.headline)}**",
        "embeds": list(_embeds(brief)),
        "allowed_mentions": {"parse": []},
    }


def escaped(text: str) -> str:
    """Take the meaning of Discord's Markdown from a text."""
    return unlisted(_MEANINGFUL.sub(lambda match: f"\\{match[0]}", text))


def _fits(brief: Brief) -> bool:
    embeds = list(_embeds(brief))
    total = sum(utf16(text) for embed in embeds for text in _counted(embed))
    longest = max((utf16(embed["description"]) for embed in embeds), default=0)
    return len(embeds) <= _MOST_EMBEDS and total <= _LONGEST_EMBEDS and longest <= _LONGEST_DESCRIPTION


def _counted(embed: Embed) -> tuple[str, ...]:
    return embed.get("title", ""), embed["description"], embed.get("author", {}).get("name", "")


def _embeds(brief: Brief) -> Iterator[Embed]:
    several = len(brief.parts) > 1
    for part in brief.parts:
        for number, item in enumerate(part.items):
            yield _of(item) | (_author(part) if several and not number else {})
    last = [*(_more(part, several=several) for part in brief.parts if part.more), *closing(brief)]
    if last:
        yield {"description": _text(last)}


def _of(item: Item) -> Embed:
    title = cut(item.title, _LONGEST_TITLE, lambda text: utf16(escaped(text)))
    return {"title": escaped(title), "description": _text(details(item))} | ({"url": item.url} if item.url else {})


def _author(part: Part) -> Embed:
    # Read as it is: no Markdown here.
    name = cut(part.title, _LONGEST_NAME, utf16)
    return {"author": {"name": name} | ({"url": part.url} if part.url else {})}


def _more(part: Part, *, several: bool) -> Line:
    return (Span(f"{part.title}: "), *more(part)) if several else more(part)


def _text(lines: Iterable[Line]) -> str:
    return "\n".join("".join(map(_written, line)) for line in lines)


def _written(span: Span) -> str:
    return link(escaped(span.text), span.url)
