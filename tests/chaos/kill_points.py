"""Kill an import, or a catch-up of words or meaning, right after each of its writes: nothing may be lost or doubled.

strace tells every write system call of every thread through a pipe; at the chosen one all processes get SIGKILL.
Run whole, outside the tests::

    python tests/chaos/kill_points.py --every 1
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.flow.house import House
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.upkeep.doctor import doctor
from broadsheet.settings import Settings
from broadsheet.store import papers
from broadsheet.wiring import open_house

BROADSHEET = Path(sys.executable).with_name("broadsheet")
WRITES = "write,pwrite64,pwritev,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"
AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
VERBS = ("import", "reindex", "embed")


@dataclass(frozen=True)
class Outcome:
    """How many points were tried, how many of them really killed the command, and what was wrong after each."""

    points: int
    killed: int
    faults: tuple[str, ...]


def write_papers(path: Path, count: int) -> None:
    """Write ``count`` made-up papers; some share a title and authors with another so that merges happen too."""
    rows = []
    for number in range(count):
        twin = number - 1 if number % 5 == 4 else number
        rows.append(
            {
                "id": f"2401.{number:05d}" if twin == number else f"doi:10.1234/twin.{number}",
                "doi": None if twin == number else f"10.1234/twin.{number}",
                "title": f"Paper number {twin} on the folding of napkins",
                "abstract": f"We fold napkin {twin}. " * 20,
                "authors": [f"Ann Author{twin}", "Bo Chen"],
                "published": "2024-01-02",
                "daily_dates": ["2024-01-03"],
            }
        )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def command(verb: str, folder: Path) -> list[str]:
    """Spell the command that is to be killed."""
    return {
        "import": ["import", str(folder / "papers.jsonl")],
        "reindex": ["reindex"],
        "embed": ["reindex", "--embeddings"],
    }[verb]


def prepare(verb: str, folder: Path, home: Path) -> None:
    """Make the home that the command starts from: none for an import, without the word index for its catch-up."""
    if verb != "import":
        with opened(home) as house:
            import_files(house, [folder / "papers.jsonl"])
    if verb == "reindex":
        shutil.rmtree(home / "index")


def opened(home: Path) -> House:
    """Open a home at a moment that is always the same."""
    return open_house(Settings(home=home), clock=lambda: AT)


def run_until(
    home: Path, words: Iterable[str], write: int, program: Iterable[str] = (str(BROADSHEET),)
) -> tuple[int, bool]:
    """Run a command, killing it after its write number ``write``; gives ``(writes seen, whether it was killed)``."""
    home.mkdir(parents=True, exist_ok=True)
    pipe = home.with_suffix(".writes")
    os.mkfifo(pipe)
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={WRITES}", "-e", "signal=none", "-o", str(pipe)]
    env = os.environ | {"BROADSHEET_HOME": str(home), "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    started = subprocess.Popen(
        [*strace, *program, *words],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    seen = 0
    with pipe.open("rb") as writes:
        for _ in writes:
            seen += 1
            if seen == write:
                os.killpg(started.pid, signal.SIGKILL)
                break
    pipe.unlink()
    return seen, started.wait(timeout=120) < 0


def state(house: House) -> str:
    """Tell what the house holds, by the papers' own names: the order of keeping does not matter."""
    with house.store.reading() as connection:
        kept = papers.stream(connection, 0, 1_000)
    shown = sorted((p.slug, p.title, p.abstract, [str(i) for i in p.ids], p.days, p.sources) for p in kept)
    return json.dumps(shown, default=str)


def wrong_after(house: House, papers_file: Path, expected: str, *, imported: bool) -> str:
    """Start again as a reader would, and say what is wrong ('' when nothing is)."""
    catch_up(house)
    if not (found := doctor(house, heal=False)).well:
        return f"doctor found {found}"
    if imported and state(house) != expected:
        return "papers were lost"
    again = import_files(house, [papers_file])
    if state(house) != expected:
        return "the second import leads elsewhere"
    if imported and (again.kept.new or again.kept.changed or again.kept.merged):
        return f"the second import changed something: {again.kept}"
    return "" if (found := doctor(house, heal=False)).well else f"after the second import doctor found {found}"


def kill_everywhere(verb: str, folder: Path, *, every: Callable[[int], int], papers_count: int = 40) -> Outcome:
    """Kill ``verb`` after one write in ``every(writes in all)``, each time in a home of its own."""
    papers_file = folder / "papers.jsonl"
    write_papers(papers_file, papers_count)
    prepare(verb, folder, folder / "whole")
    writes, _ = run_until(folder / "whole", command(verb, folder), write=0)
    with opened(folder / "whole") as house:
        expected = state(house)
    points = range(1, writes + 1, every(writes))
    killed, faults = 0, []
    for point in points:
        home = folder / f"point-{point}"
        prepare(verb, folder, home)
        killed += run_until(home, command(verb, folder), point)[1]
        with opened(home) as house:
            fault = wrong_after(house, papers_file, expected, imported=verb != "import")
        if fault:
            faults.append(f"{verb} killed after write {point}: {fault}")
        shutil.rmtree(home)
    return Outcome(len(points), killed, tuple(faults))


def main() -> None:
    """Try the points asked for and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--papers", type=int, default=40)
    asked = parser.parse_args()
    wrong = 0
    for verb in VERBS:
        with tempfile.TemporaryDirectory() as folder:
            outcome = kill_everywhere(verb, Path(folder), every=lambda _: asked.every, papers_count=asked.papers)
        wrong += len(outcome.faults)
        sys.stdout.write(f"{verb}: {outcome.points} points, {outcome.killed} killed, {len(outcome.faults)} faults\n")
        sys.stdout.write("".join(f"{fault}\n" for fault in outcome.faults))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
