"""How the log is written: one line an event on stderr, as ``key=value`` or as JSON."""

import json
import logging
import re
from datetime import UTC, datetime

from broadsheet.credentials.secret import Kind
from broadsheet.errors import Invalid

FORMATS = ("text", "json")
# Beyond this a fact is an attack or an accident.
_LONGEST = 2_000
# Whatever gives a secret of ours away, such as the address of a private feed, gives its kind and no more. It may stand
# in the middle of a word, as after the %3D of an address within an address.
_SECRET = re.compile(rf"((?:{'|'.join(Kind)})(?:_|%5[Ff]))[0-9A-Za-z]{{6,}}")
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/+-")


def start_logging(form: str, *, level: int = logging.INFO) -> None:
    """Write the log to stderr in a format, from a level on; raises Invalid for a format that there is not."""
    if form not in FORMATS:
        raise Invalid("Setting 'log_format' takes text or json.", field="log_format")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else KeyValues())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("broadsheet").setLevel(level)


class JsonLines(logging.Formatter):
    """Writes an event as one JSON object: ``at``, ``level``, ``event``, and its facts beside them."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, all of it ASCII."""
        return json.dumps(_facts(self, record))


class KeyValues(logging.Formatter):
    """Writes an event as ``at=… level=… event=…`` and its facts; what is no plain word stands in quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line; whatever could break it or colour a terminal is escaped."""
        return " ".join(f"{name}={_word(value)}" for name, value in _facts(self, record).items())


def _facts(formatter: logging.Formatter, record: logging.LogRecord) -> dict[str, str | float]:
    at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told: dict[str, str | float] = {"at": at, "level": record.levelname.lower(), "event": _safe(record.getMessage())}
    facts: dict[str, str | float] = getattr(record, "facts", {})
    told |= {name: _safe(value)[:_LONGEST] if isinstance(value, str) else value for name, value in facts.items()}
    if record.exc_info:
        told["error"] = _safe(formatter.formatException(record.exc_info))
    return told


def _safe(text: str) -> str:
    return _SECRET.sub(r"\1…", text)


def _word(value: str | float) -> str:
    text = str(value)
    return text if text and _BARE.issuperset(text) else json.dumps(text, ensure_ascii=not text.isprintable())
