"""Learn a vector and a weight for every word from papers and definitions, seen through a teacher's eyes.

    python training/train.py WORK --out MODEL.npz [--seed 1] [--epochs 4] [--dimension 256]

WORK is what ``prepare.py`` wrote, with ``forms.npy``, ``titles.npy`` and ``glosses.npy`` by ``teacher.py`` beside.

A word starts where the teacher puts it when it stands alone, whitened, and weighs its inverse document frequency. Then
four losses pull at once:

- papers: a title finds its abstract, a sentence the rest of its paper, the first half of an abstract the second, among
  all others of the batch (InfoNCE, both ways). Other papers count as right too, as far as the teacher finds their
  titles alike; so near papers are no false negatives;
- definitions: the names of a thing find its definition, likewise, without the teacher;
- teacher: titles and glosses lie where the teacher's whitened vectors lie (cosine);
- teacher, from afar: an abstract lies where the teacher puts its title.

Whitening matters: in the teacher's own space all rare words of one field look alike.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from batches import Batch, Source
from torch.nn import functional

from broadsheet.embed.static import REPETITION

WARM_UP_STEPS, LAST_RATE = 50, 0.02
VECTOR_RATE, WEIGHT_RATE = 0.02, 0.03
MOMENTUM, VARIANCE, TINY = 0.9, 0.99, 1e-8
TEMPERATURE = 0.05
SOFT, SOFT_TEMPERATURE = 0.6, 0.06
DEFINITIONS, TEACHER, FROM_AFAR = 0.5, 12.0, 8.0
OFTEN = 20


class Whitening:
    """The teacher's main axes over titles and frequent words, each scaled to the same spread."""

    def __init__(self, titles: np.ndarray, words: np.ndarray, dimension: int) -> None:
        seen = np.concatenate([titles[::8] - titles.mean(0), words[::4] - words.mean(0)])
        _, spread, axes = np.linalg.svd(seen.T @ seen)
        self.axes = axes[:dimension].T / np.sqrt(spread[:dimension])

    def __call__(self, vectors: np.ndarray, mean: np.ndarray) -> torch.Tensor:
        return functional.normalize(torch.from_numpy((vectors - mean) @ self.axes), dim=1)


class Learnt:
    """Rows learnt by Adam; a row that is not in a batch stays where it is."""

    def __init__(self, start: torch.Tensor, rate: float) -> None:
        self.rows, self.rate = start, rate
        self.mean, self.square = torch.zeros_like(start), torch.zeros_like(start)
        self.times = torch.zeros((len(start), *[1] * (start.dim() - 1)))

    def step(self, at: torch.Tensor, gradient: torch.Tensor, share: float) -> None:
        self.times[at] += 1
        self.mean[at] = mean = torch.lerp(gradient, self.mean[at], MOMENTUM)
        self.square[at] = square = torch.lerp(gradient**2, self.square[at], VARIANCE)
        mean = mean / (1 - MOMENTUM ** self.times[at])
        square = square / (1 - VARIANCE ** self.times[at])
        self.rows[at] -= self.rate * share * mean / (square.sqrt() + TINY)


class Teacher:
    """What the teacher says: whitened places of words, titles and glosses, and which titles are alike."""

    def __init__(self, work: Path, dimension: int) -> None:
        vocabulary = np.load(work / "vocabulary.npz")
        words = np.load(work / "forms.npy")[vocabulary["form_of_row"]].astype(np.float32)
        titles = np.load(work / "titles.npy").astype(np.float32)
        definitions = np.load(work / "glosses.npy").astype(np.float32)
        frequent = words[vocabulary["texts_with"] >= OFTEN]
        whitening = Whitening(titles, frequent, dimension)
        self.words = whitening(words, frequent.mean(0))
        self.titles = whitening(titles, titles.mean(0))
        self.definitions = whitening(definitions, definitions.mean(0))
        self.alike = torch.from_numpy(titles)
        rarity = np.log(1 + vocabulary["texts"] / (vocabulary["texts_with"] + 1))
        self.weights = torch.from_numpy(np.log(rarity / rarity.mean()).astype(np.float32))

    def right_answers(self, papers: torch.Tensor) -> torch.Tensor:
        """Share a query's right answer between its own paper and those with a title like its own."""
        titles = self.alike[papers]
        return (1 - SOFT) * torch.eye(len(papers)) + SOFT * functional.softmax(titles @ titles.T / SOFT_TEMPERATURE, 1)


def contrast(one: torch.Tensor, other: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """InfoNCE in both directions."""
    alike = one @ other.T / TEMPERATURE
    return (functional.cross_entropy(alike, right) + functional.cross_entropy(alike.T, right)) / 2


def apart(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return (1 - (one * other).sum(1)).mean()


def loss_of(placed: torch.Tensor, batch: Batch, teacher: Teacher) -> torch.Tensor:
    """Add up what pulls, from the unit vectors of a batch's bags."""
    size, told = len(batch.papers), len(batch.titles) + len(batch.defined)
    named = (len(placed) - 2 * size - told) // 2
    queries, others, names, definitions, titles, defined = placed.split(
        [size, size, named, named, len(batch.titles), len(batch.defined)]
    )
    papers, by_title = torch.from_numpy(batch.papers), torch.from_numpy(batch.by_title)
    targets = torch.cat([teacher.titles[batch.titles], teacher.definitions[batch.defined]])
    return (
        contrast(queries, others, teacher.right_answers(papers))
        + DEFINITIONS * contrast(names, definitions, torch.arange(named))
        + TEACHER * apart(torch.cat([titles, defined]), targets)
        + FROM_AFAR * apart(others[by_title], teacher.titles[papers[by_title]])
    )


def learn(source: Source, teacher: Teacher, steps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Train for so many batches; give the vectors and the logarithms of the weights."""
    vectors, weights = Learnt(teacher.words.clone(), VECTOR_RATE), Learnt(teacher.weights.clone(), WEIGHT_RATE)
    begun, smooth = time.monotonic(), 0.0
    for step, batch in enumerate(source.batches(steps)):
        there, local = (torch.from_numpy(part) for part in np.unique(batch.rows, return_inverse=True))
        some = vectors.rows[there].requires_grad_()
        heavy = weights.rows[there].requires_grad_()
        bags = functional.embedding_bag(
            local,
            some,
            torch.from_numpy(batch.starts),
            mode="sum",
            per_sample_weights=heavy.exp()[local] * torch.from_numpy(batch.repeated),
        )
        loss = loss_of(functional.normalize(bags, dim=1), batch, teacher)
        loss.backward()
        share = min(1, (step + 1) / WARM_UP_STEPS) * max(LAST_RATE, 1 - step / steps)
        with torch.no_grad():
            vectors.step(there, some.grad, share)
            weights.step(there, heavy.grad, share)
        smooth = loss.item() if step == 0 else 0.98 * smooth + 0.02 * loss.item()
        if step % 40 == 39:
            print(f"{step + 1}/{steps} loss {smooth:.3f}, {(time.monotonic() - begun) / (step + 1):.2f} s", flush=True)
    return vectors.rows, weights.rows


def held_out(source: Source, vectors: np.ndarray, weights: np.ndarray, others: int = 18_000) -> float:
    """Tell the mean reciprocal rank of held-out titles' own abstracts, among those of ``others`` papers more."""
    heavy = vectors * np.exp(weights)[:, None]

    def place(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        summed = np.zeros((len(begin), vectors.shape[1]), np.float32)
        for at, (first, last) in enumerate(zip(begin, end, strict=True)):
            rows, counts = np.unique(source.rows[first:last], return_counts=True)
            summed[at] = counts**REPETITION @ heavy[rows]
        return summed / (np.linalg.norm(summed, axis=1, keepdims=True) + 1e-9)

    among = np.concatenate([source.held_out, source.trained[:others]])
    begin, end = source.titles_of(source.held_out)
    rest = source.sentences[source.papers[among] + 1], source.sentences[source.papers[among + 1]]
    alike = place(begin, end) @ place(*rest).T
    own = alike[np.arange(len(begin)), np.arange(len(begin))]
    return float((1 / (1 + (alike > own[:, None]).sum(1))).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    for name, value in (("seed", 1), ("epochs", 4), ("dimension", 256), ("batch", 2048), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    source = Source(given.work, given.seed, given.batch)
    steps = given.epochs * len(source.trained) // given.batch
    vectors, weights = (part.numpy() for part in learn(source, Teacher(given.work, given.dimension), steps))
    print(f"held-out titles find their abstracts: MRR {held_out(source, vectors, weights):.4f}")
    np.savez(given.out, vectors=vectors, weights=weights)


if __name__ == "__main__":
    main()
