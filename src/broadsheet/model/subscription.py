"""Who gets what, when and how: a subscriber, and the lists subscribed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from broadsheet.model.selection import Selection

# How a digest comes: by mail, or pushed to a chat or a program.
Way = Literal["mail", "slack", "discord", "telegram", "mattermost", "matrix", "ntfy", "webhook"]
WAYS: tuple[Way, ...] = get_args(Way)
# ``now`` is as soon as there is something new.
Rhythm = Literal["daily", "weekly", "now"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
# ``pending``: not confirmed. ``paused``: by themselves. ``suspended``: by the house, since nothing arrives there or
# somebody complained. ``ended``: unsubscribed from everything.
State = Literal["pending", "active", "paused", "suspended", "ended"]
STATES: tuple[State, ...] = get_args(State)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DEFAULT_HOUR = "07:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When somebody wants to read: an IANA zone, an hour there such as 07:00, and a weekday, 0 to 6, of weekly digests.

    Between ``quiet_from`` and ``quiet_until``, hours in that zone and both empty for never, nothing comes at once.
    """

    zone: str = "UTC"
    hour: str = DEFAULT_HOUR
    weekday: int = 0
    quiet_from: str = ""
    quiet_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One mailbox, chat or program that digests go to, a reader's or nobody's.

    ``address`` is a mail address, or what is shown of another place; its secrets are with the store. ``repeats`` tells
    whether a paper may come again. ``nonce`` is in all that is signed for them, so a new one ends all their links.
    ``why`` says why nothing is sent while that is so.
    """

    id: int
    way: Way
    address: str
    key: str
    at: datetime
    state: State = "pending"
    why: str = ""
    reader_id: int | None = None
    times: Times = Times()
    repeats: bool = False
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One list that a subscriber gets, and in which rhythm.

    Of lists that stand for long only papers count as new whose number is above ``after_id``, or that were put there
    after ``at``.
    """

    id: int
    subscriber_id: int
    selection: Selection
    rhythm: Rhythm
    at: datetime
    after_id: int = 0
