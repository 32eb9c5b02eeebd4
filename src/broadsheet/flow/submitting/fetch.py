"""Ask the sources of submissions, in the background; while nobody answers they wait, and are asked again later."""

import logging
from datetime import timedelta
from threading import Event

from broadsheet.errors import Invalid, NotFound, Refused, Unavailable
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.submitting import judging
from broadsheet.flow.submitting.look_up import look_up
from broadsheet.model.record import Record
from broadsheet.model.submission import Submission
from broadsheet.store import submissions

_log = logging.getLogger(__name__)
# How often is looked for what is due.
LOOK_EVERY_S = 2.0
# Nobody else asks for a submission meanwhile; longer than any source is waited for.
LEASE = timedelta(minutes=15)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# Who does not answer for so long is not waited for any more.
PATIENCE = timedelta(days=7)
_AT_ONCE = 20


def work(house: House, *, stop: Event) -> None:
    """Look for submissions that are due and ask for them, until told to stop; what is in hand then is finished."""
    while not stop.is_set():
        try:
            fetch_due(house, stop=stop)
        except Exception:  # noqa: BLE001 - whatever it is, submissions go on when it is over
            _log.exception("Submissions could not be looked up; it is tried again.")
        stop.wait(LOOK_EVERY_S)


def fetch_due(house: House, *, stop: Event | None = None) -> int:
    """Ask the sources of all submissions that are due, one after the other; gives how many were looked at.

    Any number of processes may do so beside each other.
    """
    with house.store.reading() as connection:
        due = submissions.due(connection, house.clock(), _AT_ONCE)
    done = 0
    for number in due:
        if stop and stop.is_set():
            break
        done += _fetch(house, number)
    return done


def _fetch(house: House, number: int) -> bool:
    at = house.clock()
    with house.store.writing() as connection:
        if not submissions.claim(connection, number, at, at + LEASE):
            return False
        submission = submissions.by_id(connection, number)
    if submission is None:
        return False
    try:
        record = submission.found or look_up(house, submission.name, submission.asked)
    except (NotFound, Refused, Invalid) as error:
        _refuse(house, number, str(error))
    except Unavailable as error:
        _put_off(house, submission, str(error), error.retry_after_s)
    except Exception:  # noqa: BLE001 - a fault of ours is told, and others' submissions go on
        _log.exception("Submission %s could not be looked up; it is tried again.", number)
        _put_off(house, submission, "Something went wrong on our side.", None)
    else:
        _judge(house, number, record)
    return True


def _judge(house: House, number: int, record: Record) -> None:
    with house.store.writing() as connection:
        submission = submissions.by_id(connection, number)
        if submission is None or submission.state != "fetching":
            return  # withdrawn meanwhile
        submissions.note_found(connection, number, record)
        found = submissions.by_id(connection, number)
        if found is not None:
            judging.judge(connection, house, found, record)


def _refuse(house: House, number: int, why: str) -> None:
    with house.store.writing() as connection:
        submission = submissions.by_id(connection, number)
        if submission is not None and submission.state == "fetching":
            judging.settle(connection, house, submission, "refused", why)


def _put_off(house: House, submission: Submission, why: str, retry_after_s: float | None) -> None:
    at = house.clock()
    if at - submission.at > PATIENCE:
        _refuse(house, submission.id, f"Nobody has answered for {PATIENCE.days} days. {why}")
        return
    wait = min(_FIRST_WAIT * 2 ** min(submission.tries, 12), _LONGEST_WAIT)
    if retry_after_s is not None:
        wait = max(wait, timedelta(seconds=retry_after_s))
    with house.store.writing() as connection:
        submissions.put_off(connection, submission.id, why, submission.tries + 1, at + wait)
    events.tell(logging.INFO, "submission waits", number=submission.id, reason=why)
