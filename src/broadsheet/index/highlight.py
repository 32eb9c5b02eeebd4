"""Why a paper matched: the words of its text that answer the query, and the sentence that holds most of them."""

import re
from collections.abc import Iterator

from broadsheet.index.port import Marks
from broadsheet.index.words import fold, stem
from broadsheet.model.query import Span
from broadsheet.model.text import plain

SNIPPET_CHARACTERS = 300
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+(?=\S)")


def marked(text: str, marks: Marks) -> tuple[Span, ...]:
    """Cut a text, made readable first, into spans that matched and spans between them; they join to the whole text."""
    return _spans(plain(text), marks)


def snippet(text: str, marks: Marks) -> tuple[Span, ...]:
    """Give the sentence with the most different matching words, the first of equals, and what follows it.

    At most SNIPPET_CHARACTERS; the beginning of the text where nothing matches.
    """
    text = plain(text)
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    ends = [*starts[1:], len(text)]
    found = [len(set(_matches(text[start:end], marks))) for start, end in zip(starts, ends, strict=True)]
    best = max(range(len(starts)), key=lambda number: (found[number], -number))
    return _spans(_clipped(text[starts[best] :]), marks)


def _clipped(text: str) -> str:
    if len(text) <= SNIPPET_CHARACTERS:
        return text
    cut = text[: SNIPPET_CHARACTERS - 1]
    return f"{cut.rpartition(' ')[0] or cut} …"


def _matches(text: str, marks: Marks) -> Iterator[str]:
    for match in _WORD.finditer(text):
        if _is_marked(match[0], marks):
            yield stem(match[0])


def _spans(text: str, marks: Marks) -> tuple[Span, ...]:
    spans: list[Span] = []
    end = 0
    for match in _WORD.finditer(text):
        if _is_marked(match[0], marks):
            if match.start() > end:
                spans.append(Span(text[end : match.start()]))
            spans.append(Span(match[0], matched=True))
            end = match.end()
    if end < len(text):
        spans.append(Span(text[end:]))
    return tuple(spans)


def _is_marked(word: str, marks: Marks) -> bool:
    if stem(word) in marks.stems:
        return True
    if not word.isascii() and any(word[at : at + 2] in marks.stems for at in range(len(word))):
        return True
    return bool(marks.prefixes) and fold(word).startswith(marks.prefixes)
