"""Why a paper matched: the words of its text that answer the query, and the sentence that holds most of them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.index.han import WORD, WORD_OR_RUN, is_han, pairs
from broadsheet.index.words import fold, stem
from broadsheet.model.query import Span
from broadsheet.model.text import plain

SNIPPET_CHARACTERS = 300
# A match further than this into its sentence would fall off the end; the snippet begins shortly before it instead.
_LONG_LEAD = 200
_SHORT_LEAD = 60
_ELLIPSES = 4
_SENTENCE_START = re.compile(r"(?<=[.!?。])\s+(?=\S)|(?<=。)(?=\S)")
_SENTENCE_END = re.compile(r"[.!?。]\s*\Z")
_END_LOOK = 8

_Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Marks:
    """The Highlighter of one query: stems of words, and beginnings of words (folded, in lower case)."""

    stems: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def marked(self, text: str) -> tuple[Span, ...]:
        """See Highlighter.marked."""
        text = plain(text)
        return tuple(_spans(text, _places(text, self), 0, len(text)))

    def snippet(self, text: str) -> tuple[Span, ...]:
        """See Highlighter.snippet; at most SNIPPET_CHARACTERS."""
        text = plain(text)
        places = _places(text, self)
        start = _best_start(text, places)
        stop = _stop(text, start)
        lead = [Span("… ")] if start and not _SENTENCE_END.search(text, max(0, start - _END_LOOK), start) else []
        tail = [Span(" …")] if stop < len(text) else []
        return (*lead, *_spans(text, places, start, stop), *tail)


def _stop(text: str, start: int) -> int:
    """Find where a snippet ends: at a space, if there is one in its second half."""
    if len(text) - start <= SNIPPET_CHARACTERS:
        return len(text)
    most = start + SNIPPET_CHARACTERS - _ELLIPSES
    space = text.rfind(" ", start + SNIPPET_CHARACTERS // 2, most)
    return space if space > 0 else most


def _places(text: str, marks: Marks) -> list[_Place]:
    """Find what matches as ``(start, end, stem)``, in order."""
    word = WORD if text.isascii() else WORD_OR_RUN
    # One look at the different words tells which are marked; most texts repeat most of their words.
    known = _known(set(word.findall(text)), marks)
    if not known:
        return []
    places: list[_Place] = []
    for match in word.finditer(text):
        found = known.get(match[0])
        if found is None:
            continue
        if is_han(match[0]):
            places += _within(match[0], match.start(), marks)
        else:
            places.append((match.start(), match.end(), found))
    return places


def _known(words: set[str], marks: Marks) -> dict[str, str]:
    """Give those words that are marked, each with what it counts as."""
    known = {word: stemmed for word in words if (stemmed := stem(word)) in marks.stems}
    if marks.prefixes:
        known |= {word: word for word in words if word not in known and fold(word).startswith(marks.prefixes)}
    for word in words:
        if is_han(word) and any(pair in marks.stems for pair in (*pairs(word), *word)):
            known[word] = word
    return known


def _within(run: str, offset: int, marks: Marks) -> Iterator[_Place]:
    """Find the marked pairs and single characters of a run of Han; pairs that overlap become one place."""
    start = end = -1
    for at in range(len(run)):
        length = 2 if run[at : at + 2] in marks.stems else int(run[at] in marks.stems)
        if not length:
            continue
        if at > end >= 0:
            yield offset + start, offset + end, run[start:end]
        if at > end or start < 0:
            start = at
        end = max(end, min(at + length, len(run)))
    if end >= 0:
        yield offset + start, offset + end, run[start:end]


def _best_start(text: str, places: list[_Place]) -> int:
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
