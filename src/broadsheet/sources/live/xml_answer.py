"""What every adapter asks of an answer in XML before it believes it: that it has its end."""

import re

from broadsheet.errors import Unavailable
from broadsheet.sources.adapter import Answer, Service

_TAIL = 1 << 12


def whole_xml(answer: Answer, root: str, service: Service) -> bytes:
    """Read an answer in XML. Raises Unavailable where it does not end with ``</root>``, as half an answer does.

    ``root`` is a local name or several with ``|`` between. Pages for browsers end otherwise too.
    """
    answer.body.seek(0)
    raw = answer.body.read()
    tail = _without_comments(raw[-_TAIL:].replace(b"\0", b""))
    if re.search(rb"</(?:[\w.-]+:)?(?:%b)\s*>\Z" % root.encode(), tail):
        return raw
    kind = f" ({answer.kind})" if answer.kind else ""
    raise Unavailable(f"{service.name} answered with something{kind} that is no whole <{root}>.")


def _without_comments(tail: bytes) -> bytes:
    """Leave out the comments at the end, and the space around them."""
    tail = tail.rstrip()
    while tail.endswith(b"-->") and (begins := tail.rfind(b"<!--")) >= 0:
        tail = tail[:begins].rstrip()
    return tail
