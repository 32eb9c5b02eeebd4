"""How much made-up spam is held, and how much of what honest readers bring.

    .venv/bin/python -m bench.spam --cases 10000

Titles are those of real daily pages where shared/data is beside the checkout, else of the starter shelf; all else is
made up (bench/spam_world.py). New readers' first submissions, which the setting submit_hold_first holds, are left out.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from bench.spam_world import Case, cases

from broadsheet.rank.spam import suspect

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "hf_daily"


def starter_titles() -> list[str]:
    text = (files("broadsheet") / "starter" / "papers.jsonl").read_text("utf-8")
    return [json.loads(line)["title"] for line in text.splitlines()]


def titles() -> list[str]:
    found = []
    for path in sorted(SHARED.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = map(json.loads, lines)
            found += [title for row in rows if (title := row.get("title") or row.get("paper", {}).get("title"))]
    return found or starter_titles()


def shares(made: Sequence[Case]) -> tuple[float, float]:
    """Give the share of spam that is held, and that of what is honest."""
    held = Counter((case.is_spam, suspect(case.traits).holds) for case in made)
    spam, honest = (held[kind, True] / max(1, held[kind, True] + held[kind, False]) for kind in (True, False))
    return spam, honest


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=10_000)
    asked.add_argument("--seeds", type=int, default=5)
    told = asked.parse_args()
    known = titles()
    print(f"{told.cases:,} cases, {len(known):,} titles")
    for seed in range(told.seeds):
        made = cases(known, told.cases, seed)
        spam, honest = shares(made)
        print(f"seed {seed}: {spam:.2%} of spam held, {honest:.2%} of what is honest")
    kinds = sorted({case.kind for case in made})
    for kind in kinds:
        of = [suspect(case.traits).holds for case in made if case.kind == kind]
        print(f"  {kind:14} {sum(of):5} of {len(of):5} held")


if __name__ == "__main__":
    main()
