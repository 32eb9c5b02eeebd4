"""The live sources over real answers: the days that Hugging Face showed, served day by day."""

import gzip
import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.sources.live.driving import drive

from broadsheet.sources.adapter import Want
from broadsheet.sources.detect import detect
from broadsheet.sources.live.hf import HuggingFace

DAYS = 501
FIRST, LAST = date(2024, 5, 27), date(2026, 4, 30)
AFTER = datetime(2026, 5, 9, 12, tzinfo=UTC)
# Weekdays that were not recorded.
ABSENT = ["2025-01-01", "2025-01-16", "2025-11-14"]


@pytest.fixture(scope="module")
def real_days(shared_data: Path) -> dict[str, list[dict[str, Any]]]:
    """What the service answered, by day."""
    with gzip.open(shared_data / "hf_daily" / "daily_raw.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {day["date"]: day["items"] for day in map(json.loads, lines)}


def serving(days: dict[str, list[dict[str, Any]]], chance: random.Random, empty: float) -> Callable[[str], bytes]:
    """Make a service of days that gives twenty papers at most, reorders neighbours and sometimes gives nothing."""

    def serve(url: str) -> bytes:
        query = parse_qs(urlsplit(url).query)
        papers = days.get(query["date"][0], [])
        if len(papers) > 1 and chance.random() < empty:
            at = chance.randrange(len(papers) - 1)
            papers[at], papers[at + 1] = papers[at + 1], papers[at]
        start = int(query["p"][0]) * 20
        return b"[]" if chance.random() < empty else json.dumps(papers[start : start + 20]).encode()

    return serve


@pytest.mark.parametrize("empty", [0.0, 0.05])
def test_all_real_days_come_in_once_each_and_become_final(
    real_days: dict[str, list[dict[str, Any]]], empty: float
) -> None:
    days = {day: list(items) for day, items in real_days.items()}
    assert len(days) == DAYS
    want = Want(since=FIRST)
    run = drive(HuggingFace(), serving(days, random.Random(14), empty), AFTER, want=want)
    expected = {f"{item['paper']['id']}@{day}" for day, items in days.items() for item in items}
    assert {record.key for record in run.records} == expected
    assert len(run.records) == len(expected)
    final = {str(told.day): told.papers for told in run.days if told.final}
    assert all(len(items) == final[day] for day, items in days.items() if day in final)
    assert empty or days.keys() <= final.keys()
    recorded = [one.where for one in run.problems if str(FIRST) <= one.where <= str(LAST)]
    assert set(ABSENT) <= set(recorded)
    assert empty or sorted(recorded) == ABSENT


def test_every_recorded_day_of_the_api_is_read_as_it_came(shared_data: Path) -> None:
    for path in sorted((shared_data / "fixtures" / "hf_api").iterdir()):
        raw, day = path.read_bytes(), date.fromisoformat(path.stem.rpartition("_")[2])
        assert detect(raw[:10_000], "answer") == "hf"
        run = drive(
            HuggingFace(), lambda url, raw=raw: raw if "p=0" in url else b"[]", AFTER, want=Want(since=day, until=day)
        )
        assert [told.final for told in run.days] == [True]
        assert run.problems == []
        assert len(run.records) == len(json.loads(raw)) == run.days[0].papers
        assert all(record.daily[0].day == day and record.signals for record in run.records)
