"""Two weeks of real daily pages as digests: every paper of theirs comes, none twice, each with sentences of its own."""

import gzip
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tests.empty_store import empty_home
from tests.flow.digests.sending_by_hand import composed, send, subscribe

from broadsheet.flow.house import House
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.digest import Digest
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber
from broadsheet.model.text import plain
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

FIRST, DAYS = date(2026, 4, 13), 14
LISTS = (Selection("day"), Selection("trending"), Selection("search", query=Query(text="agents")))


class Time:
    """A clock that is set from day to day."""

    at = datetime.combine(FIRST, time(6), UTC)

    def __call__(self) -> datetime:
        return self.at


def pages(folder: Path) -> dict[str, list[str]]:
    """Give what is told of papers by the day whose page they were on first."""
    found: dict[str, list[str]] = {}
    with gzip.open(folder / "hf_daily" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            days = json.loads(line)["daily_dates"]
            if days and FIRST.isoformat() <= min(days):
                found.setdefault(min(days), []).append(line)
    return found


def one_day(house: House, ann: Subscriber, clock: Time, told: list[str], file: Path) -> Digest | None:
    """Let a day's papers come, and send what is new of them at noon."""
    file.write_text("".join(told), "utf-8")
    import_files(house, [file])
    catch_up(house)
    clock.at += timedelta(hours=6)
    digest = composed(house, ann)
    if digest is not None:
        send(house, ann, digest, clock.at.date().isoformat())
    clock.at += timedelta(hours=18)
    return digest


def test_every_paper_of_two_weeks_comes_once(shared_data: Path, tmp_path: Path) -> None:
    by_day, clock, got = pages(shared_data), Time(), list[Digest]()
    settings = Settings(home=empty_home(tmp_path / "home"), digest_papers=60)
    with open_house(settings, clock=clock) as house:
        ann = subscribe(house, *LISTS)
        for number in range(DAYS):
            day = (FIRST + timedelta(days=number)).isoformat()
            digest = one_day(house, ann, clock, by_day.get(day, []), tmp_path / f"{day}.jsonl")
            got += [digest] if digest else []
    numbers = [paper.slug for digest in got for paper in digest.papers]
    assert len(numbers) == len(set(numbers))
    days = [(FIRST + timedelta(days=number)).isoformat() for number in range(DAYS)]
    assert set(numbers) == {json.loads(line)["id"] for day in days for line in by_day.get(day, [])}
    assert 10 <= len(got) < DAYS
    cards = [card for digest in got for card in digest.cards()]
    assert all(1 <= len(card.telling) <= 2 and card.why for card in cards)
    # But for the last, which is cut where it is too long.
    assert sum(" ".join(plain(c.paper.abstract).split()).count(c.telling[0]) > 0 for c in cards) > 0.95 * len(cards)
