"""The one family tree of errors; doors map it to status codes and exit codes in one table each."""


class BroadsheetError(Exception):
    """Anything Broadsheet itself reports; the message is a sentence a reader can act on."""


class NotFound(BroadsheetError):
    """What was asked for is not on the shelf."""


class Refused(BroadsheetError):
    """The request is understood and not allowed."""


class Invalid(BroadsheetError):
    """A value that cannot be used; ``field`` names it."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class Gone(Invalid):
    """A place that takes nothing any more, until somebody gives another one."""


class Conflict(BroadsheetError):
    """The state on disk is not the one this needs, such as a newer schema."""


class Unavailable(BroadsheetError):
    """A part is missing or busy; trying again after ``retry_after_s`` seconds may work."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooMany(Unavailable):
    """Asked too often; ``retry_after_s`` seconds later it is allowed again."""


class InDoubt(Unavailable):
    """What was sent whole was not answered for: it may have been taken, and to send it again may be to do it twice."""
