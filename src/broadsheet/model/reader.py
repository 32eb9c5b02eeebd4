"""A reader: somebody who has an account here."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# What one may do; each may do what those before it may.
Role = Literal["reader", "moderator", "admin"]
ROLES: tuple[Role, ...] = ("reader", "moderator", "admin")
# ``gone``: left for good; nothing but the number is kept.
State = Literal["active", "suspended", "gone"]
STATES: tuple[State, ...] = ("active", "suspended", "gone")

MAX_NAME = 80
MAX_ABOUT = 500
_HANDLE = re.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Reader:
    """One account; ``handle`` is unique and stands in addresses and mentions, ``name`` is shown.

    ``suspended_until`` ends a suspension; None while nobody is suspended, or for good. ``suspended_why`` is its reason.
    """

    id: int
    handle: str
    name: str
    at: datetime
    role: Role = "reader"
    state: State = "active"
    about: str = ""
    suspended_until: datetime | None = None
    suspended_why: str = ""

    def may(self, role: Role) -> bool:
        """Tell whether the reader may do what ``role`` may; nobody who is suspended or gone may do anything."""
        return self.state == "active" and ROLES.index(self.role) >= ROLES.index(role)


def is_handle(text: str) -> bool:
    """Tell whether a text can be a handle: 1 to 32 of a-z, 0-9 and hyphens inside."""
    return _HANDLE.fullmatch(text) is not None
