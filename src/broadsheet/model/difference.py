"""What changed between two texts, word by word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]

# difflib takes quadratic time: abstracts have some 200 words, of longer texts the rest is shown as exchanged.
MOST_WORDS = 1_000
# Where the same few words come again and again it takes cubic time: so many pairs of equal words are looked at, more
# than twice what 1,000 words of English have.
MOST_PAIRS = 20_000
_WIDE = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # kana and Han, which put no spaces between words
_WORD = re.compile(rf"(?:[{_WIDE}]|[^\s{_WIDE}]+)\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words that is in both texts, or only in the later (added) or the earlier one (removed)."""

    kind: Kind
    text: str


def difference(before: str, after: str) -> tuple[Span, ...]:
    """Compare two texts; the spans that are not removed make up ``after``, those not added ``before``, but for spaces.

    Words are what stands between spaces, and single characters of scripts that have none. Of each text the first
    MOST_WORDS are compared; where either goes on, all that follows counts as exchanged unless it is equal. So does all
    between what both begin and end with where that has more than MOST_PAIRS.
    """
    old, new = _WORD.findall(before.strip()), _WORD.findall(after.strip())
    spans = list(_compared(old[:MOST_WORDS], new[:MOST_WORDS]))
    rest = "".join(old[MOST_WORDS:]), "".join(new[MOST_WORDS:])
    spans += _exchanged(*rest) if rest[0] != rest[1] else [Span("same", rest[1])]
    return tuple(_joined(spans))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Span]:
    first, last = [word.strip() for word in old], [word.strip() for word in new]
    head = _alike(first, last)
    tail = _alike(first[head:][::-1], last[head:][::-1])
    yield Span("same", "".join(new[:head]))
    ends = len(old) - tail, len(new) - tail
    yield from _between(old[head : ends[0]], new[head : ends[1]])
    yield Span("same", "".join(new[ends[1] :]))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words with which both begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Span]:
    first, last = [word.strip() for word in old], [word.strip() for word in new]
    often = Counter(last)
    if sum(often[word] * times for word, times in Counter(first).items()) > MOST_PAIRS:
        yield from _exchanged("".join(old), "".join(new))
        return
    for tag, i, j, k, m in SequenceMatcher(None, first, last, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Span("same", "".join(new[k:m]))
        else:
            yield from _exchanged("".join(old[i:j]), "".join(new[k:m]))


def _exchanged(old: str, new: str) -> list[Span]:
    # A space after what is removed, so that it does not run into what is added.
    parted = f"{old} " if old and new and not old[-1].isspace() else old
    return [Span("removed", parted), Span("added", new)]


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Leave out empty spans and put together what is of one kind."""
    kept: list[Span] = []
    for span in spans:
        if kept and span.text and kept[-1].kind == span.kind:
            kept[-1] = Span(span.kind, kept[-1].text + span.text)
        elif span.text:
            kept.append(span)
    yield from kept
