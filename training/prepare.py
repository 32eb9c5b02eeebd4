"""Turn the sources into what training reads: a vocabulary, texts as rows of it, and lines for the teacher.

    python training/prepare.py PAPERS.jsonl.gz --wordnet DICT --ontologies DATA --words FREQUENCY.txt --out WORK

Writes ``forms.txt`` (spellings), ``vocabulary.npz`` (the row of each spelling, the spelling each row stands for, and in
how many texts it stands), ``corpus.npz`` (papers as sentences as rows; the title is the first sentence), ``pairs.npz``
(names and definitions, by turns), ``titles.txt`` and, of WordNet's pairs only, ``glosses.txt``.
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from broadsheet.embed.words import words
from sources import Named, definitions, frequent_words, glosses, papers, sentences

FEWEST_IN_PAPERS = 4
FEWEST_IN_DEFINITIONS = 2
SHORTEST_PLURAL = 4


def forms(titled: list[tuple[str, str]], glossed: list[Named], defined: list[Named], common: list[str]) -> list[str]:
    """Choose the spellings the model knows: frequent in papers first, then a dictionary's, then the ontologies'."""
    told: Counter[str] = Counter()
    for title, abstract in titled:
        told.update(words(f"{title} {abstract}"))
    dictionary = {word for names, _ in glossed for word in words(" ".join(names))}
    biology: Counter[str] = Counter()
    for names, definition in defined:
        biology.update(list(dict.fromkeys(words(f"{' '.join(names)} {definition}"))))
    return list(
        dict.fromkeys(
            [word for word, count in told.most_common() if count >= FEWEST_IN_PAPERS]
            + [word for word in common if words(word) == [word]]
            + sorted(dictionary)
            + [word for word, count in biology.most_common() if count >= FEWEST_IN_DEFINITIONS]
        )
    )


def singular(word: str, known: dict[str, int]) -> str:
    """Give the known singular of a plural, any other word as it is."""
    if len(word) < SHORTEST_PLURAL or not word.isalpha() or word.endswith(("ss", "us", "is")) or word[-1] != "s":
        return word
    tries = [word[:-1]]
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        tries.insert(0, word[:-2])
    if word.endswith("ies"):
        tries.insert(0, word[:-3] + "y")
    return next((one for one in tries if one in known), word)


class Rows:
    """Collects texts as rows of the vocabulary; ``bounds`` holds where each begins, and at last where all end."""

    def __init__(self, row_of: dict[str, int]) -> None:
        self.row_of = row_of
        self.rows: list[int] = []
        self.bounds = [0]

    def add(self, text: str) -> None:
        self.rows.extend(row for word in words(text) if (row := self.row_of.get(word)) is not None)
        self.bounds.append(len(self.rows))


def papers_as_rows(titled: list[tuple[str, str]], row_of: dict[str, int]) -> tuple[Rows, list[int]]:
    """Give all sentences as rows, and where each paper's first one, its title, stands among them."""
    held, first_sentences = Rows(row_of), [0]
    for title, abstract in titled:
        held.add(title)
        for sentence in sentences(abstract):
            held.add(sentence)
        first_sentences.append(len(held.bounds) - 1)
    return held, first_sentences


def pairs_as_rows(named: list[Named], row_of: dict[str, int]) -> Rows:
    """Give names and definitions by turns; what has no definition is told by its last synonym."""
    held = Rows(row_of)
    for names, definition in named:
        held.add(", ".join(names))
        held.add(definition or names[-1])
    return held


def in_how_many(rows: np.ndarray, bounds: np.ndarray, count: int) -> np.ndarray:
    """Count in how many texts each row stands."""
    owner = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    return np.bincount(np.unique(owner * count + rows) % count, minlength=count)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(" ".join(line.split()) + "\n" for line in lines), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    for name in ("wordnet", "ontologies", "words", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    titled = list(papers(given.papers))
    glossed, defined = list(glosses(given.wordnet)), list(definitions(given.ontologies))
    spellings = forms(titled, glossed, defined, frequent_words(given.words))
    known = {word: at for at, word in enumerate(spellings)}
    heads = [singular(word, known) for word in spellings]
    row_of_head = {head: row for row, head in enumerate(dict.fromkeys(heads))}
    row_of = {word: row_of_head[head] for word, head in zip(spellings, heads, strict=True)}

    corpus, first_sentences = papers_as_rows(titled, row_of)
    pairs = pairs_as_rows(glossed + defined, row_of)

    of_paper, of_sentence, of_pair = np.array(first_sentences), np.array(corpus.bounds), np.array(pairs.bounds)
    rows, pair_rows, count = np.array(corpus.rows, np.int32), np.array(pairs.rows, np.int32), len(row_of_head)
    texts_with = in_how_many(rows, of_sentence[of_paper], count) + in_how_many(pair_rows, of_pair[::2], count)
    np.savez(given.out / "corpus.npz", rows=rows, sentences=of_sentence, papers=of_paper)
    np.savez(given.out / "pairs.npz", rows=pair_rows, texts=of_pair, taught=len(glossed))
    np.savez(
        given.out / "vocabulary.npz",
        row_of_form=np.array([row_of[word] for word in spellings], np.int32),
        form_of_row=np.array([known[head] for head in row_of_head], np.int32),
        texts_with=texts_with,
        texts=len(titled) + len(glossed) + len(defined),
    )
    write_lines(given.out / "forms.txt", spellings)
    write_lines(given.out / "titles.txt", (title for title, _ in titled))
    write_lines(given.out / "glosses.txt", (f"{', '.join(names)}: {gloss}" for names, gloss in glossed))
    print(f"{len(spellings)} spellings, {count} rows, {len(rows)} words in {len(titled)} papers")


if __name__ == "__main__":
    main()
