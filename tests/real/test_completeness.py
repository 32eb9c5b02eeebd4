"""What would be missed on real shelves: the days of Hugging Face, and arXiv's ids on a shelf of one archive."""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from broadsheet.model.completeness import low_days, skipped
from broadsheet.model.weeks import home_day, month_of, week_of


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def test_the_weekdays_that_hugging_faces_days_lack_are_missed_and_hardly_another(shared_data: Path) -> None:
    told = {
        date.fromisoformat(day["date"]): len(day["items"])
        for day in rows(shared_data / "hf_daily" / "daily_raw.jsonl.gz")
    }
    first, last = min(told), max(told)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    lacking = {day for day in days if day.weekday() < 5 and day not in told}
    missed = set(low_days({day: told.get(day, 0) for day in days}, date.max))
    assert lacking
    assert lacking <= missed
    assert missed - lacking <= {last}  # the last one was still filling


def test_a_shelf_of_one_archive_misses_no_arxiv_id(shared_data: Path) -> None:
    by_month: dict[str, set[int]] = defaultdict(set)
    for paper in rows(shared_data / "corpus" / "papers.jsonl.gz"):
        for name in (paper["id"], paper.get("arxiv")):
            if found := re.fullmatch(r"(?:arxiv:)?(\d{4})\.(\d{5})", str(name)):
                by_month[found[1]].add(int(found[2]))
    assert sum(map(len, by_month.values())) > 40_000
    assert {month: numbers for month, known in by_month.items() if (numbers := skipped(known))} == {}


def test_real_papers_are_on_one_daily_one_weekly_and_one_monthly_page(shared_data: Path) -> None:
    pages: Counter[object] = Counter()
    papers = 0
    for paper in rows(shared_data / "hf_daily" / "papers.jsonl.gz"):
        papers += 1
        day = home_day([date.fromisoformat(text) for text in paper["daily_dates"]], paper["published"] or "")
        assert day is not None
        pages.update((("day", day), ("week", week_of(day)), ("month", month_of(day))))
    sums = {kind: sum(n for page, n in pages.items() if page[0] == kind) for kind in ("day", "week", "month")}  # type: ignore[index]
    assert set(sums.values()) == {papers}
