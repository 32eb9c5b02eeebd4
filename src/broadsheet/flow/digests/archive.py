"""Digests to be read in a browser: those of each day for everybody, and one's own by the link that stands in it."""

from datetime import date

from broadsheet.errors import NotFound
from broadsheet.flow import daily
from broadsheet.flow.digests.content import read_content
from broadsheet.flow.digests.memo import Memo
from broadsheet.flow.digests.news import news_of_day
from broadsheet.flow.house import House
from broadsheet.flow.subscribing.tokens import is_good, known_key, number_of
from broadsheet.model.digest import Digest, Section
from broadsheet.model.subscription import Subscriber
from broadsheet.store import daily as pages
from broadsheet.store import digests, subscribers
from broadsheet.store.daily import DayLed

PER_PAGE = 60


def of_day(house: House, day: date | None = None) -> Digest:
    """Give what somebody who has just subscribed to the daily page gets for a day, by default the latest with papers.

    A day without papers has no section.
    """
    page = daily.page(house, day)
    news = news_of_day(page.day, page.papers)
    shown = news.numbers[: house.settings.digest_papers]
    cards = Memo().cards(house, {number: news.why_of(number) for number in shown})
    section = Section(news.title, news.path, tuple(cards.values()), len(news.numbers) - len(cards))
    return Digest("daily", page.day, (section,) if cards else ())


def days(house: House, before: date | None = None) -> tuple[DayLed, ...]:
    """Give the days that have papers, the latest first, at most PER_PAGE and one that tells that there are more."""
    with house.store.reading() as connection:
        return pages.led(connection, PER_PAGE + 1, before)


def view(house: House, token: str) -> tuple[Subscriber, Digest]:
    """Give the digest that a link is of, as its papers are now, and whose it is; raises NotFound for any other link.

    The link lasts until ``forgetting`` forgets what the digest showed.
    """
    number, key = number_of(token), known_key(house)
    with house.store.reading() as connection:
        sent = digests.by_id(connection, number)
        subscriber = subscribers.by_id(connection, sent.subscriber_id) if sent else None
    if sent is None or subscriber is None or not is_good(key, token, "view", number, subscriber.nonce):
        raise NotFound("This link is not valid.")
    if not sent.content:
        raise NotFound("This digest is not made yet, or too old to be shown.")
    # Of what comes at once the day is a minute.
    return subscriber, read_content(house, sent.content, sent.kind, date.fromisoformat(sent.day[:10]))
