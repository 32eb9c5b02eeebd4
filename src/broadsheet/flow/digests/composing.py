"""Compose what somebody gets: what is new of their lists, each paper once, room shared out fairly."""

from collections import deque
from collections.abc import Collection, Container, Iterable, Sequence
from datetime import date

from broadsheet.flow.digests.memo import Memo, reader_of
from broadsheet.flow.digests.news import News
from broadsheet.flow.house import House
from broadsheet.model.daily import Turn
from broadsheet.model.digest import Digest, Section
from broadsheet.model.subscription import Rhythm, Subscriber, Subscription
from broadsheet.store import merges, papers
from broadsheet.store.connect import Connection

_BETWEEN = " · "


def compose(  # noqa: PLR0913, PLR0917 - who, what, when, and what is known
    house: House,
    subscriber: Subscriber,
    subscriptions: Iterable[Subscription],
    kind: Rhythm,
    day: date,
    seen: Container[int],
    memo: Memo,
) -> Digest | None:
    """Give what of their lists in this rhythm is new to a subscriber, or None where nothing is.

    ``seen`` are the numbers of all papers they were ever sent. No paper stands in a digest twice; one that is on
    several lists says so. The lists take turns until ``digest_papers`` are placed, in the order of their subscriptions
    and each in its own order; what there is no room for is counted, of daily pages on the newest alone, as the section
    leads there.

    New is: of a daily page what is on that of the day, or on the last ones since they subscribed, and was not sent; of
    what trends, what its first page shows; of a label what was put there since they subscribed; of any other list what
    came to the shelf since then and was published of late. Who wants papers again gets what trends and the day's page
    as they stand, once something there is new.
    """
    reader, hidden = reader_of(house, subscriber.reader_id)
    when = memo.when(house, kind, day)
    found: list[tuple[News, list[int]]] = []
    for subscription in subscriptions:
        news = memo.news(house, subscription.selection, when, reader) if subscription.rhythm == kind else None
        if news is None:
            continue
        numbers = _new(house, news, subscription)
        if hidden:
            numbers = [number for number in numbers if number not in hidden]
        # Done for each paper of each list of everybody: as plain as can be.
        unseen = [number for number in numbers if number not in seen]
        if unseen and subscriber.repeats:
            unseen = [number for number in numbers if number in news.standing or number not in seen]
        if unseen:
            found.append((news, unseen))
    return _laid_out(house, found, kind, day, memo) if found else None


def still_stand(connection: Connection, composed: Iterable[Digest], merged: int) -> bool:
    """Tell whether all papers are what they were when the merge ``merged`` was the last: alone, or with what they had.

    Look in the transaction that notes them as sent, with the last merge of before it was looked up what somebody was
    sent: a paper that became part of another meanwhile would come again under the other's number, and so would one that
    took in what was sent before. Where one did, let the memo forget, and compose anew.
    """
    numbers = {card.paper.id for digest in composed for card in digest.cards()}
    shown = papers.shown(connection, numbers)
    return len(shown) == len(numbers) and shown.isdisjoint(merges.grown_since(connection, merged))


def _new(house: House, news: News, subscription: Subscription) -> Sequence[int]:
    """Give those of a list that came after somebody subscribed to it."""
    if news.grows:
        after_id = subscription.after_id
        return [number for number in news.numbers if number > after_id]
    if news.put_at:
        return [number for number in news.numbers if news.put_at[number] > subscription.at]
    # By any clock the page of that moment is a day away at most.
    if news.pages and news.first_page <= subscription.at.date():
        return _since(house, news, subscription)
    return news.numbers


def _since(house: House, news: News, subscription: Subscription) -> list[int]:
    turn = Turn.read(house.settings.day_zone, house.settings.day_hour)
    first = turn.day_at(subscription.at)
    return [number for number in news.numbers if news.pages[number] >= first]


def _laid_out(
    house: House, found: Sequence[tuple[News, list[int]]], kind: Rhythm, day: date, memo: Memo
) -> Digest | None:
    placed = _shared_out([numbers for _, numbers in found], house.settings.digest_papers)
    everywhere = [(news, frozenset(numbers)) for news, numbers in found]
    whys = {number: _why(everywhere, number) for numbers in placed for number in numbers}
    cards = memo.cards(house, whys)
    sections = [
        Section(
            news.title,
            news.path,
            tuple(cards[number] for number in chosen if number in cards),
            len((numbers & news.standing if news.pages else numbers) - whys.keys()),
        )
        for (news, numbers), chosen in zip(everywhere, placed, strict=True)
    ]
    shown = tuple(section for section in sections if section.cards)
    return Digest(kind, day, shown) if shown else None


def _shared_out(lists: Sequence[Sequence[int]], most: int) -> list[list[int]]:
    """Let lists place a paper each in turn, none twice, until so many are placed."""
    placed: list[list[int]] = [[] for _ in lists]
    taken: set[int] = set()
    turns = deque(zip(map(iter, lists), placed, strict=True))
    while turns and len(taken) < most:
        left, into = turns.popleft()
        number = next((number for number in left if number not in taken), None)
        if number is not None:
            taken.add(number)
            into.append(number)
            turns.append((left, into))
    return placed


def _why(lists: Sequence[tuple[News, Collection[int]]], number: int) -> str:
    said = [news.why_of(number) for news, numbers in lists if number in numbers]
    return said[0] if len(said) == 1 else _BETWEEN.join(dict.fromkeys(filter(None, said)))
