"""A notice: what a reader is told of when they come back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["mention", "answer", "reaction", "comment", "submission", "claim", "moderation", "follow"]
KINDS: tuple[Kind, ...] = ("mention", "answer", "reaction", "comment", "submission", "claim", "moderation", "follow")
MAX_WORDS = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice in plain words: of what kind, who did it (empty for the house), about which paper and comment."""

    id: int
    kind: Kind
    words: str
    at: datetime
    is_new: bool = True
    handle: str = ""
    name: str = ""
    slug: str = ""
    title: str = ""
    comment_id: int | None = None
