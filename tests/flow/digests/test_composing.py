"""What a digest shows: what is new of each list, every paper once, room shared out fairly."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.flow.digests.sending_by_hand import composed, send, subscribe, titles
from tests.papers import record
from tests.readers import make_reader

from broadsheet.flow.digests.composing import still_stand
from broadsheet.flow.digests.memo import Memo
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.people import following
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.digest import Digest
from broadsheet.model.ids import ExternalId
from broadsheet.model.query import Query
from broadsheet.model.record import Daily, Record, Signal
from broadsheet.model.selection import Selection
from broadsheet.settings import Settings
from broadsheet.store import merges, papers
from broadsheet.wiring import open_house

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = Selection("day")
TRENDING = Selection("trending", "all")
NAPKINS = Selection("search", query=Query(text="napkins"))


def on_page(number: int, upvotes: int = 0, day: date = TODAY, **told: Any) -> Record:
    """Give a record of a paper that is on a daily page."""
    signals = (Signal("upvotes", upvotes, NOW),) if upvotes else ()
    return record(number, daily=(Daily(day),), signals=signals, published="2026-11-19", **told)


def put(house: House, *records: Record) -> None:
    """Keep records, and let them be found."""
    keep(house.store, records, at=NOW)
    catch_up(house)


def slug(number: int) -> str:
    """Name the paper of a made-up record."""
    return f"2401.{number:05d}"


def whys(digest: Digest | None) -> list[str]:
    """Say what each paper is there for."""
    return [card.why for card in digest.cards()] if digest else []


def test_nobody_gets_an_empty_digest(house: House) -> None:
    ann = subscribe(house, DAY, TRENDING, NAPKINS)
    assert composed(house, ann) is None


def test_the_daily_page_comes_most_upvotes_first_and_says_so(house: House) -> None:
    put(house, on_page(1, 3), on_page(2, 9))
    digest = composed(house, subscribe(house, DAY))
    assert digest is not None
    (section,) = digest.sections
    assert (section.title, section.path) == ("The daily page of 20 November 2026", "/papers/date/2026-11-20")
    assert titles(digest) == [[slug(2), slug(1)]]
    assert whys(digest) == ["On the daily page of 20 November"] * 2


def test_what_came_to_the_pages_of_the_last_days_is_made_up_for_since_somebody_subscribed(house: House) -> None:
    days = [TODAY - timedelta(days=back) for back in range(6)]
    put(house, *(on_page(number, day=day) for number, day in enumerate(days, 1)))
    long_since = subscribe(house, DAY, at=NOW - timedelta(days=30))
    lately = subscribe(house, DAY, at=NOW - timedelta(days=1))
    weekly = subscribe(house, DAY, at=NOW - timedelta(days=30), rhythm="weekly")
    assert titles(composed(house, long_since)) == [[slug(1), slug(2), slug(3), slug(4)]]
    assert titles(composed(house, lately)) == [[slug(1), slug(2)]]
    assert len(titles(composed(house, weekly, rhythm="weekly"))[0]) == 6


def test_a_digest_of_a_past_day_shows_no_later_page(house: House) -> None:
    put(house, on_page(1, day=date(2026, 11, 16)), on_page(2, day=date(2026, 11, 17)), on_page(3))
    ann = subscribe(house, DAY, at=NOW - timedelta(days=30))
    assert titles(composed(house, ann, date(2026, 11, 16))) == [[slug(2), slug(1)]]


def test_what_was_sent_does_not_come_again_whatever_list_it_is_on(house: House) -> None:
    put(house, on_page(1, 5), on_page(2, 4))
    ann = subscribe(house, DAY, TRENDING)
    first = composed(house, ann)
    assert first is not None
    send(house, ann, first, "2026-11-20")
    assert composed(house, ann) is None
    put(house, on_page(3, 1))
    assert titles(composed(house, ann)) == [[slug(3)]]


def test_a_paper_on_several_lists_stands_in_one_and_says_what_else_it_is_on(house: House) -> None:
    put(house, on_page(1, 5))
    put(house, on_page(2, 4, authors=("Ada Lovelace",)))
    ann = subscribe(house, DAY, TRENDING, Selection("author", "ada-lovelace"))
    digest = composed(house, ann)
    assert titles(digest) == [[slug(1)], [slug(2)]]
    assert whys(digest) == ["On the daily page of 20 November · Trending"] * 2


def test_of_lists_that_grow_only_what_came_since_and_was_published_of_late_is_new(house: House) -> None:
    put(house, record(1, published="2026-11-18", authors=("Ada Lovelace",)))
    author = Selection("author", "ada-lovelace")
    ann = subscribe(house, author, NAPKINS, Selection("category", "cs.CL"))
    assert composed(house, ann) is None
    put(
        house,
        record(2, published="2026-11-19", authors=("Ada Lovelace",), title="On engines", abstract="They weave."),
        record(3, published="2026-11-19", authors=("Bo Chen",)),
        record(4, published="2026-11", categories=("cs.CL",), title="On tongues", abstract="They wag."),
        record(5, published="2019-02-03", authors=("Ada Lovelace",), title="An old one", abstract="From an archive."),
    )
    digest = composed(house, ann)
    assert digest is not None
    assert titles(digest) == [[slug(2)], [slug(3)], [slug(4)]]
    assert whys(digest) == ["New by Ada Lovelace", "Matches “napkins”", "New in cs.CL"]
    assert [section.path for section in digest.sections] == [
        "/authors/ada-lovelace",
        "/search?q=napkins",
        "/search?cat=cs.CL&sort=date",
    ]


def test_of_a_label_what_was_put_there_since_is_new(house: House) -> None:
    put(house, record(1), record(2))
    owner = make_reader(house, "ann")
    labels.make(house, owner, Wanted("Good ones", seen_by="all"))
    labels.put(house, owner, "good-ones", slug(1))
    label = Selection("label", "ann/good-ones")
    since = subscribe(house, label)
    before = subscribe(house, label, at=NOW - timedelta(days=1))
    assert composed(house, since) is None
    digest = composed(house, before)
    assert (titles(digest), whys(digest)) == ([[slug(1)]], ["On the label “Good ones”"])


def test_a_list_for_its_reader_alone_is_in_no_digest_of_anybody_else(house: House) -> None:
    put(house, record(1))
    owner, other = make_reader(house, "ann"), make_reader(house, "bo")
    labels.make(house, owner, Wanted("Mine"))
    labels.put(house, owner, "mine", slug(1))
    memo, label, before = Memo(), Selection("label", "ann/mine"), NOW - timedelta(days=1)
    nobody = subscribe(house, label, at=before)
    theirs = subscribe(house, label, at=before, reader=owner)
    others = subscribe(house, label, at=before, reader=other)
    assert composed(house, nobody, memo=memo) is None
    assert titles(composed(house, theirs, memo=memo)) == [[slug(1)]]
    assert composed(house, others, memo=memo) is None


def test_what_a_reader_follows_or_saved_comes_with_its_name(house: House) -> None:
    put(house, record(1, authors=("Ada Lovelace",), published="2026-11-18"))
    ann = make_reader(house, "ann")
    following.follow(house, ann, "author", "ada-lovelace")
    saved_searches.save(house, "Linen", Query(text="kettles"))
    subscriber = subscribe(house, Selection("following"), Selection("saved", "linen"), reader=ann)
    put(
        house,
        record(2, authors=("Ada Lovelace",), published="2026-11-19"),
        record(3, title="On kettles", abstract="They whistle.", published="2026-11-19"),
    )
    digest = composed(house, subscriber)
    assert titles(digest) == [[slug(2)], [slug(3)]]
    assert whys(digest) == ["You follow Ada Lovelace", "Matches “Linen”"]


def test_a_search_by_meaning_finds_the_same_when_it_is_saved(house: House) -> None:
    ann, by_meaning = make_reader(house, "ann"), Query(text="kettles", way="meaning")
    saved_searches.save(house, "Linen", by_meaning)
    saved = subscribe(house, Selection("saved", "linen"), reader=ann)
    asked = subscribe(house, Selection("search", query=by_meaning))
    put(
        house,
        record(3, title="On kettles", abstract="They whistle.", published="2026-11-19"),
        record(4, title="Boiling water for tea", abstract="It steams in a pot.", published="2026-11-20"),
    )
    assert titles(composed(house, saved)) == titles(composed(house, asked)) == [[slug(3), slug(4)]]


def test_papers_that_a_reader_hid_are_left_out_of_what_everybody_gets(house: House) -> None:
    put(house, on_page(1, 5), on_page(2, 4))
    ann, memo = make_reader(house, "ann"), Memo()
    keeping.mark(house, ann, slug(1), "hidden")
    assert titles(composed(house, subscribe(house, DAY), memo=memo)) == [[slug(1), slug(2)]]
    assert titles(composed(house, subscribe(house, DAY, reader=ann), memo=memo)) == [[slug(2)]]


def test_lists_take_turns_and_what_there_is_no_room_for_is_counted(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path, digest_papers=3), clock=lambda: NOW) as house:
        ann = subscribe(house, DAY, NAPKINS, at=NOW)
        pages = [on_page(number, 10 - number, title=f"On spoons {number}", abstract="Bent.") for number in range(1, 5)]
        put(house, *pages, *(record(number, published="2026-11-19") for number in range(11, 15)))
        digest = composed(house, ann)
    assert digest is not None
    assert [len(section.cards) for section in digest.sections] == [2, 1]
    assert [section.more for section in digest.sections] == [2, 3]


def test_no_more_papers_are_counted_than_stand_on_the_page_that_a_section_leads_to(tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path, digest_papers=3), clock=lambda: NOW) as house:
        ann = subscribe(house, DAY, at=NOW - timedelta(days=9))
        earlier = [on_page(number, day=TODAY - timedelta(days=1)) for number in range(11, 20)]
        put(house, *(on_page(number) for number in range(1, 6)), *earlier)
        digest = composed(house, ann)
    assert digest is not None
    assert [(len(section.cards), section.more) for section in digest.sections] == [(3, 2)]


def test_who_wants_papers_again_gets_the_page_as_it_stands_once_something_is_new(house: House) -> None:
    put(house, on_page(1, 5), on_page(2, 4))
    ann = subscribe(house, DAY, NAPKINS, repeats=True, at=NOW)
    first = composed(house, ann)
    assert first is not None
    send(house, ann, first, "2026-11-20")
    assert composed(house, ann) is None
    put(house, on_page(3, 9))
    assert titles(composed(house, ann)) == [[slug(3), slug(1), slug(2)]]


def test_only_lists_of_the_rhythm_are_looked_at(house: House) -> None:
    put(house, on_page(1))
    ann = subscribe(house, DAY, rhythm="weekly")
    assert composed(house, ann) is None
    assert composed(house, ann, rhythm="weekly") is not None


def test_a_list_that_is_gone_leaves_the_others_alone(house: House) -> None:
    put(house, on_page(1))
    ann = subscribe(house, Selection("author", "nobody-at-all"), Selection("label", "ann/none"), Selection("week"), DAY)
    assert titles(composed(house, ann)) == [[slug(1)]]


def test_the_same_is_composed_whoever_comes_first(house: House) -> None:
    put(house, *(on_page(number, number % 7) for number in range(1, 30)))
    lists = ([DAY], [TRENDING, DAY], [NAPKINS, TRENDING])
    everybody = [subscribe(house, *each, at=NOW - timedelta(days=1)) for each in lists]
    memo, other = Memo(), Memo()
    forward = [composed(house, each, memo=memo) for each in everybody]
    backward = [composed(house, each, memo=other) for each in reversed(everybody)]
    assert forward == backward[::-1]
    assert forward == [composed(house, each) for each in everybody]


def one_work(*numbers: int) -> Record:
    """Say that several papers are one work."""
    ids = tuple(ExternalId("arxiv", slug(number)) for number in numbers)
    return record(2, source="other", ids=ids, title="Another work", authors=("Cy Young",))


def test_what_was_merged_after_it_was_composed_does_not_stand(house: House) -> None:
    put(house, on_page(1, 5), on_page(2, 4, title="Another work", authors=("Cy Young",)))
    ann, memo = subscribe(house, DAY), Memo()
    before = composed(house, ann, memo=memo)
    assert before is not None
    with house.store.reading() as connection:
        assert still_stand(connection, [before], 0)
    put(house, one_work(1, 2))
    with house.store.reading() as connection:
        assert not still_stand(connection, [before], 0)
    memo.forget()
    assert titles(composed(house, ann, memo=memo)) == [[slug(1)]]


def test_nor_does_what_took_in_meanwhile_what_was_sent_before(house: House) -> None:
    put(house, on_page(1, 5))
    put(house, on_page(2, 4, title="Another work", authors=("Cy Young",), day=TODAY - timedelta(days=9)))
    ann = subscribe(house, DAY)
    with house.store.reading() as connection:
        last = merges.latest(connection)
    composing = composed(house, ann)
    assert titles(composing) == [[slug(1)]]
    assert composing is not None
    put(house, one_work(1, 2))
    with house.store.reading() as connection:
        assert len(papers.shown(connection, [1])) == 1
        assert not still_stand(connection, [composing], last)
        assert still_stand(connection, [composing], merges.latest(connection))


def test_what_is_looked_up_is_looked_up_anew_when_it_is_forgotten(house: House) -> None:
    memo, ann = Memo(), subscribe(house, DAY)
    put(house, on_page(1))
    assert titles(composed(house, ann, memo=memo)) == [[slug(1)]]
    put(house, on_page(2))
    assert titles(composed(house, ann, memo=memo)) == [[slug(1)]]
    memo.forget()
    assert titles(composed(house, ann, memo=memo)) == [[slug(1), slug(2)]]


@pytest.mark.parametrize("abstract", ["", "One sentence.", "First things. Then $x^2$ grows. " * 40])
def test_any_abstract_gives_two_plain_sentences_at_most(house: House, abstract: str) -> None:
    put(house, on_page(1, abstract=abstract))
    digest = composed(house, subscribe(house, DAY))
    assert digest is not None
    (card,) = digest.cards()
    assert len(card.telling) == min(2, abstract.count("."))
    assert all("$" not in sentence for sentence in card.telling)
