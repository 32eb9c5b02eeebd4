"""Pack a trained model for the package: what is rare is left to n-grams, and four bits a number are enough.

    python training/export.py WORK MODEL.npz … --version 1 --out src/broadsheet/embed/static.npz

Several models of one recipe (seeds) are averaged; they started at one place, so their axes agree. The n-grams' vectors
are fitted to those of all words, so that a word left out or never seen is placed by how it is spelled.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from broadsheet.embed.words import grams

LARGEST = 16 * 1024 * 1024
BUCKETS = 32_768
EPOCHS, BATCH, RATE = 8, 4_096, 0.02
SEED = 1
# A mean of fitted n-grams is about half as long as the words it was fitted to, and shorter still for words unseen; this
# gives an unknown word the weight of a rare one. Chosen on SciFact's training queries.
GRAM_WEIGHT = 2.5
# Beside the codes: spellings and their rows, packed.
OVERHEAD = 1_250_000


def quantised(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round each row to 15 steps of its own scale, chosen to lose least; two numbers a byte."""
    peak = np.abs(vectors).max(1, keepdims=True)
    best, scales = np.full(len(vectors), np.inf), np.ones((len(vectors), 1), np.float32)
    for share in np.linspace(0.5, 1, 11):
        tried = (share * peak / 7).astype(np.float16).astype(np.float32).clip(1e-7)
        loss = ((np.rint(vectors / tried).clip(-8, 7) * tried - vectors) ** 2).sum(1)
        better = loss < best
        best[better], scales[better] = loss[better], tried[better]
    codes = (np.rint(vectors / scales).clip(-8, 7) + 8).astype(np.uint8)
    return (codes[:, 0::2] << 4) | codes[:, 1::2], scales[:, 0].astype(np.float16)


def fitted_grams(forms: list[str], targets: torch.Tensor) -> torch.Tensor:
    """Find vectors for the buckets whose mean over a word's n-grams comes nearest to the word's vector."""
    torch.manual_seed(SEED)
    spelled = [torch.tensor(grams(form, BUCKETS)) for form in forms]
    held = torch.zeros(BUCKETS, targets.shape[1], requires_grad=True)
    optimiser = torch.optim.Adam([held], lr=RATE)
    steps = EPOCHS * len(forms) // BATCH
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1, 0.02, steps)
    for _ in range(steps):
        chosen = torch.randint(len(forms), (BATCH,))
        bags = [spelled[at] for at in chosen]
        starts = torch.tensor([0, *(len(bag) for bag in bags[:-1])]).cumsum(0)
        guess = functional.embedding_bag(torch.cat(bags), held, starts, mode="mean")
        loss = ((guess - targets[chosen]) ** 2).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    print(f"n-grams: {loss.item():.3f} of {(targets**2).sum(1).mean().item():.3f} unexplained")
    return held.detach()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gram-weight", type=float, default=GRAM_WEIGHT)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    forms = (given.work / "forms.txt").read_text("utf-8").split("\n")[:-1]
    vocabulary = np.load(given.work / "vocabulary.npz")
    models = [np.load(path) for path in given.models]
    vectors = np.mean([m["vectors"] * np.exp(m["weights"])[:, None] for m in models], axis=0, dtype=np.float32)
    names = [forms[at] for at in vocabulary["form_of_row"]]
    buckets = fitted_grams(names, torch.from_numpy(vectors)).numpy() * given.gram_weight

    room = (LARGEST - OVERHEAD) // (vectors.shape[1] // 2 + 2) - BUCKETS
    kept = np.sort(np.argsort(-vocabulary["texts_with"], kind="stable")[:room])
    place = np.full(len(vectors), -1)
    place[kept] = np.arange(len(kept))
    rows = place[vocabulary["row_of_form"]]
    known = [(form, row) for form, row in zip(forms, rows.tolist(), strict=True) if row >= 0]
    known.sort(key=lambda pair: (pair[1], pair[0]))
    codes, scales = quantised(np.concatenate([vectors[kept], buckets]))
    np.savez_compressed(
        given.out,
        codes=codes,
        scales=scales,
        words=np.frombuffer("\n".join(form for form, _ in known).encode(), np.uint8),
        rows=np.array([row for _, row in known], np.int32),
        first_bucket=len(kept),
        version=given.version,
    )
    size = given.out.stat().st_size
    print(f"{len(known)} spellings, {len(kept)} rows, {size} bytes")
    if size > LARGEST:
        raise SystemExit("too large for the package: raise OVERHEAD")


if __name__ == "__main__":
    main()
