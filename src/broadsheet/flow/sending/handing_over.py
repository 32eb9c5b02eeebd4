"""Hand digests over to a spool, each exactly once: whatever is killed when, and whoever empties it how soon.

A mail is written whole beside the spool; one transaction notes that it is ``staged``; one rename puts it into the
spool; another transaction notes that it is ``sent``. Before the rename nobody can have it, and after it the staged file
is gone. So whoever finds a row that is staged, at whatever time, moves the file or sees that it was moved: both mean
that it is sent now.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from broadsheet.errors import BroadsheetError, Unavailable
from broadsheet.flow import events
from broadsheet.flow.digests.posting import mail_of
from broadsheet.flow.house import House
from broadsheet.flow.sending import holding
from broadsheet.flow.sending.making import Made, after
from broadsheet.flow.sending.outcomes import Counts
from broadsheet.flow.subscribing import tokens
from broadsheet.mail.ways import Pack, Spool
from broadsheet.store import digests as queue
from broadsheet.store.digests import Queued

_AT_ONCE = 1_000
_STRANDED = timedelta(hours=24)
_SPOOL_GONE = "It stood beside a spool that is not there any more."


def hand_over(house: House, spool: Spool, pack: Pack, made: Sequence[Made], counts: Counts) -> None:
    """Hand over digests that are made and taken by one holder; raises Unavailable or Held with all put back."""
    if not made:
        return
    holder = made[0].row.holder
    names = {each.row.id: _name(each.row) for each in made}
    try:
        staged = _staged(house, spool, pack, made, counts)
        if not staged:
            return
        spool.settle()
        with house.store.writing(durable=True) as connection:
            ours = queue.held(connection, holder, staged)
            mark = holding.raised(connection, house)
            queue.stage(connection, ours, house.clock())
    except BroadsheetError as error:
        _undo(house, spool, holder, names, str(error))
        raise
    for number in names.keys() - ours:
        spool.drop(names[number], _nonce(holder))
    holding.note(house, mark)
    _finish(house, spool, {holder: {number: names[number] for number in ours}}, counts)


def recover(house: House, spool: Spool, counts: Counts) -> None:
    """Finish what was staged by whoever was killed, or is still at it; take away what nobody will hand over."""
    while True:
        with house.store.reading() as connection:
            found = queue.staged(connection, spool.identity(), _AT_ONCE)
        if not found:
            break
        with house.store.writing(durable=True) as connection:
            mark = holding.raised(connection, house)
        holding.note(house, mark)
        holders: dict[str, dict[int, str]] = {}
        for row in found:
            holders.setdefault(row.holder, {})[row.id] = _name(row)
        _finish(house, spool, holders, counts)
    _sweep(house, spool)


def doubt_stranded(house: House) -> None:
    """Doubt what stands beside a spool that nobody has any more."""
    at = house.clock()
    with house.store.reading() as connection:
        found = queue.stranded(connection, at - _STRANDED, _AT_ONCE)
    if found:
        with house.store.writing() as connection:
            for row in found:
                if queue.held(connection, row.holder, [row.id], "staged"):
                    queue.doubt(connection, row.id, at, at, why=_SPOOL_GONE)
        events.tell(logging.ERROR, "digests in doubt", number=len(found), reason=_SPOOL_GONE)


def _staged(house: House, spool: Spool, pack: Pack, made: Sequence[Made], counts: Counts) -> set[int]:
    """Write mails beside the spool; one that cannot be set is put off."""
    key = tokens.key_of(house)
    staged: set[int] = set()
    for each in made:
        try:
            content = pack(mail_of(house, each.subscriber, each.row.id, each.digest, key))
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop all others, and is told
            _put_off(house, each.row, error, counts)
            continue
        spool.stage(_name(each.row), _nonce(each.row.holder), content)
        staged.add(each.row.id)
    return staged


def _put_off(house: House, row: Queued, error: Exception, counts: Counts) -> None:
    reason = str(error) if isinstance(error, BroadsheetError) else f"{type(error).__name__}: {error}"
    events.tell(logging.ERROR, "digest not made", digest=row.id, reason=reason)
    with house.store.writing() as connection:
        if queue.held(connection, row.holder, [row.id]):
            queue.put_back(connection, [after(row, house.clock(), f"It could not be set as a mail: {reason}")])
            counts.add("waiting")


def _undo(house: House, spool: Spool, holder: str, names: Mapping[int, str], why: str) -> None:
    """Put back what was not staged, as far as the store and the disk let us; what stays is found later."""
    with suppress(BroadsheetError):
        with house.store.writing() as connection:
            ours = queue.held(connection, holder, names)
            queue.put_back(connection, (queue.Later(number, house.clock(), 0, why) for number in ours))
        # Of no others: one may be staged all the same, where the store failed after it had committed.
        for number in ours:
            spool.drop(names[number], _nonce(holder))


def _finish(house: House, spool: Spool, holders: Mapping[str, Mapping[int, str]], counts: Counts) -> None:
    for holder, names in holders.items():
        for name in names.values():
            spool.hand_over(name, _nonce(holder))
    spool.settle()
    with house.store.writing(durable=True) as connection:
        for holder, names in holders.items():
            ours = queue.held(connection, holder, names, "staged")
            queue.end(connection, ours, "sent", house.clock())
            counts.add("sent", len(ours))


def _sweep(house: House, spool: Spool) -> None:
    """Take away files that their holders may not hand over any more.

    Whoever takes a digest has a new name each time, and none can be taken while this transaction lasts.
    """
    found = [(name, nonce, int(name.rpartition("-")[2])) for name, nonce in spool.staged() if _is_ours(name)]
    if not found:
        return
    with house.store.writing() as connection:
        known = queue.states_of(connection, {number for *_, number in found})
        for name, nonce, number in found:
            state, holder = known.get(number, ("", ""))
            if state not in {"taken", "staged"} or _nonce(holder) != nonce:
                spool.drop(name, nonce)


def _is_ours(name: str) -> bool:
    number = name.rpartition("-")[2]
    return number.isascii() and number.isdecimal()


def _name(row: Queued) -> str:
    """Name a digest's file for good."""
    return f"digest-{row.day.replace(':', '')}-{row.kind}-{row.id}"


def _nonce(holder: str) -> str:
    return holder.rpartition(":")[2]
