"""Let upvotes wait that look like a ring's, and count those that are explained by now."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from threading import Event

from broadsheet.flow.house import House
from broadsheet.flow.scoring import rescore, tell_index
from broadsheet.flow.voting.waiting import trust_of
from broadsheet.store import upvotes
from broadsheet.store.upvotes import Given, Voter

# The habits of readers are learnt from so many days, and older upvotes stay as they were judged last.
WINDOW = timedelta(days=42)
EVERY_S = 30.0
# For so long is kept where an upvote came from.
NETWORKS_KEPT = timedelta(days=30)
_AT_ONCE = 200
Change = tuple[int, int, str]


def judge(house: House, stop: Event | None = None) -> int:
    """Judge the upvotes of the last weeks anew, and tell how many wait or count from now on; then tell the index.

    Papers are moved in small transactions, each with its log; what was not moved when this ended is moved next time.
    """
    moved = 0
    for some in _parts(_changes(house)):
        if stop is not None and stop.is_set():
            return moved
        with house.store.writing() as connection:
            upvotes.hold(connection, some)
            rescore(connection, {paper_id for paper_id, _, _ in some}, house.clock())
        moved += len(some)
    tell_index(house)
    return moved


def forget_networks(house: House, _: Event | None = None) -> int:
    """Forget where older upvotes came from, and tell how many those were."""
    with house.store.writing() as connection:
        return upvotes.forget_networks(connection, house.clock() - NETWORKS_KEPT)


def _changes(house: House) -> list[Change]:
    now = house.clock()
    with house.store.reading() as connection:
        given = upvotes.given(connection, now - WINDOW)
        voters = upvotes.voters(connection, sorted({each.reader_id for each in given})) if given else []
    waits = _waiting(given, voters, now, house.settings.probation_h)
    judged = ((each, waits.get((each.reader_id, each.paper_id), "")) for each in given)
    return sorted((each.paper_id, each.reader_id, reason) for each, reason in judged if reason != each.waits)


def _waiting(
    given: Iterable[Given], voters: Iterable[Voter], now: datetime, probation_h: float
) -> Mapping[tuple[int, int], str]:
    from broadsheet.rank import rings  # noqa: PLC0415 - it takes numpy along, which most commands do without

    given = list(given)
    networks = {each.reader_id: each.network for each in given if each.network}
    # The rules compare ages with each other and with one probation; to have another, all are that much older.
    older_s = (rings.PROBATION_H - probation_h) * 3600
    readers = [
        rings.Reader(each.id, each.at.timestamp() - older_s, networks.get(each.id), trust_of(each)) for each in voters
    ]
    votes = [rings.Vote(each.reader_id, each.paper_id, datetime.fromisoformat(each.at).timestamp()) for each in given]
    found = rings.waiting(votes, readers, now.timestamp())
    return {pair: reason.name.lower() for pair, reason in found.items()}


def _parts(changes: list[Change]) -> Iterator[list[Change]]:
    """Part changes so that those of one paper stay together, and no part holds writers up for long."""
    some: list[Change] = []
    for _, of_one in groupby(changes, itemgetter(0)):
        some += of_one
        if len(some) >= _AT_ONCE:
            yield some
            some = []
    if some:
        yield some
