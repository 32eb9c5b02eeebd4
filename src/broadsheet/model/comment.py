"""A comment: what a reader says about a paper, or answers to another comment."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from broadsheet.model.reader import Reader
from broadsheet.model.text import prose

# ``held``: waits for a moderator; ``hidden``: taken down by one; ``withdrawn``: taken back by who wrote it.
State = Literal["shown", "held", "hidden", "withdrawn"]
STATES: tuple[State, ...] = ("shown", "held", "hidden", "withdrawn")
Badge = Literal["author", "submitter"]

MAX_BODY = 10_000
MAX_MENTIONS = 10
MAX_EDITIONS = 30
MAX_WHY = 500
# What may be said to a comment without words.
EMOJI = ("👍", "👎", "❤️", "🎉", "😄", "😕", "🚀", "👀")
NEW_FOR = timedelta(days=1)

# The lookarounds keep mail addresses and paths apart from mentions.
MENTION = re.compile(r"(?<![\w@/\\.:+-])@[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?(?![\w@])", re.ASCII)
_CODE = re.compile(
    r"^(?P<fence>```+|~~~+).*?(?:^(?P=fence)|\Z)|(?<!`)(?P<ticks>`++)[^`\n]+(?P=ticks)", re.DOTALL | re.MULTILINE
)
_LINK = re.compile(
    r"https?://|www\.|mailto:|\]\(|\]:|(?<![\w-])[\w-]++\.(?:com|net|org|io|ru|cn|xyz|top|info|shop|site)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment in Markdown: ``parent_id`` is the comment it answers, ``reader_id`` None once the reader has left."""

    id: int
    paper_id: int
    reader_id: int | None
    parent_id: int | None
    body: str
    at: datetime
    edited_at: datetime | None = None
    state: State = "shown"


@dataclass(frozen=True, slots=True)
class Said:
    """A comment and who said it, as shown; ``handle`` and ``name`` are empty for who has left."""

    comment: Comment
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at a paper's comments and at which part: ``limit`` and ``offset`` count threads.

    ``sees_all`` is for moderators; others see what is shown, and of what is held only their own.
    """

    viewer_id: int | None = None
    sees_all: bool = False
    newest_first: bool = False
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """What a comment said before it was edited, and until when."""

    body: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How many readers said one emoji to a comment, and whether who looks is among them."""

    emoji: str
    count: int
    mine: bool = False


def fit(text: str) -> str:
    """Make a body fit to keep: its lines stay, what cannot be seen goes, and so do empty lines at both ends."""
    return prose(text)


def mentions(body: str) -> tuple[str, ...]:
    """Give the handles that a body mentions outside code, in lower case and once each, at most MAX_MENTIONS."""
    if "@" not in body:
        return ()
    words = _CODE.sub(" ", body) if "`" in body or "~~~" in body else body
    return tuple(dict.fromkeys(found[1:].lower() for found in MENTION.findall(words)))[:MAX_MENTIONS]


def needs_a_look(body: str, reader: Reader, at: datetime) -> bool:
    """Tell whether a moderator looks first: at links from a reader who has been here for less than NEW_FOR."""
    return not reader.may("moderator") and at - reader.at < NEW_FOR and _LINK.search(body) is not None


def opening(body: str, length: int = 160) -> str:
    """Give the first words of a body on one line."""
    words = " ".join(body[: 4 * length].split())
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
