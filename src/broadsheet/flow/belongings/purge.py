"""Make what was deleted unreadable: in the database, in its log, and among mails that wait to be read."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.store import rows_of


@dataclass(frozen=True, slots=True)
class Purged:
    """How many mails went, and how many bytes the database takes before and after; 0 where a server keeps it."""

    mails: int
    bytes_before: int
    bytes_after: int


def purge(house: House) -> Purged:
    """Write the database anew without what was deleted, and drop mails in the outbox to addresses that nobody has.

    Raises Unavailable while others read without end, or when a file cannot be removed. Backups, the log that the
    operator keeps, and a PostgreSQL server's own log are not in our hands.
    """
    mails = _drop_mails(house)
    before = _size(house)
    house.store.compact()
    return Purged(mails, before, _size(house))


def _drop_mails(house: House) -> int:
    with house.store.reading() as connection:
        known = rows_of.known_addresses(connection) | {house.settings.alert_mail.lower()}
    stale = [file for file in sorted(house.settings.outbox_folder.glob("*")) if not _is_for(file, known)]
    try:
        for file in stale:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"A mail cannot be removed from the outbox: {error.strerror}.") from error
    return len(stale)


def _is_for(file: Path, known: frozenset[str]) -> bool:
    """Tell whether a mail goes to somebody we know; half a mail, left by a crash, goes to nobody."""
    if file.suffix != ".eml" or not file.is_file():
        return not file.is_file()
    mail = message_from_bytes(file.read_bytes(), policy=default)
    return any(address.lower() in known for _, address in getaddresses(map(str, mail.get_all("To", []))))


def _size(house: House) -> int:
    file = house.settings.home / "broadsheet.db"
    return file.stat().st_size if house.store.dialect == "sqlite" and file.exists() else 0
