"""Where the training text comes from: papers, a dictionary, ontologies and a word list. No judgement is ever read."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import zstandard

# An ontology's definitions are sentences; its identifiers, cell lines and fly anatomy teach nothing about papers.
ONTOLOGIES = (
    "MONDO-ontology-v2026-05-05",
    "UBERON-ontology-v2026-04-01",
    "CL-ontology-v2026-03-26",
    "EFO-ontology-v3.90.0",
    "CHEBI-ontology-2026-05-01",
    "PATO-ontology-v2025-05-14",
    "ZFA-ontology-v2026-03-31",
)
MOST_SYNONYMS = 6
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")
_SHORTEST_SENTENCE = 40

Named = tuple[list[str], str]


def papers(path: Path) -> Iterator[tuple[str, str]]:
    """Yield title and abstract of every paper in a ``.jsonl.gz``."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            yield paper["title"], paper["abstract"]


def sentences(abstract: str) -> Iterator[str]:
    """Cut an abstract into sentences, what is too short to stand alone joined to the next."""
    waiting = ""
    for piece in _SENTENCE_END.split(abstract):
        waiting = f"{waiting} {piece}" if waiting else piece
        if len(waiting) > _SHORTEST_SENTENCE:
            yield waiting
            waiting = ""
    if waiting:
        yield waiting


def glosses(wordnet: Path) -> Iterator[Named]:
    """Yield the words and the gloss of every synset in WordNet's ``dict`` folder, without the example sentences."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{part}").read_text("utf-8").splitlines():
            if not line.startswith(" "):
                head, gloss = line.split(" | ", 1)
                fields = head.split(" ")
                names = [fields[4 + 2 * at].split("(")[0].replace("_", " ") for at in range(int(fields[3], 16))]
                yield names, gloss.strip().split('; "')[0]


def definitions(folder: Path) -> Iterator[Named]:
    """Yield the names and the definition of every class in the ontologies that ``cellxgene-ontology-guide`` carries."""
    for name in ONTOLOGIES:
        packed = (folder / f"{name}.json.zst").read_bytes()
        classes = json.loads(zstandard.ZstdDecompressor().stream_reader(packed).read())
        for held in classes.values():
            label = (held.get("label") or "").removeprefix("obsolete")
            definition = held.get("description") or ""
            synonyms = [other for other in held.get("synonyms") or [] if other != label][:MOST_SYNONYMS]
            if (
                not label
                or not (definition or synonyms)
                or (name.startswith("CHEBI") and is_formula(label, definition))
            ):
                continue
            yield [label, *synonyms], definition


def is_formula(label: str, definition: str) -> bool:
    """Tell a chemical that nobody writes about by its systematic name or its bare definition."""
    return len(label) > 30 or len(definition) < 60 or sum(map(str.isdigit, label)) > 2


def frequent_words(path: Path) -> list[str]:
    """Read the words of a frequency list, a word and its count a line."""
    return [line.split(" ")[0] for line in path.read_text("utf-8-sig").splitlines()]
