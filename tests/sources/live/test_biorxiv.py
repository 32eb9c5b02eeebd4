"""Preprints come by the day on which they were posted, however many the service gives at once."""

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
from broadsheet.sources.adapter import Ask, DayTold, Mark, Want
from broadsheet.sources.live.biorxiv import Biorxiv

AT = datetime(2024, 6, 20, 12, tzinfo=UTC)
MONDAY = date(2024, 6, 3)
DAY = timedelta(days=1)
BIORXIV = Biorxiv()
EVERYTHING = Want(target="biorxiv", since=MONDAY, until=MONDAY + 6 * DAY)


def preprint(day: date, number: int, **more: Any) -> dict[str, Any]:
    doi = f"10.1101/{day:%Y.%m.%d}.{number:06}"
    told = {"doi": doi, "title": f"On Napkins {number}", "authors": "Lee, A.", "date": str(day), "version": "1"}
    return told | {"type": "new results", "category": "cell biology", "published": "NA", "server": "bioRxiv"} | more


class Api:
    """A service that lists what it holds by day, ``size`` at a time; ``meanwhile`` is done before each answer."""

    def __init__(
        self, items: list[dict[str, Any]], *, size: int = 30, meanwhile: Callable[[], Any] = lambda: None
    ) -> None:
        self.items = items
        self._size = size
        self._meanwhile = meanwhile

    def __call__(self, url: str) -> bytes:
        if (instead := self._meanwhile()) is not None:
            return instead
        _, _, _server, first, last, cursor, _ = urlsplit(url).path.split("/")
        category = parse_qs(urlsplit(url).query).get("category", [""])[0].replace("_", " ")
        found = [one for one in self.items if first <= one["date"] <= last and category in one["category"]]
        found.sort(key=lambda one: one["date"])
        if not found:
            return b'{"messages":[{"status":"no posts found"}],"collection":[]}'
        page = found[int(cursor) : int(cursor) + self._size]
        message = {"status": "ok", "interval": f"{first}:{last}", "cursor": cursor, "count": len(page)}
        return json.dumps({"messages": [message | {"total": str(len(found))}], "collection": page}).encode()


class _BegunAt(Biorxiv):
    """Runs that begin at a moment of ours, whatever the service's is."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        object.__setattr__(self, "_at", at)

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:
        return super().begin(want, mark, self._at)  # type: ignore[attr-defined]


def week(count: int) -> list[dict[str, Any]]:
    return [preprint(MONDAY + (number % 7) * DAY, number) for number in range(count)]


def keys(run: Driven) -> set[str]:
    return {record.key for record in run.records}


def test_a_stretch_of_days_is_asked_for_a_week_at_a_time() -> None:
    run = drive(BIORXIV, Api(week(10)), AT, want=Want(target="medrxiv", since=MONDAY, until=MONDAY + 9 * DAY))
    assert run.asks == [
        "https://api.biorxiv.org/details/medrxiv/2024-06-03/2024-06-09/0/json",
        "https://api.biorxiv.org/details/medrxiv/2024-06-10/2024-06-12/0/json",
        # Nothing is believed only when it is said twice.
        "https://api.biorxiv.org/details/medrxiv/2024-06-10/2024-06-12/0/json",
    ]
    assert len(run.records) == 10
    assert run.problems == []
    assert run.mark == {"until": "2024-06-12"}


def test_no_day_to_come_is_told_or_remembered_though_the_service_is_behind_us_and_more_is_wanted() -> None:
    """Our clock is past midnight and the service's is not, and a run before believed a clock that was far ahead."""
    ahead = AT + timedelta(hours=13)
    for want in (Want(target="biorxiv"), Want(target="biorxiv", since=AT.date(), until=AT.date() + 40 * DAY)):
        for mark in ({}, {"until": "2024-09-01"}):
            ask = BIORXIV.begin(want, mark, ahead)
            assert ask is not None
            run = drive(_BegunAt(ahead), Api(week(3)), AT, want=want, mark=mark)
            assert run.asks[0] == ask.url
            assert run.mark == {"until": str(AT.date())}
            assert max(told.day for told in run.days) == AT.date()
            assert len(run.asks) < 20


@pytest.mark.parametrize("size", [1, 7, 30, 100])
def test_what_comes_at_once_is_counted_and_never_guessed(size: int) -> None:
    run = drive(BIORXIV, Api(week(95), size=size), AT, want=EVERYTHING)
    assert len(run.records) == len(keys(run)) == 95
    assert len(run.asks) == -(-95 // size)


def test_a_category_is_asked_for_by_its_name() -> None:
    items = [*week(3), preprint(MONDAY, 99, category="neuroscience")]
    run = drive(BIORXIV, Api(items), AT, want=Want(target="biorxiv/neuroscience", since=MONDAY, until=MONDAY))
    assert run.asks == ["https://api.biorxiv.org/details/biorxiv/2024-06-03/2024-06-03/0/json?category=neuroscience"]
    assert [record.title for record in run.records] == ["On Napkins 99"]


def test_the_next_run_begins_three_days_before_the_end_of_the_last() -> None:
    want = Want(target="biorxiv")
    first = drive(BIORXIV, Api(week(5)), AT, want=want)
    assert first.asks[0].count("/2024-05-21/2024-05-27/0/")
    assert first.mark == {"until": "2024-06-20"}
    assert drive(BIORXIV, Api([]), AT + DAY, want=want, mark=first.mark).asks[0].count("/2024-06-17/2024-06-21/0/")
    # A stretch of the past, or one with a hole before it, does not move where the next run begins.
    assert drive(BIORXIV, Api(week(5)), AT, want=EVERYTHING, mark=first.mark).mark == first.mark
    later = Want(target="biorxiv", since=date(2024, 7, 1), until=date(2024, 7, 2))
    assert drive(BIORXIV, Api([]), AT + 20 * DAY, want=later, mark=first.mark).mark == first.mark
    assert BIORXIV.begin(Want(target="biorxiv", since=date(2025, 1, 1)), {}, AT) is None


def test_days_are_told_with_their_versions_and_final_when_no_run_looks_again() -> None:
    items = [
        preprint(date(2024, 6, 16), 1),
        preprint(date(2024, 6, 16), 1, version="2"),
        preprint(date(2024, 6, 17), 2),
    ]
    run = drive(BIORXIV, Api(items), AT, want=Want(target="biorxiv", since=date(2024, 6, 16)))
    assert run.days[:3] == [
        DayTold(date(2024, 6, 16), 2, final=True),
        DayTold(date(2024, 6, 17), 1),
        DayTold(date(2024, 6, 18), 0),
    ]
    assert [(record.key[-6:], record.version) for record in run.records] == [
        ("000001", 1),
        ("000001", 2),
        ("000002", 1),
    ]


def test_a_list_that_grows_while_it_is_read_is_read_again() -> None:
    api = Api(week(95))
    calls = iter(range(1000))
    api._meanwhile = lambda: api.items.insert(0, preprint(MONDAY, 999)) if next(calls) == 2 else None
    run = drive(BIORXIV, api, AT, want=EVERYTHING)
    assert len(keys(run)) == 96
    assert run.days[0].papers == sum(one["date"] == str(MONDAY) for one in api.items)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_whatever_grows_and_5_percent_of_nothing_every_preprint_comes(seed: int) -> None:
    chance = random.Random(seed)
    items = week(chance.randint(0, 80))
    late = list(range(1000, 1003))

    def meanwhile() -> bytes | None:
        if chance.random() < 0.05:
            return b'{"messages":[{"status":"ok","total":"0"}],"collection":[]}'
        if late and chance.random() < 0.02:
            items.insert(0, preprint(MONDAY + chance.randrange(7) * DAY, late.pop()))
        return None

    mark: Any = None
    seen: set[str] = set()
    api = Api(items, size=chance.randint(5, 30), meanwhile=meanwhile)
    for number in range(4):
        run = drive(BIORXIV, api, AT, want=Want(target="biorxiv", since=MONDAY), mark=mark)
        mark, seen = run.mark, seen | keys(run)
        late = late if number < 2 else []
    assert {one["doi"] for one in items} <= seen


BROKEN = {
    "a page for browsers": b"<html><head><title>Just a moment...</title></head></html>",
    "half an answer": b'{"messages":[{"status":"ok"}],"collection":[{"doi":',
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "no messages": b'{"collection":[]}',
    "no collection": b'{"messages":[{"status":"ok"}]}',
    "an error": b'{"messages":[{"status":"Error: interval is wrong"}],"collection":[]}',
    "messages of another kind": b'{"messages":[7],"collection":[]}',
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_answer_is_asked_for_again_and_changes_nothing(broken: str) -> None:
    calls = iter(range(1000))
    run = drive(
        BIORXIV,
        Api(week(70), meanwhile=lambda: BROKEN[broken] if next(calls) % 2 == 0 else None),
        AT,
        want=EVERYTHING,
    )
    assert len(run.refused) == 3
    assert len(run.records) == len(keys(run)) == 70


def test_a_service_that_counts_more_than_it_gives_is_told_or_asked_again() -> None:
    def counting(total: int) -> Callable[[str], bytes]:
        def serve(url: str) -> bytes:
            page = week(19) if "/0/" in url else []
            return json.dumps({"messages": [{"status": "ok", "total": total}], "collection": page}).encode()

        return serve

    told = drive(BIORXIV, counting(20), AT, want=EVERYTHING)
    assert [one.kind for one in told.problems] == ["short-list"]
    assert told.mark["until"] == "2024-06-09"
    held = drive(BIORXIV, counting(100), AT, want=EVERYTHING, tries=3)
    assert "until" not in held.mark
    assert "counts 100" in held.refused[0]


def test_bad_items_are_problems_beside_the_others() -> None:
    items = [*week(2), preprint(MONDAY, 3, title=None), preprint(MONDAY, 4, doi="NA")]
    run = drive(BIORXIV, Api(items), AT, want=EVERYTHING)
    assert (len(run.records), sorted(run.kinds)) == (2, ["no-id", "no-title"])


@pytest.mark.parametrize("target", ["", "arxiv", "biorxiv/cell/biology", "BIORXIV", "../medrxiv"])
def test_another_server_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match="no server of preprints"):
        BIORXIV.begin(Want(target=target), {}, AT)
