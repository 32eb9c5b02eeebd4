"""Measure how far rings of 50 accounts get, and how many honest upvotes wait for it.

    .venv/bin/python -m bench.rings --data ../shared/data/hf_daily [--worlds 40] [--tune]

Worlds are made from real days (`ring_world.py`). The first half of the days is for tuning, the second for judging. A
ring got somewhere if a paper of its stands in the top 10 at the end of its day, where it would not without the ring; it
wins every tie. **spam** is a paper with up to 3 honest upvotes; **lifted** a paper of the day from below the top 10.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from bench.ring_world import Shape, World, attack, read_days, worlds

from broadsheet.rank.rings import Reason, waiting

SHAPES = (
    Shape("new, one paper, one network, at once", aged=False, networks=1, spread=False),
    Shape("new, one paper, scattered, slowly", aged=False),
    Shape("aged, one paper, one network, at once", networks=1, spread=False),
    Shape("aged, one paper, 7 networks, slowly", networks=7),
    Shape("aged, one paper, scattered, at once", spread=False),
    Shape("aged, one paper, scattered, slowly"),
    Shape("aged, made apart, one paper, scattered, slowly", together=False),
    Shape("the same, each with 5 popular papers before", together=False, camouflage=5),
    Shape("the same, each with 10 popular papers before", together=False, camouflage=10),
    Shape("the same, each with 20 popular papers before", together=False, camouflage=20),
    Shape("made together, 20 popular papers before", camouflage=20),
    Shape("7 networks, 20 popular papers before", together=False, networks=7, camouflage=20),
    Shape("made apart, 5 papers before, chosen as readers do", together=False, camouflage=5, natural=True),
    Shape("made apart, 10 papers before, chosen as readers do", together=False, camouflage=10, natural=True),
    Shape("made apart, 20 papers before, chosen as readers do", together=False, camouflage=20, natural=True),
    Shape("the same, and on 2 other papers that day", together=False, camouflage=20, natural=True, cover=2),
    Shape("aged, 2 papers, scattered", papers=2, together=False),
    Shape("aged, 5 papers, 5 popular before", papers=5, together=False, camouflage=5),
    Shape("aged, 10 papers, 10 popular before", papers=10, together=False, camouflage=10),
    Shape("5 papers one after the other, 10 popular before", papers=5, together=False, camouflage=10, serial=True),
    Shape("5 papers one after the other, 20 popular before", papers=5, together=False, camouflage=20, serial=True),
    Shape("subgroups of 7, one paper each, no history", group=7, together=False),
    Shape("subgroups of 7, one paper each, 5 popular before", group=7, together=False, camouflage=5),
    Shape("subgroups of 7, 3 papers each, 10 popular before", group=7, papers=3, together=False, camouflage=10),
    Shape(
        "subgroups of 7, 4 one after the other, 10 before",
        group=7,
        papers=4,
        together=False,
        camouflage=10,
        serial=True,
    ),
    Shape("50 real readers bribed, one paper", bought=True),
    Shape("50 real readers bribed, 5 one after the other", bought=True, papers=5, serial=True),
    Shape("subgroups of 7 real readers bribed, one paper", bought=True, group=7),
)
TOP = 10


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True, help="folder with daily_raw.jsonl.gz")
    asked.add_argument("--worlds", type=int, default=40, help="how many worlds each shape is tried in")
    asked.add_argument("--tune", action="store_true", help="use the first half of the days, not the second")
    options = asked.parse_args()
    days = read_days(options.data)
    half = len(days) // 2
    made = list(worlds(days[:half] if options.tune else days[half:], options.worlds, 1 if options.tune else 2))
    honest(made)
    print("\n| ring of 50 | spam: undamped | damped | upvotes counted | lifted: undamped | damped | readers flagged |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for shape in SHAPES:
        print(row(shape, made))


def honest(made: list[World]) -> None:
    print("| world without a ring | of upvotes | of readers |\n|---|---:|---:|")
    votes = readers = 0
    waits: Counter[str] = Counter()
    who: Counter[str] = Counter()
    for world in made:
        votes += len(world.votes)
        readers += len({vote.reader for vote in world.votes})
        found = waiting(world.votes, world.readers.values(), world.now)
        waits.update(reason.name for reason in found.values())
        who.update(name for _, name in {(reader, reason.name) for (reader, _), reason in found.items()})
        who["any but NEW"] += len({reader for (reader, _), reason in found.items() if reason is not Reason.NEW})
        waits["any but NEW"] += sum(reason is not Reason.NEW for reason in found.values())
    for name in [*Reason.__members__, "any but NEW"]:
        print(f"| {name} | {waits[name] / votes:.3%} | {who[name] / readers:.3%} |")


def row(shape: Shape, made: list[World]) -> str:
    won: Counter[tuple[bool, bool]] = Counter()
    tried: Counter[bool] = Counter()
    counted = []
    flagged = readers = 0
    for number, world in enumerate(made):
        calm = set(waiting(world.votes, world.readers.values(), world.now))
        below = [paper for paper in world.day_papers if not reaches(world, calm, paper)]
        for lifted in (False, True):
            target = below[number % len(below)] if lifted else None
            tainted, papers, members = attack(world, shape, number, target=target)
            found = waiting(tainted.votes, tainted.readers.values(), tainted.now)
            tried[lifted] += 1
            without = set(found) | {(member, paper) for member in members for paper in papers}
            gained = [paper for paper in papers if not reaches(tainted, without, paper)]
            won[lifted, False] += any(reaches(tainted, set(), paper) for paper in gained)
            won[lifted, True] += any(reaches(tainted, set(found), paper) for paper in gained)
            if not lifted:
                cast = Counter(v.paper for v in tainted.votes if v.paper in papers)
                held = Counter(paper for _, paper in found if paper in papers)
                counted.append(max(cast[paper] - held[paper] for paper in papers))
                alone = [v.reader for v in world.votes]
                bribed = members if shape.bought else set()
                flagged += len(
                    {r for (r, _), why in found.items() if why is not Reason.NEW and r in world.readers} - bribed
                )
                readers += len(set(alone))
    shares = [f"{won[lifted, damped] / tried[lifted]:.0%}" for lifted in (False, True) for damped in (False, True)]
    middle = f"{np.mean(counted):.1f}, at most {max(counted)}"
    return (
        f"| {shape.name} | {shares[0]} | {shares[1]} | {middle} | {shares[2]} | {shares[3]} | {flagged / readers:.2%} |"
    )


def reaches(world: World, held: set[tuple[int, int]], paper: int) -> bool:
    ours = {*world.day_papers, paper}
    counts = Counter(vote.paper for vote in world.votes if vote.paper in ours and (vote.reader, vote.paper) not in held)
    return sum(counts[other] > counts[paper] for other in ours - {paper}) < TOP


if __name__ == "__main__":
    main()
