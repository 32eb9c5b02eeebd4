"""Batches of texts as weighted bags of rows, drawn at random from papers and definitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread

import numpy as np

from broadsheet.embed.static import REPETITION

HELD_OUT = 2_000
HELD_OUT_SEED = 7
# How often a query is a title, a sentence or two, the first half of an abstract.
TITLE, SENTENCE, HALF = 0.5, 0.3, 0.2
TWO_SENTENCES = 0.3
DEFINITIONS = 0.3
AHEAD = 3

Spans = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Batch:
    """Bags one after the other: papers' queries, their other parts, names, definitions, then texts for the teacher.

    Bag i holds ``rows[starts[i]:starts[i + 1]]``, each row once, with how much its count counts in ``repeated``.
    ``papers`` are the papers in the order of the first two groups; ``by_title`` says whose query is the title. The
    teacher's texts are the titles of ``titles`` and, by their lines in ``glosses.txt``, ``defined``.
    """

    rows: np.ndarray
    starts: np.ndarray
    repeated: np.ndarray
    papers: np.ndarray
    by_title: np.ndarray
    titles: np.ndarray
    defined: np.ndarray


def gather(rows: np.ndarray, spans: Spans) -> tuple[np.ndarray, np.ndarray]:
    """Give the rows of many spans, and for each the number of its span."""
    begin, end = spans
    lengths = end - begin
    before = np.concatenate([[0], np.cumsum(lengths)])
    return rows[np.arange(before[-1]) - np.repeat(before[:-1] - begin, lengths)], np.repeat(
        np.arange(len(lengths)), lengths
    )


class Source:
    """All training texts, and the chance that draws from them."""

    def __init__(self, work: Path, seed: int, size: int) -> None:
        corpus, pairs = np.load(work / "corpus.npz"), np.load(work / "pairs.npz")
        self.rows, self.sentences, self.papers = corpus["rows"], corpus["sentences"], corpus["papers"]
        self.pair_rows, self.texts, self.taught = pairs["rows"], pairs["texts"], int(pairs["taught"])
        self.vocabulary = int(np.load(work / "vocabulary.npz")["form_of_row"].size)
        order = np.random.default_rng(HELD_OUT_SEED).permutation(len(self.papers) - 1)
        self.held_out, self.trained = order[:HELD_OUT], order[HELD_OUT:]
        self.chance = np.random.default_rng(seed)
        self.size = size

    def batches(self, steps: int) -> Iterator[Batch]:
        """Draw batches in a thread of their own, a few ahead."""
        ready: Queue[Batch] = Queue(AHEAD)
        Thread(target=lambda: [ready.put(self.draw()) for _ in range(steps)], daemon=True).start()
        for _ in range(steps):
            yield ready.get()

    def draw(self) -> Batch:
        papers = self.chance.choice(self.trained, self.size, replace=False)
        queries, before, after, by_title = self.parts(papers)
        definitions = self.chance.choice(len(self.texts) // 2, int(self.size * DEFINITIONS), replace=False)
        titles = self.chance.choice(self.trained, self.size // 2, replace=False)
        defined = self.chance.choice(self.taught, self.size // 2, replace=False)
        groups = [
            [gather(self.rows, queries)],
            [gather(self.rows, before), gather(self.rows, after)],
            [gather(self.pair_rows, (self.texts[2 * definitions], self.texts[2 * definitions + 1]))],
            [gather(self.pair_rows, (self.texts[2 * definitions + 1], self.texts[2 * definitions + 2]))],
            [gather(self.rows, self.titles_of(titles))],
            [gather(self.pair_rows, (self.texts[2 * defined], self.texts[2 * defined + 2]))],
        ]
        sizes = (self.size, self.size, len(definitions), len(definitions), len(titles), len(defined))
        return Batch(*self.bags(groups, sizes), papers, np.flatnonzero(by_title), titles, defined)

    def titles_of(self, papers: np.ndarray) -> Spans:
        first = self.papers[papers]
        return self.sentences[first], self.sentences[first + 1]

    def parts(self, papers: np.ndarray) -> tuple[Spans, Spans, Spans, np.ndarray]:
        """Cut each paper into a query and what stands before and after it; a title is the query of the rest."""
        first, last = self.papers[papers], self.papers[papers + 1]
        inside = last - first - 1
        kind = self.chance.choice(3, len(papers), p=(TITLE, SENTENCE, HALF))
        kind[inside < 3] = 0
        start = first + 1 + (self.chance.random(len(papers)) * inside).astype(np.int64)
        stop = np.minimum(start + 1 + (self.chance.random(len(papers)) < TWO_SENTENCES), last)
        middle = first + 1 + inside // 2
        begin = np.choose(kind, (first, start, first + 1))
        end = np.choose(kind, (first + 1, stop, middle))
        head = np.choose(kind, (first, first, middle))
        place = self.sentences
        return (
            (place[begin], place[end]),
            (place[head], place[np.choose(kind, (first, start, middle))]),
            (place[end], place[last]),
            kind == 0,
        )

    def bags(self, groups: list[list[Spans]], sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Count each row once a bag."""
        keys, first = [], 0
        for group, size in zip(groups, sizes, strict=True):
            keys.extend((owner + first) * self.vocabulary + rows for rows, owner in group)
            first += size
        found, counts = np.unique(np.concatenate(keys), return_counts=True)
        starts = np.searchsorted(found // self.vocabulary, np.arange(first))
        return found % self.vocabulary, starts, (counts**REPETITION).astype(np.float32)
