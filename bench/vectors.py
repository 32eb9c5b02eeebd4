"""Measure the vector index: one list or many, recall, latency, memory, opening, narrowing and adding.

    .venv/bin/python bench/vectors.py --corpus PATH/papers.jsonl.gz [--sizes 50000 100000 165000 300000 1000000]

The vectors are the bundled embedder's of the corpus. Where a size exceeds it, two papers are blended (.8 and .45) with
some noise (.35), so that what is added lies among papers and is none: figures beyond the corpus' size are of such
vectors. Queries are 100 titles, 100 threes of words of a title and 100 abstracts. Latency is of one thread; CPU time is
beside it, since other load on the machine changes only the wall's. Recall is against the exact order of the float32
vectors.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np

from broadsheet.embed.port import Vectors
from broadsheet.embed.static import StaticEmbedder
from broadsheet.index.vectors import FaissIndex, Layout, open_vector_index

SIZES = (50_000, 100_000, 165_000, 300_000, 1_000_000)
BATCH = 1_000
FLAT, LISTS = Layout(flat_rows=1 << 40), Layout(flat_rows=1)
AMONG = (200, 1_000, 10_000, 20_000, 50_000)


def embedded(corpus: Path) -> tuple[Vectors, Vectors]:
    """Give the vectors of all papers, and of the queries."""
    embedder = StaticEmbedder()
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        papers = [(p.get("title") or "", p.get("abstract") or "") for p in map(json.loads, lines)]
    chance = random.Random(1)  # noqa: S311 - a fixed choice
    titles, threes, abstracts = (chance.sample(papers, 100) for _ in range(3))
    queries = [title for title, _ in titles]
    queries += [" ".join(chance.sample(words := title.split(), min(3, len(words)))) for title, _ in threes]
    queries += [abstract for _, abstract in abstracts]
    return embedder.embed([embedder.text_of(*paper) for paper in papers]), embedder.embed(queries)


def grown(vectors: Vectors, size: int) -> Vectors:
    """Give so many vectors: a sample, or all and blends of them."""
    chance = np.random.default_rng(size)
    if size <= len(vectors):
        return vectors[chance.permutation(len(vectors))[:size]]
    parts = [vectors]
    for start in range(len(vectors), size, BATCH):
        count = min(BATCH, size - start)
        one, other = chance.integers(len(vectors), size=(2, count))
        noise = chance.standard_normal((count, vectors.shape[1]), np.float32) / vectors.shape[1] ** 0.5
        blend = 0.8 * vectors[one] + 0.45 * vectors[other] + 0.35 * noise
        parts.append((blend / np.linalg.norm(blend, axis=1, keepdims=True)).astype(np.float32))
    return np.concatenate(parts)


def timed(calls: Sequence[Callable[[], object]]) -> str:
    """Give p50 and p99 of the wall and p50 of the CPU, in ms."""
    walls, cpus = [], []
    for call in calls:
        wall, cpu = time.perf_counter(), time.thread_time()
        call()
        walls.append((time.perf_counter() - wall) * 1e3)
        cpus.append((time.thread_time() - cpu) * 1e3)
    return f"p50 {np.percentile(walls, 50):.2f}, p99 {np.percentile(walls, 99):.2f}, cpu {np.percentile(cpus, 50):.2f}"


def recall(index: FaissIndex, queries: Vectors, exact: np.ndarray, limit: int) -> float:
    found = [{paper_id for paper_id, _ in index.nearest(query, limit)} for query in queries]
    return statistics.mean(
        len(one & set(best[:limit].tolist())) / limit for one, best in zip(found, exact, strict=True)
    )


def resident_mb() -> float:
    """Give the resident memory of this process in MB; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def filled(folder: Path, vectors: Vectors, layout: Layout) -> FaissIndex:
    index = open_vector_index(folder, vectors.shape[1], layout=layout)
    for start in range(0, len(vectors), BATCH):
        part = vectors[start : start + BATCH]
        index.write(range(start + 1, start + len(part) + 1), part, (), start + len(part))
    return index


def tell(what: str, begin: float, cpu: float) -> None:
    print(f"  {what}: {time.perf_counter() - begin:.1f} s, cpu {time.process_time() - cpu:.1f} s", flush=True)


def measured(index: FaissIndex, name: str, queries: Vectors, exact: np.ndarray) -> None:
    waits = timed([lambda query=query: index.nearest(query, 100) for query in queries])
    recalls = [f"@{limit} {recall(index, queries, exact, limit):.3f}" for limit in (10, 100)]
    print(f"  {name}: {waits} ms; recall {', '.join(recalls)}", flush=True)


def narrowed(index: FaissIndex, vectors: Vectors, queries: Vectors) -> None:
    chance = np.random.default_rng(2)
    for count in AMONG:
        rows = chance.permutation(len(vectors))[:count]
        ids = (rows + 1).tolist()
        waits = timed([lambda query=query, ids=ids: index.nearest(query, 100, among=ids) for query in queries])
        found = [dict(index.nearest(query, 10, among=ids)).keys() for query in queries]
        best = [set((rows[np.argsort(-(vectors[rows] @ query))[:10]] + 1).tolist()) for query in queries]
        right = statistics.mean(len(one & other) / 10 for one, other in zip(found, best, strict=True))
        print(f"  among {count:,}: {waits} ms; recall @10 {right:.3f}", flush=True)


def added_meanwhile(index: FaissIndex, vectors: Vectors, queries: Vectors) -> None:
    """Search while 100 papers a second are added, ten at a time."""
    done = threading.Event()

    def add() -> None:
        at = len(vectors)
        while not done.wait(0.1):
            index.write(range(at + 1, at + 11), vectors[:10], (), at + 10)
            at += 10

    adding = threading.Thread(target=add)
    adding.start()
    waits = timed([lambda query=query: index.nearest(query, 100) for query in np.tile(queries, (5, 1))])
    done.set()
    adding.join()
    print(f"  while 100/s are added: {waits} ms", flush=True)


def size_measured(vectors: Vectors, queries: Vectors) -> None:
    truth = faiss.IndexFlatIP(vectors.shape[1])
    truth.add(vectors)
    exact = truth.search(queries, 100)[1] + 1
    del truth
    with tempfile.TemporaryDirectory() as name:
        one_list(Path(name), vectors, queries, exact)
        many_lists(Path(name), vectors, queries, exact)


def one_list(folder: Path, vectors: Vectors, queries: Vectors, exact: np.ndarray) -> None:
    begin, cpu = time.perf_counter(), time.process_time()
    index = filled(folder, vectors, FLAT)
    tell("written", begin, cpu)
    measured(index, "one list", queries, exact)
    narrowed(index, vectors, queries[::8])
    index.save()
    index.close()


def many_lists(folder: Path, vectors: Vectors, queries: Vectors, exact: np.ndarray) -> None:
    size, again = len(vectors), LISTS.tail_rows
    index = open_vector_index(folder, vectors.shape[1], layout=LISTS)
    begin, cpu = time.perf_counter(), time.process_time()
    index.write(range(1, again + 1), vectors[:again], (), size + 1)
    index.settle()
    tell("lists built", begin, cpu)
    begin, cpu = time.perf_counter(), time.process_time()
    index.save()
    tell("saved", begin, cpu)
    index.close()
    opening = multiprocessing.get_context("spawn").Process(target=opened_alone, args=(folder, vectors.shape[1]))
    opening.start()
    opening.join()
    index = open_vector_index(folder, vectors.shape[1], layout=LISTS)
    measured(index, "many lists", queries, exact)
    narrowed(index, vectors, queries[::8])
    added_meanwhile(index, vectors, queries)
    begin, cpu = time.perf_counter(), time.process_time()
    index.write(range(size + 1, size + 10_001), vectors[:10_000], (), size + 2)
    tell("10,000 added", begin, cpu)


def opened_alone(folder: Path, dimension: int) -> None:
    """Open in a process of its own, whose memory is the index's."""
    before, begin, cpu = resident_mb(), time.perf_counter(), time.process_time()
    index = open_vector_index(folder, dimension, layout=LISTS)
    tell("opened", begin, cpu)
    print(f"  resident memory grew by {resident_mb() - before:.0f} MB for {index.count():,}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="JSON Lines of papers, gzipped")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    vectors, queries = embedded(asked.corpus)
    for size in asked.sizes:
        print(f"{size:,} vectors of {vectors.shape[1]}:", flush=True)
        size_measured(grown(vectors, size), queries)


if __name__ == "__main__":
    main()
