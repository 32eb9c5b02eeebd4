"""As many papers as asked for, made of a real corpus: its own first, then their titles and sentences recombined.

Words are as frequent as in real papers and sentences are real; what a paper says as a whole is not.
"""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Record
from broadsheet.model.text import sentences

SOURCE = "recombined"
# Ids as arXiv gives them, so that no two papers are ever taken for one.
_A_MONTH = 90_000
_FIRST_YEAR = 7


def read_corpus(corpus: Path) -> list[dict[str, Any]]:
    """Read what is recombined, abstracts parted into sentences."""
    opener = gzip.open if corpus.suffix == ".gz" else open
    with opener(corpus, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        {
            "title": row["title"].split(),
            "sentences": sentences(row["abstract"]),
            "authors": tuple(Author(name) for name in row.get("authors") or ()),
            "published": row.get("published") or "",
            "categories": tuple(row.get("categories") or ()),
            "venue": row.get("venue") or "",
        }
        for row in rows
        if row["title"] and row["abstract"]
    ]


def papers(corpus: list[dict[str, Any]], first: int, count: int) -> Iterator[Record]:
    """Yield papers ``first`` and on, the same ones whenever they are asked for."""
    for number in range(first, first + count):
        one = corpus[number % len(corpus)]
        yield _record(number, one, one if number < len(corpus) else _other(corpus, number))


def _other(corpus: list[dict[str, Any]], number: int) -> dict[str, Any]:
    return corpus[random.Random(number).randrange(len(corpus))]  # noqa: S311 - a fixed draw, no secret


def _record(number: int, one: dict[str, Any], other: dict[str, Any]) -> Record:
    title, told = one["title"], one["sentences"]
    if other is not one:
        title = title[: (len(title) + 1) // 2] + other["title"][len(other["title"]) // 2 :]
        told = told[::2] + other["sentences"][1::2]
    month, rest = divmod(number, _A_MONTH)
    return Record(
        source=SOURCE,
        key=str(number),
        title=" ".join(title),
        abstract=" ".join(told),
        authors=other["authors"],
        ids=(ExternalId("arxiv", f"{_FIRST_YEAR + month // 12:02}{month % 12 + 1:02}.{rest:05}"),),
        published=one["published"],
        categories=one["categories"],
        venue=other["venue"],
    )
