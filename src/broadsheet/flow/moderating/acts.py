"""What every act has in common: a moderator, a reason, a line in the public log, and word to whom it concerns."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from broadsheet.errors import Invalid, Refused
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.model.notice import Kind as NoticeKind
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean, plain
from broadsheet.store import moderation_log, notices, reports
from broadsheet.store.connect import Connection
from broadsheet.store.moderation_log import Act
from broadsheet.store.notices import Matter
from broadsheet.store.reports import Kind

MAX_WHY = 500
MAX_WORDS = 160
_LOG_PAGE = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about: the number of a thing of a kind, what it is called, its paper and comment if it has any."""

    kind: Kind
    target: int
    words: str
    paper_id: int | None = None
    comment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """Who acts, how the act is called, why, and when."""

    by: Reader
    act: str
    why: str
    at: datetime


def deed(house: House, by: Reader, act: str, why: str) -> Deed:
    """Make a deed of a moderator; raises Refused for anybody else, Invalid (field ``why``) without a reason."""
    if not by.may("moderator"):
        events.tell(logging.WARNING, "refused", reader=by.handle, wanted="moderator", act=act)
        raise Refused("This is for moderators.")
    words = clean(why)
    if not words or len(words) > MAX_WHY:
        raise Invalid(f"Say why, in 1 to {MAX_WHY} characters: everybody can read it.", field="why")
    return Deed(by, act, words, house.clock())


def record(connection: Connection, done: Deed, about: Subject) -> list[int]:
    """Note an act in the public log and settle the reports of what it is about; gives who reported that."""
    moderation_log.note(
        connection, Act(done.by.id, done.act, about.kind, about.target, about.words[:MAX_WORDS], done.why, done.at)
    )
    events.tell(logging.INFO, "moderated", moderator=done.by.handle, act=done.act, kind=about.kind, target=about.target)
    return list(reports.settle(connection, about.kind, about.target, done.act, done.at))


def tell(connection: Connection, whom: Collection[int | None], words: str, done: Deed, about: Subject) -> None:
    """Leave a notice for readers, but not for who acts; nobody is named but the house."""
    kind: NoticeKind = "submission" if about.kind == "submission" else "moderation"
    kinds = {reader_id: kind for reader_id in whom if reader_id is not None and reader_id != done.by.id}
    notices.tell(connection, kinds, Matter(words, done.at, None, about.paper_id, about.comment_id))


def called(title: str) -> str:
    """Give a title as the log and notices show it."""
    words = plain(title)
    return words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS - 1].rstrip()}…"


def log(house: House, *, before: int | None = None) -> tuple[Act, ...]:
    """Give a page of the public log, newest first, the acts before a number where one is given."""
    with house.store.reading() as connection:
        return moderation_log.page(connection, _LOG_PAGE, before=before)
