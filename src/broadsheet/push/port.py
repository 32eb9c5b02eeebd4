"""What every pusher is: it takes a digest and a place, and delivers one to the other or says why not."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from broadsheet.model.digest import Digest
from broadsheet.model.subscription import Way

# Places that take a message in once, however often it comes: Matrix by the id of the transaction, a program by the
# ``webhook-id``. To these, what is in doubt may be sent again under the same key.
TAKES_ONCE: frozenset[Way] = frozenset({"matrix", "webhook"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One chat or program. ``shown`` tells readers and operators which one without its secrets.

    ``key`` is the same for the same place, whatever its secrets: 64 hexadecimal digits. ``fields`` hold its secrets.
    """

    way: Way
    shown: str
    key: str
    fields: Mapping[str, str] = field(repr=False)

    def as_json(self) -> str:
        """Write what ``targets.kept_target`` reads; it holds the secrets."""
        return json.dumps(dict(self.fields), sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands around the papers of a message.

    ``key`` names the digest for good: a place that saw it before knows it again. ``home_url`` has no slash at its end;
    where it is empty, links lead to where papers are from. ``view_url`` is the digest as a page. ``manage_url`` is
    where its reader changes it; as everybody in a chat reads it, it holds no secret. ``why`` says why it comes.
    """

    key: str
    site: str
    at: datetime
    home_url: str = ""
    view_url: str = ""
    manage_url: str = ""
    why: str = ""


def never() -> None:
    """Do nothing before the end."""


class Pusher(Protocol):
    """Delivers digests to chats and programs.

    Both verbs call ``before_end`` when all but the last byte went out: from then on it may have been taken. They raise
    Unavailable when it was not taken and may be later, after ``retry_after_s`` where the place says so; InDoubt when
    nobody can say whether it was taken; Gone for a place that takes nothing any more; Invalid when it is refused.
    Whatever ``before_end`` raises is raised, and nothing was taken then.
    """

    def push(
        self, way: Way, target: str, digest: Digest, facts: Facts, *, before_end: Callable[[], None] = never
    ) -> None:
        """Deliver a digest to the place whose JSON is ``target``."""

    def greet(self, way: Way, target: str, facts: Facts, *, before_end: Callable[[], None] = never) -> None:
        """Deliver a message that says that digests will come here, so that somebody can try a place out."""
