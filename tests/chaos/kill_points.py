"""Kill an import at each of its write system calls and see that nothing is lost or doubled (needs strace).

Run whole, outside the tests::

    python tests/chaos/kill_points.py --every 1
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

BROADSHEET = Path(sys.executable).with_name("broadsheet")
WRITES = "write,pwrite64,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"


@dataclass(frozen=True)
class Outcome:
    """How many points were tried, how many of them really killed the import, and what was wrong after each."""

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


def run(home: Path, *words: str, strace: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a broadsheet command on ``home``, under strace when asked."""
    env = os.environ | {"BROADSHEET_HOME": str(home), "NO_COLOR": "1"}
    command = [*strace, str(BROADSHEET), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def state(home: Path) -> str:
    """Hash what the house holds, by the papers' own names: order of keeping does not matter."""
    done = run(home, "search", "--limit", "100", "--sort", "date", "--json")
    if done.returncode:
        return f"search failed: {done.stderr}"
    hits = json.loads(done.stdout)["hits"]
    facts = sorted(json.dumps({k: v for k, v in hit.items() if k not in {"score", "rank"}}) for hit in hits)
    return f"{len(hits)} papers {hashlib.sha256(''.join(facts).encode()).hexdigest()[:16]}"


def count_writes(home: Path, papers: Path) -> int:
    """Count the write system calls of a faultless import into a new home."""
    log = home.with_suffix(".strace")
    run(home, "import", str(papers), strace=("strace", "-f", "-qq", "-e", f"trace={WRITES}", "-o", str(log)))
    return len(re.findall(r"\b(?:" + WRITES.replace(",", "|") + r")\(", log.read_text("utf-8", "replace")))


def try_point(home: Path, papers: Path, point: int, expected: str) -> tuple[bool, str]:
    """Kill the import at write number ``point``, start again, and say what is wrong ('' when nothing is)."""
    inject = f"inject={WRITES}:signal=SIGKILL:when={point}"
    killed = run(
        home,
        "import",
        str(papers),
        strace=("strace", "-f", "-qq", "-e", f"trace={WRITES}", "-e", inject, "-o", os.devnull),
    )
    was_killed = killed.returncode != 0
    run(home, "reindex")
    after = run(home, "doctor", "--no-heal", "--json")
    if after.returncode:
        return was_killed, f"point {point}: doctor: {after.stdout}{after.stderr}"
    again = run(home, "import", str(papers), "--json")
    if again.returncode or (found := state(home)) != expected:
        return was_killed, f"point {point}: {again.stderr} {found if not again.returncode else ''}, not {expected}"
    if run(home, "doctor", "--no-heal", "--json").returncode:
        return was_killed, f"point {point}: doctor after the second import"
    return was_killed, ""


def kill_everywhere(folder: Path, *, every: int, papers_count: int = 40) -> Outcome:
    """Try every ``every``-th write of an import of ``papers_count`` papers, each in a home of its own."""
    papers = folder / "papers.jsonl"
    write_papers(papers, papers_count)
    writes = count_writes(folder / "whole", papers)
    expected = state(folder / "whole")
    points = range(1, writes + 1, every)
    killed, faults = 0, []
    for point in points:
        was_killed, fault = try_point(folder / f"point-{point}", papers, point, expected)
        killed += was_killed
        if fault:
            faults.append(fault)
    return Outcome(len(points), killed, tuple(faults))


def main() -> None:
    """Try the points asked for and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--papers", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_everywhere(Path(folder), every=asked.every, papers_count=asked.papers)
    sys.stdout.write(f"{outcome.points} points, {outcome.killed} killed, {len(outcome.faults)} faults\n")
    sys.stdout.write("".join(f"{fault}\n" for fault in outcome.faults))
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
