"""What belongs to an account: how somebody is signed in, and with which keys their programs come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# What a token may be allowed. Nobody may more with one than without.
SCOPES = ("read", "write", "moderate", "admin")
# What the key of private feeds is for, and no token beside it: to read lists at their own addresses.
FEED = "feed"
# How one can be signed in: by being at the machine, by a mailed link, at another site, by a passkey.
METHODS = ("machine", "link", "oidc", "passkey")
# Who changes how one signs in must have signed in this short a time ago (OWASP ASVS 5.0, 7.5.1).
FRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one browser; ``hash`` is that of its secret, ``network`` where it began, cut short."""

    hash: str
    reader_id: int
    method: str
    agent: str
    network: str
    at: datetime
    seen_at: datetime
    until: datetime

    def is_fresh(self, at: datetime) -> bool:
        """Tell whether the reader signed in so lately that they may change how they sign in."""
        return self.at <= at < self.at + FRESH


@dataclass(frozen=True, slots=True)
class Token:
    """A key for a program; ``until`` is None for no end, ``used_at`` for never."""

    id: int
    reader_id: int
    name: str
    scopes: tuple[str, ...]
    at: datetime
    until: datetime | None = None
    used_at: datetime | None = None
