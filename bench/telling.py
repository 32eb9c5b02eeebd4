"""How near the telling sentences of abstracts come to summaries that Hugging Face's readers are shown.

    .venv/bin/python -m bench.telling --papers PATH/hf_daily/papers.jsonl.gz

Overlap is that of words (ROUGE-1) and of their longest common subsequence (ROUGE-L; Lin 2004), F1 of both, on words in
lower case. Constants were chosen on papers whose id has an even checksum; figures are of the others.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from zlib import crc32

from broadsheet.embed.static import StaticEmbedder
from broadsheet.model.text import plain, sentences
from broadsheet.rank.telling import telling

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "hf_daily" / "papers.jsonl.gz"
WORD = re.compile(r"\w+")
Choose = Callable[[Sequence[str], str], Sequence[str]]


def rows(path: Path, *, tuning: bool) -> Iterator[tuple[str, list[str], str]]:
    """Give title, sentences and summary of each paper that has a summary and more than one sentence."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row.get("ai_summary") and (crc32(row["id"].encode()) % 2 == 0) == tuning:
                found = sentences(plain(row["abstract"]))[:30]
                if len(found) > 1:
                    yield plain(row["title"]), found, row["ai_summary"]


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def rouge_1(told: list[str], wanted: list[str]) -> float:
    return _f1(sum((Counter(told) & Counter(wanted)).values()), told, wanted)


def rouge_l(told: list[str], wanted: list[str]) -> float:
    before = [0] * (len(wanted) + 1)
    for word in told:
        now = [0]
        for number, other in enumerate(wanted):
            now.append(before[number] + 1 if word == other else max(before[number + 1], now[number]))
        before = now
    return _f1(before[-1], told, wanted)


def _f1(shared: int, told: list[str], wanted: list[str]) -> float:
    return 2 * shared / (len(told) + len(wanted)) if told or wanted else 0.0


def ways(embedder: StaticEmbedder) -> dict[str, Choose]:
    """Give the ways of choosing by name: so many of the first sentences, and the telling ones."""

    def chosen(most: int) -> Choose:
        def choose(found: Sequence[str], title: str) -> Sequence[str]:
            return [found[number] for number in telling(title, found, embedder.embed(found), most)]

        return choose

    return {
        "the first": lambda found, _: found[:1],
        "the most telling": chosen(1),
        "the first two": lambda found, _: found[:2],
        "the two most telling": chosen(2),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--papers", type=Path, default=SHARED)
    asked.add_argument("--tuning", action="store_true", help="measure on the papers that constants are chosen on")
    told = asked.parse_args()
    known = list(rows(told.papers, tuning=told.tuning))
    print(f"{len(known):,} papers\n\n| sentences | ROUGE-1 | ROUGE-L | µs a paper |\n|---|---|---|---|")
    for name, choose in ways(StaticEmbedder()).items():
        began = perf_counter()
        shown = [words(" ".join(choose(found, title))) for title, found, _ in known]
        took = (perf_counter() - began) / len(known)
        wanted = [words(summary) for _, _, summary in known]
        one, longest = (sum(map(measure, shown, wanted)) / len(known) for measure in (rouge_1, rouge_l))
        print(f"| {name} | {one:.3f} | {longest:.3f} | {took * 1e6:,.0f} |")


if __name__ == "__main__":
    main()
