"""What does a service's answer say: taken, later, in doubt, refused, or gone?"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broadsheet.errors import Gone, InDoubt, Invalid, Unavailable
from broadsheet.model.subscription import Way
from broadsheet.net.exchange import Reply
from broadsheet.net.retry_after import http_date, retry_after
from broadsheet.push.asked_for import TITLES
from broadsheet.push.port import TAKES_ONCE

_TAKEN = range(200, 300)
_GONE = frozenset({401, 403, 404, 410})
_LATER = frozenset({408, 425, 429})
_BROKEN = range(500, 600)
# A gateway that heard nothing it understood from who stands behind it knows no more than we do (RFC 9110, sections
# 15.6.3 and 15.6.5); Cloudflare's 520 and 524 say the same.
_UNKNOWN = frozenset({502, 504, 520, 524})
_LONGEST_WAIT_S = 86_400.0
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{2,60}|[0-9]{1,9}")
# Telegram says in words that a chat is not there for a bot, under a status that says nothing.
_NO_CHAT = re.compile(
    r"chat not found|upgraded to a supergroup|group is deactivated|not enough rights|TOPIC_CLOSED|thread not found"
)
_SENTENCE = re.compile(r"[A-Za-z0-9 :,.'_-]{3,120}")


def check(way: Way, reply: Reply, now: datetime) -> None:
    """Do nothing where a message was taken; else raise as ``Pusher`` says.

    What a service of the reader's choice says is not passed on: only a code, where it has the form of one.
    """
    status = reply.status
    if status in _TAKEN:
        return
    told = _told(reply)
    said = f"{TITLES[way]} answers {status}{_reason(way, told)}."
    if status in _LATER:
        raise Unavailable(said, retry_after_s=_wait(way, told, reply.headers, now))
    if status in _UNKNOWN:
        raise in_doubt(way, said)
    if status in _BROKEN:
        raise Unavailable(said, retry_after_s=_wait(way, told, reply.headers, now))
    if status in _GONE or (way == "telegram" and _NO_CHAT.search(_text(told.get("description")))):
        raise Gone(f"{said} Nothing can be sent there any more.", field="target")
    raise Invalid(f"{said} The message was refused.", field="target")


def in_doubt(way: Way, said: str) -> Unavailable:
    """Give the error for a message that may have been taken; where it can be sent again safely, it was not."""
    return Unavailable(said) if way in TAKES_ONCE else InDoubt(said)


def _told(reply: Reply) -> Mapping[str, Any]:
    """Read the JSON object of an answer, or Slack's one word; nothing of what is neither."""
    raw = reply.body.read()
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {"error": raw[:100].decode("ascii", "replace").strip()}
    return told if isinstance(told, dict) else {}


# Where a service says what is wrong.
_CODES: Mapping[Way, str] = {
    "slack": "error",
    "discord": "code",
    "telegram": "description",
    "mattermost": "id",
    "matrix": "errcode",
    "ntfy": "code",
}


def _wait(way: Way, told: Mapping[str, Any], headers: Mapping[str, str], now: datetime) -> float | None:
    in_header = retry_after(headers.get("retry-after"), http_date(headers.get("date")) or now)
    waits = [wait for wait in (in_header, _wait_in_body(way, told)) if wait is not None]
    return min(max(waits), _LONGEST_WAIT_S) if waits else None


def _wait_in_body(way: Way, told: Mapping[str, Any]) -> float | None:
    """Read how long to wait, as each service says it, in seconds."""
    if way == "telegram":
        parameters = told.get("parameters")
        return _number(parameters.get("retry_after")) if isinstance(parameters, dict) else None
    if way == "matrix":
        milliseconds = _number(told.get("retry_after_ms"))
        return None if milliseconds is None else milliseconds / 1_000
    return _number(told.get("retry_after")) if way == "discord" else None


def _reason(way: Way, told: Mapping[str, Any]) -> str:
    reason = _text(told.get(_CODES[way])) if way in _CODES else ""
    form = _SENTENCE if way == "telegram" else _CODE
    return f" ({reason})" if form.fullmatch(reason) else ""


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
        return None
    return float(min(value, _LONGEST_WAIT_S * 1_000))


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
