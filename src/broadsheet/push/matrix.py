"""Matrix: a notice in a room, in the subset of HTML that it takes and in plain text, under an id that makes it one.

See spec.matrix.org/latest/client-server-api, #mroommessage-msgtypes, #sending-events-to-a-room and
#user-and-room-mentions.
"""

from collections.abc import Iterator
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import quote

from broadsheet.push.brief import Brief, Part, largest
from broadsheet.push.lines import Line, Span, all_lines, as_plain, closing, details, heading, more, title
from broadsheet.push.port import Facts, Target
from broadsheet.push.request import Request, as_json, json_request
from broadsheet.push.sizes import utf8

# An event is 65,536 bytes with what the server adds around it (#size-limits); this leaves it a tenth.
_LONGEST_CONTENT = 59_000


def request(brief: Brief, target: Target, facts: Facts) -> Request:
    """Make the request that sends a notice; sent again under the same key, it is the same event and not another one."""
    room, once = quote(target.fields["room"], safe=""), sha256(facts.key.encode()).hexdigest()[:32]
    url = f"{target.fields['url']}/_matrix/client/v3/rooms/{room}/send/m.room.message/{once}"
    bearer = {"Authorization": f"Bearer {target.fields['token']}"}
    return json_request(url, message(largest(brief, _fits)), bearer, method="PUT")


def message(brief: Brief) -> dict[str, Any]:
    """Write a notice, whether it is too long or not."""
    return {
        "msgtype": "m.notice",
        "body": "\n".join(map(as_plain, all_lines(brief))),
        "format": "org.matrix.custom.html",
        "formatted_body": "".join(_html(brief)),
        "m.mentions": {},
    }


def _fits(brief: Brief) -> bool:
    return utf8(as_json(message(brief))) <= _LONGEST_CONTENT


def _html(brief: Brief) -> Iterator[str]:
    yield f"<h4>{escape(brief.headline)}</h4>"
    for part in brief.parts:
        yield from _list(part, titled=len(brief.parts) > 1)
    if last := closing(brief):
        yield f"<p>{'<br>'.join(map(_line, last))}</p>"


def _list(part: Part, *, titled: bool) -> Iterator[str]:
    if titled:
        yield f"<h5>{_line(heading(part))}</h5>"
    for item in part.items:
        yield f"<p>{'<br>'.join(map(_line, (title(item), *details(item))))}</p>"
    if part.more:
        yield f"<p>{_line(more(part))}</p>"


def _line(line: Line) -> str:
    return "".join(map(_written, line))


def _written(span: Span) -> str:
    told = f'<a href="{escape(span.url)}">{escape(span.text)}</a>' if span.url else escape(span.text)
    return f"<strong>{told}</strong>" if span.strong else told
