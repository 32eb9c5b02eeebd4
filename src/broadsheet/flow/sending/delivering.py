"""Hand digests to servers that answer for them, or do not answer.

Just before the last byte goes out, one transaction notes that the digest is in ``doubt``. A certain answer ends that;
without one, whatever was killed or cut off when, it stays so, and nobody sends it again but the operator. Places that
take a message in once, however often it comes, need no doubt: they are sent it again under its key.
"""

import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

from broadsheet.errors import BroadsheetError, Gone, InDoubt, Invalid, Unavailable
from broadsheet.flow import events
from broadsheet.flow.digests.posting import facts_of, mail_of
from broadsheet.flow.house import House
from broadsheet.flow.sending import holding
from broadsheet.flow.sending.making import Made, after
from broadsheet.flow.sending.outcomes import Counts, Lost
from broadsheet.flow.sending.returned import refused
from broadsheet.flow.subscribing import tokens
from broadsheet.flow.subscribing.links import home_url, view_url
from broadsheet.mail.port import checked_address
from broadsheet.mail.ways import Deferred, Direct, Line
from broadsheet.model.digest import State
from broadsheet.push.port import TAKES_ONCE, Facts
from broadsheet.store import digests as queue
from broadsheet.store import subscribers
from broadsheet.store.digests import Later

# Longer than anybody waits for an answer.
_ANSWERED_BY = timedelta(minutes=15)
# Who takes none of several mails in a row takes none now: three where nobody answers, sixty where each is put off.
_MOST_MISSES, _MISS, _DEFERRED = 60, 20, 1
Send = Callable[[Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: State
    why: str = ""
    wait_s: float | None = None
    gone: bool = False
    misses: int = 0


def mail_all(house: House, mailer: Direct, made: Sequence[Made], counts: Counts, stop: Event | None) -> bool:
    """Mail digests one after the other over one line; False when the server takes none now, and all were put back.

    Raises Held, with all that were not sent put back.
    """
    key = tokens.key_of(house)
    with mailer.line() as line:
        return _deliver_all(house, [(each, _mailing(house, line, each, key)) for each in made], counts, stop)


def push_all(house: House, made: Sequence[Made], counts: Counts, stop: Event | None) -> None:
    """Push digests one after the other; raises Held, with all that were not sent put back."""
    key = tokens.key_of(house)
    for each in made:
        # Each place is another server.
        _deliver_all(house, [(each, _pushing(house, each, key))], counts, stop)


def _deliver_all(house: House, ways: Sequence[tuple[Made, Send]], counts: Counts, stop: Event | None) -> bool:
    misses = 0
    for place, (made, send) in enumerate(ways):
        if misses >= _MOST_MISSES or (stop is not None and stop.is_set()):
            _release(house, [each for each, _ in ways[place:]])
            return misses < _MOST_MISSES
        try:
            missed = _deliver(house, made, send, counts)
        except holding.Held:
            _release(house, [each for each, _ in ways[place:]])
            raise
        misses = misses + missed if missed else 0
    return misses < _MOST_MISSES


def _mailing(house: House, line: Line, made: Made, key: bytes) -> Send:
    def send(before_end: Callable[[], None]) -> None:
        try:
            checked_address(made.subscriber.address)
        except Invalid as error:
            raise Invalid(str(error), field="to") from error
        line.send(mail_of(house, made.subscriber, made.row.id, made.digest, key), before_end=before_end)

    return send


def _pushing(house: House, made: Made, key: bytes) -> Send:
    def send(before_end: Callable[[], None]) -> None:
        if house.pusher is None:
            raise Unavailable("Nothing is pushed from here.")
        with house.store.reading() as connection:
            target = subscribers.target_of(connection, made.subscriber.id)
        facts = _facts(house, made, key)
        house.pusher.push(made.row.way, target, made.digest, facts, before_end=before_end)

    return send


def _facts(house: House, made: Made, key: bytes) -> Facts:
    number, subscriber = made.row.id, made.subscriber
    name = hmac.digest(key, f"push:{number}:{subscriber.nonce}".encode(), "sha256")[:16].hex()
    # Others cannot follow links to this machine.
    home = home_url(house) if house.settings.public_url else ""
    return Facts(
        key=name,
        site=house.settings.site_name,
        at=house.clock(),
        home_url=home,
        view_url=view_url(house, key, number, subscriber) if home else "",
        manage_url=f"{home}/subscriptions" if home else "",
        why=facts_of(house, subscriber, number, made.digest, key).why,
    )


def _deliver(house: House, made: Made, send: Send, counts: Counts) -> int:
    """Send one digest and note what became of it; tells how much speaks against trying another one now."""
    once = made.row.way in TAKES_ONCE
    try:
        send(lambda: _before_end(house, made, once=once))
    except Lost:
        return 0
    except holding.Held:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop all others, and is told
        outcome = _judged(made, error)
    else:
        outcome = _Outcome("sent")
    state = _noted(house, made, outcome)
    if state is not None:
        counts.add(state)
    if outcome.why:
        level = logging.ERROR if state == "doubt" or outcome.misses == _MISS else logging.WARNING
        told = {"digest": made.row.id, "way": made.row.way, "reason": outcome.why}
        events.tell(level, f"digest {state or 'lost'}", **told)
    return outcome.misses


def _before_end(house: House, made: Made, *, once: bool) -> None:
    """Note that the last goes out now; raises Lost for what is somebody else's, and Held."""
    row, at = made.row, house.clock()
    with house.store.writing(durable=True) as connection:
        if row.id not in queue.held(connection, row.holder, [row.id]):
            raise Lost
        mark = holding.raised(connection, house)
        if not once:
            queue.doubt(connection, row.id, at, at + _ANSWERED_BY)
    holding.note(house, mark)


def _judged(made: Made, error: Exception) -> _Outcome:
    told = str(error) if isinstance(error, BroadsheetError) else f"{type(error).__name__}: {error}"
    if isinstance(error, Unavailable) and not isinstance(error, InDoubt):
        misses = _DEFERRED if isinstance(error, Deferred) else _MISS
        return _Outcome("waiting", told, error.retry_after_s, misses=misses)
    if isinstance(error, Invalid):
        # Of a mail that is refused for another reason than its address, nobody at that address is to blame.
        if made.row.way != "mail" or error.field == "to":
            return _Outcome("bounced", told, gone=isinstance(error, Gone))
        return _Outcome("waiting", told, misses=_MISS)
    return _Outcome("doubt", told, misses=_MISS)


def _noted(house: House, made: Made, outcome: _Outcome) -> State | None:
    """Note what became of a digest, unless it is somebody else's by now; gives the state that it is in."""
    row, at, state = made.row, house.clock(), outcome.state
    with house.store.writing() as connection:
        went_out = bool(queue.held(connection, row.holder, [row.id], "doubt"))
        if not went_out and not queue.held(connection, row.holder, [row.id]):
            return None
        # What did not go out is in no doubt, nor is what its place takes in once.
        state = "waiting" if state == "doubt" and not went_out else state
        if state == "doubt":
            queue.doubt(connection, row.id, at, at, why=outcome.why)
        elif state == "waiting":
            queue.put_back(connection, [after(row, at, outcome.why, outcome.wait_s)])
        else:
            queue.end(connection, [row.id], state, at, why=outcome.why)
        if state == "bounced":
            refused(connection, house, row, outcome.why, gone=outcome.gone)
    return state


def _release(house: House, made: Sequence[Made]) -> None:
    """Put back what was not tried."""
    if made:
        with house.store.writing() as connection:
            ours = queue.held(connection, made[0].row.holder, [each.row.id for each in made])
            queue.put_back(
                connection, (Later(each.row.id, house.clock(), 0, each.row.why) for each in made if each.row.id in ours)
            )
