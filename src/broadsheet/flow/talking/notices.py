"""What a reader is told of: how much is new, all of it, and that it was seen."""

from broadsheet.flow.house import House
from broadsheet.model.notice import Notice
from broadsheet.model.reader import Reader
from broadsheet.store import notices

PER_PAGE = 50


def unseen(house: House, reader: Reader) -> int:
    """Count what a reader has not seen, up to ``store.notices.MAX_UNSEEN``; one statement."""
    with house.store.reading() as connection:
        return notices.unseen(connection, reader.id)


def of_reader(house: House, reader: Reader, *, before: int | None = None) -> tuple[Notice, ...]:
    """Give a reader's notices, newest first, at most PER_PAGE of those below a number."""
    with house.store.reading() as connection:
        return notices.page(connection, reader.id, before=before, limit=PER_PAGE)


def mark_seen(house: House, reader: Reader, up_to: int) -> int:
    """Note that a reader has seen all notices up to a number; gives how many were new."""
    with house.store.writing() as connection:
        return notices.mark_seen(connection, reader.id, up_to, at=house.clock())
