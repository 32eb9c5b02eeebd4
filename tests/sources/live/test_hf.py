"""Hugging Face's days are looked at until they are final, whatever the service answers in between."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.live.driving import Driven, drive

from broadsheet.errors import Invalid
from broadsheet.model.record import Signal
from broadsheet.sources.adapter import DayTold, Want
from broadsheet.sources.live.hf import HuggingFace

THURSDAY = date(2024, 6, 6)
LATER = datetime(2024, 6, 20, 12, tzinfo=UTC)
HUB = HuggingFace()
DAY = timedelta(days=1)


def item(number: str, upvotes: int = 3) -> dict[str, Any]:
    paper = {"id": number, "title": f"On Napkins {number}", "summary": "We fold.", "upvotes": upvotes}
    return {"paper": paper, "title": paper["title"], "numComments": 1, "publishedAt": "2024-06-01T00:00:00.000Z"}


class Hub:
    """A service that holds papers by day, ``""`` for what is trending."""

    def __init__(
        self, lists: dict[str, list[str]], *, most: int = 100, disturb: Callable[[list[str]], bool] = lambda _: False
    ) -> None:
        self.lists = lists
        self._most = most
        self._disturb = disturb

    def __call__(self, url: str) -> bytes:
        query = parse_qs(urlsplit(url).query)
        papers = self.lists.get(query.get("date", [""])[0], [])
        if self._disturb(papers):
            return b"[]"
        size = min(self._most, int(query["limit"][0]))
        start = int(query["p"][0]) * size
        return json.dumps([item(number) for number in papers[start : start + size]]).encode()


def listed(day: date, count: int) -> dict[str, list[str]]:
    return {str(day): [f"24{day.month:02}.{day.day:02}{number:03}" for number in range(count)]}


def ids(run: Driven) -> list[str]:
    return [record.key.partition("@")[0] for record in run.records]


def days_asked(run: Driven) -> list[str]:
    return list(dict.fromkeys(parse_qs(urlsplit(url).query)["date"][0] for url in run.asks))


def test_a_day_is_asked_for_by_its_date_a_hundred_at_a_time() -> None:
    run = drive(HUB, Hub(listed(THURSDAY, 3)), LATER, want=Want(since=THURSDAY, until=THURSDAY))
    assert run.asks[0] == "https://huggingface.co/api/daily_papers?date=2024-06-06&limit=100&p=0"
    assert run.days == [DayTold(THURSDAY, 3, final=True)]
    assert [record.key for record in run.records] == [f"2406.0600{n}@2024-06-06" for n in range(3)]


def test_what_is_counted_bears_the_time_of_the_answer_and_is_told_once_a_run() -> None:
    run = drive(HUB, Hub(listed(THURSDAY, 1)), LATER, want=Want(since=THURSDAY, until=THURSDAY))
    [record] = run.records
    assert record.signals == (Signal("upvotes", 3, LATER), Signal("comments", 1, LATER))
    assert record.observed == LATER


def test_a_day_is_final_only_when_it_is_over_and_two_looks_agree() -> None:
    papers, mark = listed(THURSDAY, 2), {}
    want = Want(since=THURSDAY)
    for hour, count, final in [(20, 2, False), (26, 3, False), (36, 4, False), (38, 4, True)]:
        papers |= listed(THURSDAY, count)
        at = datetime(2024, 6, 6, tzinfo=UTC) + timedelta(hours=hour)
        run = drive(HUB, Hub(papers), at, want=want, mark=mark)
        assert DayTold(THURSDAY, count, final=final) in run.days
        mark = run.mark
    # 21:30 in New York is 01:30 UTC of the next day; half a day later it is over.
    assert drive(HUB, Hub(papers), at + timedelta(minutes=1), want=want, mark=mark).asks[0].count("2024-06-07")


def test_a_run_asks_only_for_what_is_open_newest_first_and_then_further_into_the_past() -> None:
    papers: dict[str, list[str]] = {}
    for back in range(500):
        day = LATER.date() - back * DAY
        papers |= listed(day, 2 if day.weekday() < 5 else 0)
    first = drive(HUB, Hub(papers), LATER)
    asked = days_asked(first)
    assert (asked[0], asked[-1], len(asked)) == ("2024-06-20", "2024-05-12", 40)
    second = drive(HUB, Hub(papers), LATER, mark=first.mark)
    assert (days_asked(second)[:2], days_asked(second)[-1]) == (["2024-06-20", "2024-05-11"], "2024-04-03")
    run, runs = second, 2
    while len(days_asked(run)) > 1:
        run, runs = drive(HUB, Hub(papers), LATER, mark=run.mark), runs + 1
    assert runs == 12
    assert run.mark["final"] == [["2023-05-04", "2024-06-18"]]
    assert len(json.dumps(run.mark)) < 500


def test_the_first_day_wanted_is_where_the_past_begins_for_later_runs() -> None:
    papers = listed(THURSDAY, 2) | listed(THURSDAY + DAY, 2)
    first = drive(HUB, Hub(papers), LATER, want=Want(since=date(2024, 6, 5)))
    assert first.mark["floor"] == "2024-06-05"
    assert days_asked(drive(HUB, Hub(papers), LATER + DAY, mark=first.mark))[-1] >= "2024-06-05"
    assert (
        drive(HUB, Hub(papers), LATER, want=Want(since=date(2024, 6, 3)), mark=first.mark).mark["floor"] == "2024-06-03"
    )


def test_a_stretch_with_both_ends_is_read_anew() -> None:
    want, papers = Want(since=THURSDAY, until=THURSDAY + DAY), listed(THURSDAY, 2) | listed(THURSDAY + DAY, 2)
    first = drive(HUB, Hub(papers), LATER, want=want)
    assert ids(drive(HUB, Hub(papers), LATER, want=want, mark=first.mark)) == ids(first)


def test_a_busy_day_without_papers_is_an_alarm_and_stays_open_a_weekend_is_rightly_empty() -> None:
    saturday = THURSDAY + 2 * DAY
    run = drive(HUB, Hub({}), LATER, want=Want(since=THURSDAY, until=saturday))
    assert run.days == [DayTold(saturday, 0, final=True), DayTold(saturday - DAY, 0), DayTold(THURSDAY, 0)]
    assert run.kinds == ["empty-busy-day"] * 2
    assert run.problems[1].where == "2024-06-06"
    # Asked again when it is an eighth older, not with every run.
    assert "2024-06-06" not in days_asked(drive(HUB, Hub({}), LATER + timedelta(hours=1), mark=run.mark))
    assert drive(HUB, Hub(listed(THURSDAY, 2)), LATER + 2 * DAY, mark=run.mark).days[-1].final is not None
    later = drive(HUB, Hub(listed(THURSDAY, 2)), LATER + 2 * DAY, want=Want(since=THURSDAY), mark=run.mark)
    assert DayTold(THURSDAY, 2, final=True) in later.days


def test_a_day_whose_papers_are_gone_again_is_not_believed() -> None:
    at = datetime(2024, 6, 6, 20, tzinfo=UTC)
    mark = drive(HUB, Hub(listed(THURSDAY, 40)), at, want=Want(since=THURSDAY)).mark
    run = drive(HUB, Hub(listed(THURSDAY, 10)), LATER, want=Want(since=THURSDAY), mark=mark)
    assert DayTold(THURSDAY, 10) in run.days
    assert "empty-busy-day" in run.kinds


def test_a_day_that_has_not_begun_is_never_asked_for() -> None:
    for hour in range(48):
        at = datetime(2024, 6, 6, tzinfo=UTC) + timedelta(hours=hour)
        ask = HUB.begin(Want(), {}, at)
        assert ask is not None
        assert parse_qs(urlsplit(ask.url).query)["date"][0] <= str(at.date())
    assert HUB.begin(Want(since=date(2030, 1, 1)), {}, LATER) is None


BROKEN = {
    "a page for browsers": b"<!DOCTYPE html><html><body>Just a moment...</body></html>",
    "half a list": b'[{"paper": {"id": "2406.06000", "ti',
    "nothing": b"",
    "an error": b'{"error": "Internal Error - We are working hard to fix this as soon as possible!"}',
    "null": b"null",
    "a number": b"7",
    "deep": b"[" * 100_000,
    "zeros": b"\0" * 1_000,
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_list_is_asked_for_again_and_changes_nothing(broken: str) -> None:
    hub, calls = Hub(listed(THURSDAY, 3)), iter(range(1_000))
    run = drive(
        HUB,
        lambda url: BROKEN[broken] if next(calls) % 2 else hub(url),
        LATER,
        want=Want(since=THURSDAY, until=THURSDAY),
    )
    assert len(run.refused) == 7
    assert run.days == [DayTold(THURSDAY, 3, final=True)]
    assert run.problems == []


def test_items_that_are_no_papers_are_problems_and_the_day_still_closes() -> None:
    odd = [None, 7, "text", [], {}, {"paper": None}, {"paper": {"id": "2406.1"}}, item("2406.06001")]

    def serve(url: str) -> bytes:
        random.shuffle(odd)
        return json.dumps(odd if "p=0" in url else []).encode()

    run = drive(HUB, serve, LATER, want=Want(since=THURSDAY, until=THURSDAY))
    assert ids(run) == ["2406.06001"]
    assert len(run.kinds) >= 7
    assert run.days[0].final


def test_a_service_that_gives_the_same_page_for_ever_comes_to_an_end() -> None:
    run = drive(
        HUB, lambda _: json.dumps([item("2406.06001")]).encode(), LATER, want=Want(since=THURSDAY, until=THURSDAY)
    )
    assert ids(run) == ["2406.06001"]
    assert not run.days[0].final
    assert (
        len(drive(HUB, lambda _: json.dumps([item("2406.06001")]).encode(), LATER, want=Want(target="trending")).asks)
        < 200
    )


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_however_the_lists_move_and_5_percent_are_empty_every_paper_comes(seed: int) -> None:
    chance = random.Random(seed)

    def disturb(papers: list[str]) -> bool:
        for _ in range(chance.randint(0, 2)):
            if len(papers) > 1:
                at = chance.randrange(len(papers) - 1)
                papers[at], papers[at + 1] = papers[at + 1], papers[at]
        return chance.random() < 0.05

    papers: dict[str, list[str]] = {}
    for back in range(10):
        day = LATER.date() - back * DAY
        papers |= listed(day, chance.randint(1, 60) if day.weekday() < 5 else 0)
    hub = Hub(papers, most=chance.randint(5, 30), disturb=disturb)
    want, mark, seen, final = Want(since=LATER.date() - 9 * DAY), {}, set(), set()
    for number in range(6):
        run = drive(HUB, hub, LATER + number * DAY / 4, want=want, mark=mark)
        mark = run.mark
        seen |= set(ids(run))
        for day in run.days:
            assert not day.final or day.papers == len(papers.get(str(day.day), []))
            final |= {day.day} if day.final else set()
    assert {number for day in papers.values() for number in day} <= seen
    assert all(day <= LATER.date() for day in final)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_all_that_trends_comes_while_the_list_is_reordered(seed: int) -> None:
    chance = random.Random(seed)
    numbers = [f"2406.{number:05}" for number in range(chance.randint(1, 90))]

    def disturb(papers: list[str]) -> bool:
        if len(papers) > 1 and chance.random() < 0.2:
            at = chance.randrange(len(papers) - 1)
            papers[at], papers[at + 1] = papers[at + 1], papers[at]
        return chance.random() < 0.05

    run = drive(HUB, Hub({"": list(numbers)}, most=20, disturb=disturb), LATER, want=Want(target="trending"))
    assert sorted(ids(run)) == numbers
    assert run.asks[0] == "https://huggingface.co/api/daily_papers?sort=trending&limit=100&p=0"


def test_what_trends_says_nothing_of_days_and_is_never_empty() -> None:
    hub = Hub({"": ["2406.00001"]})
    [record] = drive(HUB, hub, LATER, want=Want(target="trending")).records
    assert (record.key, record.daily, record.signals[0].kind) == ("2406.00001", (), "upvotes")
    assert len(drive(HUB, Hub({}), LATER, want=Want(target="trending"), tries=3).refused) == 3


def test_another_list_is_refused() -> None:
    with pytest.raises(Invalid, match="only its days"):
        HUB.begin(Want(target="weekly"), {}, LATER)
