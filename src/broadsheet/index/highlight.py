"""The words of a text that answer a query, and the sentence that holds most of them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby

from broadsheet.index.han import IN_RUN, WORD_OR_RUN, is_han, is_mark
from broadsheet.index.words import fold, stem, undotted
from broadsheet.model.query import Span
from broadsheet.model.text import SENTENCE_START

SNIPPET_CHARACTERS = 300
# A match further than this into its sentence would fall off the end; the snippet begins shortly before it instead.
_LONG_LEAD = 200
_SHORT_LEAD = 60
_ELLIPSES = 4
_SENTENCE_END = re.compile(r"[.!?。]\s*\Z")
_END_LOOK = 8
_BEYOND_ASCII = re.compile(rf"(?<![^\W_])[a-z0-9]*(?:[^\W_\x00-\x7f]|[{IN_RUN}])(?:[^\W_]|[{IN_RUN}])*")

_LAST_WORD = re.compile(r"(?<![^\W_])[a-z]+\Z")
_LONGEST_PART = 8

# What mostly stands before a word; at the beginning of a text nothing does, which is in it too.
_SPACE = " "

# Start, end and what stands there: the stem, the word where only its beginning was asked for, the pair of words, or a
# stretch of Han.
Place = tuple[int, int, str]


class Marks:
    """What to mark for one query: stems of words, beginnings of words and pairs of words (folded, in lower case)."""

    def __init__(self, stems: frozenset[str], prefixes: tuple[str, ...] = (), phrases: tuple[str, ...] = ()) -> None:
        self._stems = stems
        self._prefixes = prefixes
        self._phrases = phrases
        self._beginnings = _shortest({*map(_beginning, stems), *prefixes})

    def places(self, text: str) -> list[Place]:
        """Find what matches in a readable text, in order."""
        text = undotted(text).lower()
        found = {*self._by_beginning(text), *self._joined(text), *self._phrased(text)}
        found = found if text.isascii() else found.union(self._beyond_ascii(text))
        # A pair of words comes before the first of them, so that it is marked as a whole.
        return sorted(found, key=lambda place: (place[0], -place[1], place[2]))

    def _by_beginning(self, text: str) -> Iterator[Place]:
        # Looking for the few beginnings is many times faster than cutting the text into words.
        for beginning in self._beginnings:
            start = text.find(beginning)
            while start >= 0:
                end = start + len(beginning)
                if ((before := text[start - 1 : start]) in _SPACE or _ends_word(before)) and (
                    word := WORD_OR_RUN.match(text, start)
                ):
                    end, said = word.end(), word[0]
                    if not is_han(said) and (found := self._judged(said)):
                        yield start, end, found
                start = text.find(beginning, end)

    def _joined(self, text: str) -> Iterator[Place]:
        """Find words of two parts with a hyphen whose one-word spelling is asked for."""
        at = text.find("-")
        while at > 0:
            first, second = _LAST_WORD.search(text, max(0, at - _LONGEST_PART), at), WORD_OR_RUN.match(text, at + 1)
            word = first[0] + second[0] if first and second else ""
            if first and second and word.startswith(self._beginnings) and (stemmed := stem(word)) in self._stems:
                yield first.start(), second.end(), stemmed
            at = text.find("-", at + 1)

    def _phrased(self, text: str) -> Iterator[Place]:
        for phrase in self._phrases:
            start = text.find(phrase)
            while start >= 0:
                end = start + len(phrase)
                if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
                    yield start, end, phrase
                start = text.find(phrase, end)

    def _beyond_ascii(self, text: str) -> Iterator[Place]:
        for stretch in _BEYOND_ASCII.finditer(text):
            for word in WORD_OR_RUN.finditer(text, stretch.start(), stretch.end()):
                if is_han(word[0]):
                    yield from _within(word[0], word.start(), self._stems)
                elif found := self._judged(word[0]):
                    yield word.start(), word.end(), found

    def _judged(self, word: str) -> str:
        """Give what a word that matches counts as; empty for others."""
        stemmed = stem(word)
        if stemmed in self._stems:
            return stemmed
        return word if self._prefixes and fold(word).startswith(self._prefixes) else ""


def _ends_word(before: str) -> bool:
    return not before.isalnum() or is_han(before)


def _beginning(stemmed: str) -> str:
    """Give what all words of a stem begin with: the stemmer (Snowball English) changes only the last letter it keeps.

    The exceptions are *dying*, *lying*, *tying* and *vying*, whose stems end in *ie*.
    """
    return stemmed[:1] if stemmed.endswith("ie") else stemmed[:-1] or stemmed


def _shortest(beginnings: set[str]) -> tuple[str, ...]:
    """Leave out the beginnings that begin with another, so that no word is found twice."""
    found: list[str] = []
    for beginning in sorted(beginnings):
        if not (found and beginning.startswith(found[-1])):
            found.append(beginning)
    return tuple(found)


def marked(text: str, places: list[Place]) -> tuple[Span, ...]:
    """Cut a text into spans that matched and spans between; they join to the whole text."""
    return tuple(_spans(text, places, 0, len(text)))


def snippet(text: str, places: list[Place], at: int = -1) -> tuple[Span, ...]:
    """Cut out and mark the sentence that has the character at ``at``; else the one with the most different matches.

    At most SNIPPET_CHARACTERS; the beginning where nothing matches.
    """
    start = _best_start(text, places) if at < 0 else _lead(text, _sentence_start(text, at), at)
    stop = _stop(text, start)
    lead = [Span("… ")] if start and not _SENTENCE_END.search(text, max(0, start - _END_LOOK), start) else []
    tail = [Span(" …")] if stop < len(text) else []
    return (*lead, *_spans(text, places, start, stop), *tail)


def _sentence_start(text: str, at: int) -> int:
    return max((match.end() for match in SENTENCE_START.finditer(text, 0, at + 1) if match.end() <= at), default=0)


def _lead(text: str, start: int, first: int) -> int:
    """Begin where a sentence does, or shortly before what matched first in it, if that stands too far inside."""
    if first - start <= _LONG_LEAD:
        return start
    space = text.find(" ", first - _SHORT_LEAD, first)
    return space + 1 if space >= 0 else first


def _stop(text: str, start: int) -> int:
    """Find where a snippet ends: at a space, if there is one in its second half."""
    most = start + SNIPPET_CHARACTERS - _ELLIPSES
    if len(text) <= most:
        return len(text)
    space = text.rfind(" ", start + SNIPPET_CHARACTERS // 2, most)
    return space if space > 0 else most


def _within(run: str, offset: int, stems: frozenset[str]) -> Iterator[Place]:
    """Find the marked pairs and single characters of a run of Han; pairs that overlap become one place."""
    covered = set[int]()
    # A letter reaches to the next one: the marks on it belong to it.
    letters = [at for at, character in enumerate(run) if not is_mark(character)]
    ends = [*letters[1:], len(run), len(run)]
    for number, at in enumerate(letters):
        end = ends[number]
        if run[at] + run[end : end + 1] in stems:
            covered.update(range(at, ends[number + 1]))
        elif run[at] in stems:
            covered.update(range(at, end))
    for is_marked, stretch in groupby(range(len(run)), covered.__contains__):
        if is_marked:
            first, *rest = stretch
            end = first + len(rest) + 1
            yield offset + first, offset + end, run[first:end]


def _best_start(text: str, places: list[Place]) -> int:
    if not places:
        return 0
    starts = [0, *(match.end() for match in SENTENCE_START.finditer(text))]
    words: dict[int, set[str]] = {}
    for start, _, stemmed in places:
        words.setdefault(bisect_right(starts, start) - 1, set()).add(stemmed)
    best = max(words, key=lambda number: (len(words[number]), -number))
    first = next((start for start, _, _ in places if start >= starts[best]), starts[best])
    return _lead(text, starts[best], first)


def _spans(text: str, places: list[Place], start: int, stop: int) -> Iterator[Span]:
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
