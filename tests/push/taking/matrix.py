"""Matrix's rules.

spec.matrix.org/latest/client-server-api: #put_matrixclientv3roomsroomidsendeventtypetxnid; #size-limits: 65,536 bytes
an event; #mroommessage-msgtypes: which HTML; #user-and-room-mentions.
"""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

from tests.push.taking.shown import Heard, Shown, check_address

_PATH = re.compile(r"/_matrix/client/v3/rooms/([^/?#]+)/send/m\.room\.message/([A-Za-z0-9._~-]{1,64})")
# Of those that the specification allows, what a message needs.
_TAGS = {"h4", "h5", "p", "a", "strong", "br"}
_EMPTY = {"br"}


def take(heard: Heard) -> Shown:
    """Read an event as a homeserver and a client do."""
    assert heard.method == "PUT"
    path = _PATH.fullmatch(heard.path)
    assert path
    assert unquote(path[1]).startswith("!")
    assert re.fullmatch(r"Bearer [!-~]+", heard.headers["authorization"])
    assert len(heard.body) <= 65_536 - 4_000  # ids, hashes and signatures of servers come with it
    told = json.loads(heard.body)
    assert told["msgtype"] == "m.notice"
    assert told["format"] == "org.matrix.custom.html"
    assert told["m.mentions"] == {}
    assert told["body"].strip()
    reading = _Html()
    reading.feed(told["formatted_body"])
    reading.close()
    assert reading.open == []
    return reading.shown


class _Html(HTMLParser):
    """Reads HTML whose tags are all closed, in their order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.shown = Shown()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        if attrs:
            check_address(attrs[0][1] or "", 2_048)
            self.shown.links.append(("", attrs[0][1] or ""))
        if tag in _EMPTY:
            self.shown.text += "\n"
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.shown.text += "\n" if tag in {"h4", "h5", "p"} else ""

    def handle_data(self, data: str) -> None:
        self.shown.text += data
        if self.open[-1] == "a":
            words, url = self.shown.links[-1]
            self.shown.links[-1] = (words + data, url)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)
