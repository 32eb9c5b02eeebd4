"""Why a paper matched: the words of its text that answer the query, and the sentence that holds most of them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby

from broadsheet.index.han import WORD, WORD_OR_RUN, is_han, pairs
from broadsheet.index.words import fold, stem
from broadsheet.model.query import Span
from broadsheet.model.text import plain

SNIPPET_CHARACTERS = 300
# A match further than this into its sentence would fall off the end; the snippet begins shortly before it instead.
_LONG_LEAD = 200
_SHORT_LEAD = 60
_ELLIPSES = 4
_SENTENCE_START = re.compile(r"[.!?。](?:\s+|(?<=。))(?=\S)")
_SENTENCE_END = re.compile(r"[.!?。]\s*\Z")
_END_LOOK = 8

_Place = tuple[int, int, str]


class Marks:
    """The Highlighter of one query: stems of words, and beginnings of words (folded, in lower case)."""

    def __init__(self, stems: frozenset[str], prefixes: tuple[str, ...]) -> None:
        self._stems = stems
        self._prefixes = prefixes
        # Stemming keeps a word's first letter, so most words need no closer look; folding changes letters beyond ASCII.
        self._initials = {letter for start in (*stems, *prefixes) for letter in (start[0], start[0].upper())}
        # The texts of one answer share most of their words, so each word is judged once.
        self._marked: dict[str, str] = {}
        self._unmarked: set[str] = set()

    def marked(self, text: str) -> tuple[Span, ...]:
        """See Highlighter.marked."""
        text = plain(text)
        return tuple(_spans(text, self._places(text), 0, len(text)))

    def snippet(self, text: str) -> tuple[Span, ...]:
        """See Highlighter.snippet; at most SNIPPET_CHARACTERS."""
        text = plain(text)
        places = self._places(text)
        start = _best_start(text, places)
        stop = _stop(text, start)
        lead = [Span("… ")] if start and not _SENTENCE_END.search(text, max(0, start - _END_LOOK), start) else []
        tail = [Span(" …")] if stop < len(text) else []
        return (*lead, *_spans(text, places, start, stop), *tail)

    def _places(self, text: str) -> list[_Place]:
        """Find what matches, in order."""
        words = set((WORD if text.isascii() else WORD_OR_RUN).findall(text))
        for word in words - self._unmarked - self._marked.keys():
            if word[0] in self._initials or not word.isascii():
                self._judge(word)
        found = words & self._marked.keys()
        if not found:
            return []
        if text.isascii():
            return sorted((start, end, self._marked[word]) for word in found for start, end in _standing(word, text))
        return list(self._places_among_runs(text))

    def _places_among_runs(self, text: str) -> Iterator[_Place]:
        for match in WORD_OR_RUN.finditer(text):
            word = match[0]
            if word in self._marked:
                whole = ((match.start(), match.end(), self._marked[word]),)
                yield from _within(word, match.start(), self._stems) if is_han(word) else whole

    def _judge(self, word: str) -> None:
        stemmed = stem(word)
        if stemmed in self._stems:
            self._marked[word] = stemmed
        elif (self._prefixes and fold(word).startswith(self._prefixes)) or (
            is_han(word) and not self._stems.isdisjoint((*pairs(word), *word))
        ):
            self._marked[word] = word
        else:
            self._unmarked.add(word)


def _standing(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Find where an ASCII text has a word that is not a part of a longer one."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start, end
        start = text.find(word, end)


def _stop(text: str, start: int) -> int:
    """Find where a snippet ends: at a space, if there is one in its second half."""
    if len(text) - start <= SNIPPET_CHARACTERS:
        return len(text)
    most = start + SNIPPET_CHARACTERS - _ELLIPSES
    space = text.rfind(" ", start + SNIPPET_CHARACTERS // 2, most)
    return space if space > 0 else most


def _within(run: str, offset: int, stems: frozenset[str]) -> Iterator[_Place]:
    """Find the marked pairs and single characters of a run of Han; pairs that overlap become one place."""
    covered = set[int]()
    for at, character in enumerate(run):
        if run[at : at + 2] in stems:
            covered |= {at, at + 1}
        elif character in stems:
            covered.add(at)
    for is_marked, stretch in groupby(range(len(run)), covered.__contains__):
        if is_marked:
            first, *rest = stretch
            end = first + len(rest) + 1
            yield offset + first, offset + end, run[first:end]


def _best_start(text: str, places: list[_Place]) -> int:
    if not places:
        return 0
    starts = [0, *(match.end() for match in _SENTENCE_START.finditer(text))]
    words: list[set[str]] = [set() for _ in starts]
    for start, _, stemmed in places:
        words[bisect_right(starts, start) - 1].add(stemmed)
    best = max(range(len(starts)), key=lambda number: (len(words[number]), -number))
    first = next((start for start, _, _ in places if start >= starts[best]), starts[best])
    if first - starts[best] <= _LONG_LEAD:
        return starts[best]
    space = text.find(" ", first - _SHORT_LEAD, first)
    return space + 1 if space >= 0 else first


def _spans(text: str, places: list[_Place], start: int, stop: int) -> Iterator[Span]:
    """Cut ``text[start:stop]`` at its marked places; one that reaches out of it is not marked."""
    at = start
    for first, last, _ in places:
        if first < at or last > stop:
            continue
        if first > at:
            yield Span(text[at:first])
        yield Span(text[first:last], matched=True)
        at = last
    if at < stop:
        yield Span(text[at:stop])
