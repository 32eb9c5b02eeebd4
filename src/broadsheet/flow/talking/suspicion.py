"""Does a comment look like spam? What its words are like, and what became of what its reader said before."""

from datetime import datetime, timedelta

from broadsheet.model.reader import Reader
from broadsheet.rank.spam import Traits, suspect
from broadsheet.store import conduct
from broadsheet.store.connect import Connection

_HOUR, _MONTH = timedelta(hours=1), timedelta(days=30)


def looks_like_spam(connection: Connection, reader: Reader, body: str, at: datetime) -> bool:
    """Tell whether a moderator shall look first; never at another moderator's words."""
    if reader.may("moderator"):
        return False
    before = conduct.of_reader(connection, reader.id, at - _HOUR)
    traits = Traits(
        account_days=(at - reader.at) / timedelta(days=1),
        words=body,
        good=before.good,
        bad=before.bad,
        repeats=conduct.same_words(connection, body, at - _MONTH),
        per_hour=before.lately,
    )
    return suspect(traits).holds
