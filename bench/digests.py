"""A community's morning: ``python -m bench.digests --corpus PATH/daily_raw.jsonl.gz [--subscribers 100000] [--dkim]``.

So many subscribers, each with one to three lists of some hundreds that there are, are due at once. Several processes
compose their digests, set the mails and hand them over to a spool, as ``broadsheet worker`` does. Then mails are
counted beside recipients.
"""

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.machine import machine

from broadsheet.flow.house import House
from broadsheet.flow.sending.run import send_due
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.subscribing import due
from broadsheet.model.digest import ENDS
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber, Times
from broadsheet.settings import Settings
from broadsheet.store import digests, subscribers, subscriptions
from broadsheet.wiring import open_house

# The evening of a day that the corpus has, so that its page is the latest.
NOW = datetime(2026, 4, 29, 7, 0, tzinfo=UTC)
BEFORE, AN_HOUR = timedelta(days=3), timedelta(hours=1)
DOMAINS = ("gmail.example", "outlook.example", "uni.example", "lab.example", "mail.example")
CATEGORIES = ("cs.CL", "cs.CV", "cs.LG", "cs.AI", "cs.RO", "cs.SD", "cs.IR", "cs.SE", "cs.CR", "stat.ML")
WORDS = """agents alignment attention audio benchmark code compression dataset decoding diffusion distillation driving
editing embeddings evaluation generation graph hallucination image language long medical memory models motion multimodal
planning preference pretraining quantization reasoning recommendation reinforcement retrieval reward robots safety
search segmentation speech synthesis tokens tools training transformer translation video vision""".split()


def settings(home: Path, *, dkim: bool) -> Settings:
    told = Settings(home=home, public_url="https://papers.example.org", secret_key="k" * 43)
    told = replace(told, mail_through=f"folder:{home / 'spool'}", bounce_address="bounces@papers.example.org")
    return replace(told, dkim_selector="bench", dkim_key=str(home / "dkim.pem")) if dkim else told


def lists() -> list[Selection]:
    """Give the lists that people here subscribe to, the most wanted first."""
    searches = [Selection("search", query=Query(text=f"{a} {b}")) for a in WORDS for b in WORDS[::7] if a != b]
    return [
        Selection("trending"),
        Selection("day"),
        Selection("trending", "week"),
        *(Selection("category", name) for name in CATEGORIES),
        *searches,
    ]


def parted(corpus: Path, home: Path) -> tuple[Path, Path]:
    """Write what was there before somebody subscribed, and what came since, into a file each."""
    files = home / "before.jsonl", home / "since.jsonl"
    with gzip.open(corpus, "rt", encoding="utf-8") as days, files[0].open("w") as before, files[1].open("w") as since:
        for line in days:
            is_new = json.loads(line)["date"] > (NOW - BEFORE).date().isoformat()
            (since if is_new else before).write(line)
    return files


def subscribe(house: House, count: int, chance: random.Random) -> None:
    """Keep so many confirmed subscribers, each with one to three lists, by Zipf's law."""
    known = lists()
    weights = [1 / (rank + 1) for rank in range(len(known))]
    chosen = iter(chance.choices(range(len(known)), weights, k=3 * count))
    at = NOW - BEFORE
    for start in range(0, count, 10_000):
        with house.store.writing() as connection:
            for number in range(start, min(start + 10_000, count)):
                address = f"reader{number}@{DOMAINS[number % len(DOMAINS)]}"
                told = Subscriber(
                    id=0,
                    way="mail",
                    address=address,
                    key=address,
                    at=at,
                    state="active",
                    times=Times(zone="UTC", hour=f"{NOW:%H:%M}"),
                    nonce=f"n{number}",
                )
                made = subscribers.insert(connection, told)
                for place in {next(chosen) for _ in range(1 + number % 3)}:
                    subscriptions.put(connection, made.id, known[place], "daily", at=at)
                due.schedule(connection, house, made.id)


def work(home: Path, *, dkim: bool) -> dict[str, object]:
    """Send what is due until nothing is left; gives seconds and the most memory that this process held, in MB."""
    begun = time.monotonic()
    with open_house(
        settings(home, dkim=dkim), clock=lambda: NOW + timedelta(seconds=time.monotonic() - begun)
    ) as house:
        start = time.perf_counter()
        told = send_due(house)
        took = time.perf_counter() - start
    return {
        "seconds": took,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "counts": str(told),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--corpus", type=Path)
    asked.add_argument("--subscribers", type=int, default=100_000)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--dkim", action="store_true")
    asked.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.work:
        print(json.dumps(work(told.work, dkim=told.dkim)))
        return
    with tempfile.TemporaryDirectory(prefix="digests") as folder:
        measure(Path(folder), told)


def measure(home: Path, told: argparse.Namespace) -> None:
    print(machine())
    if told.dkim:
        make_key(home / "dkim.pem")
    clock = [NOW - AN_HOUR]
    with open_house(settings(home, dkim=told.dkim), clock=lambda: clock[0]) as house:
        before, since = parted(told.corpus, home)
        import_files(house, [before])
        start = time.perf_counter()
        subscribe(house, told.subscribers, random.Random(7))  # noqa: S311 - chance that is the same each time
        print(f"{told.subscribers:,} subscribers in {time.perf_counter() - start:.0f} s")
        import_files(house, [since])
        clock[0] = NOW
        start = time.perf_counter()
        called = due.call_up(house)
        call_up_s = time.perf_counter() - start
    print(f"{called:,} called up in {call_up_s:.1f} s")
    took = run(home, told)
    with open_house(settings(home, dkim=told.dkim)) as house, house.store.reading() as connection:
        counts = digests.counts(connection)
    mails = list((home / "spool").glob("*.eml"))
    size = sum(file.stat().st_size for file in mails[:500]) / len(mails[:500]) / 1024
    recipients = sum(counts.get(end, 0) for end in ENDS)
    print(f"states: {counts}; {len(mails):,} mails of {size:.0f} kB on average; {recipients:,} recipients")
    print(f"{len(mails) / took:,.0f} a second: {took / 60:.1f} minutes, with calling up {(took + call_up_s) / 60:.1f}")


def make_key(file: Path) -> None:
    command = ["openssl", "genrsa", "-out", str(file), "2048"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words
    file.chmod(0o600)


def run(home: Path, told: argparse.Namespace) -> float:
    """Let the processes send all there is, side by side; gives the seconds until the last was done."""
    command = [sys.executable, "-m", "bench.digests", "--work", str(home), *(["--dkim"] if told.dkim else [])]
    start = time.perf_counter()
    with ExitStack() as stack:
        popen = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(told.processes)]  # noqa: S603 - our own
        running = [stack.enter_context(each) for each in popen]
        for each in running:
            print(each.communicate()[0].decode().splitlines()[-1])
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
