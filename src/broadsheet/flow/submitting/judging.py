"""Decide about a submission once it is known what it is: shown, held for a moderator, or refused."""

import calendar
import logging
from datetime import date, timedelta
from urllib.parse import urlsplit

from broadsheet.flow import events
from broadsheet.flow.daily import today
from broadsheet.flow.house import House
from broadsheet.flow.submitting import placing
from broadsheet.model.identity import title_key
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.record import Record
from broadsheet.model.submission import State, Submission
from broadsheet.rank.spam import Traits, suspect
from broadsheet.store import conduct, readers, records, rulings, submissions
from broadsheet.store.connect import Connection

_HOUR, _MONTH = timedelta(hours=1), timedelta(days=30)


def judge(connection: Connection, house: House, submission: Submission, record: Record) -> None:
    """Settle a submission by what a source says of it, in the transaction that is open."""
    reader = readers.by_id(connection, submission.reader_id or 0)
    known = placing.on_shelf(connection, record)
    why = stands_against(connection, known) or _too_old(house, record)
    if why:
        settle(connection, house, submission, "refused", why)
        if known is not None and not rulings.of_paper(connection, known.id).hidden:
            submissions.place(connection, submission.id, known.id, submission.day)
        return
    held = _reason_to_hold(connection, house, reader, submission, record)
    if held:
        settle(connection, house, submission, "held", held)
        return
    placing.show(connection, house, submission)
    settle(connection, house, submission, "shown", "")


def settle(connection: Connection, house: House, submission: Submission, state: State, why: str) -> None:
    """Note an outcome, and have a line of the log say so."""
    submissions.settle(connection, submission.id, state, why, house.clock())
    events.tell(logging.INFO, "submission", number=submission.id, state=state, reason=why)


def stands_against(connection: Connection, paper: Paper | None) -> str:
    """Say why a paper that is on the shelf cannot be put on a page; empty when it can, or is not there."""
    if paper is None:
        return ""
    if rulings.of_paper(connection, paper.id).hidden:
        return "A moderator has hidden this paper."
    return f"This paper has been on the page of {paper.days[0].isoformat()}." if paper.days else ""


def last_day(published: str) -> date | None:
    """Give the last day that a date of any precision may mean; None for no date."""
    parts = published[:10].split("-")
    if not all(part.isdecimal() for part in parts):
        return None
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12
    try:
        return date(year, month, int(parts[2]) if len(parts) > 2 else calendar.monthrange(year, month)[1])  # noqa: PLR2004 - year, month, day
    except ValueError:
        return None


def _too_old(house: House, record: Record) -> str:
    window = house.settings.submit_window_days
    day = last_day(record.published)
    if window <= 0 or day is None or today(house) - day <= timedelta(days=window):
        return ""
    return f"It is of {record.published[:10]}; papers of the last {window} days can be put on a daily page here."


def _reason_to_hold(
    connection: Connection, house: House, reader: Reader | None, submission: Submission, record: Record
) -> str:
    """Say why a moderator shall look first; empty for what can be shown at once."""
    if reader is None or not reader.may("reader"):
        return "Who brought it in is suspended, or has left."
    if reader.may("moderator"):
        return ""
    if record.source == "page" and _is_titled_as_another(connection, record):
        return "A paper of this title is here already."
    if submissions.outcomes(connection, reader.id).get("shown", 0) < house.settings.submit_hold_first:
        return "The first submissions of a new reader are looked at first."
    at = house.clock()
    before = conduct.of_reader(connection, reader.id, at - _HOUR)
    suspicion = suspect(
        Traits(
            account_days=(at - reader.at) / timedelta(days=1),
            words=submission.note,
            title=record.title,
            good=before.good,
            bad=before.bad,
            # The submission itself is one of those that say so.
            repeats=max(0, conduct.same_words(connection, submission.note, at - _MONTH) - 1),
            per_hour=before.lately,
            # What a publisher registered has none to tell; a page that tells none is what nobody wrote for readers.
            has_abstract=bool(record.abstract) or record.source != "page",
            known_site=_is_known_site(connection, record, submission),
        )
    )
    return suspicion.why if suspicion.holds else ""


def _is_titled_as_another(connection: Connection, record: Record) -> bool:
    """Tell whether what anybody may write on a page of their own could be taken for a paper that is here."""
    own = placing.on_shelf(connection, record)
    return bool(records.papers_titled(connection, {title_key(record.title)} - {0}) - {own.id if own else 0})


def _is_known_site(connection: Connection, record: Record, submission: Submission) -> bool:
    if record.source != "page" or submission.name.scheme != "url":
        return True
    return submissions.has_come_from(connection, urlsplit(submission.asked).hostname or "")
