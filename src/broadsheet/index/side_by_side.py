"""Where the words of a phrase stand side by side in a text."""

import re
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

from broadsheet.index.han import IN_RUN, MARKS, is_han
from broadsheet.index.words import terms, undotted

# A pattern with the letters of all scripts takes milliseconds to build: these are built once, no phrase has its own.
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_BETWEEN = re.compile(r"[\W_]+")
# Beside a script without spaces there need be none; a mark of tone belongs to the letter before it.
_MARKED = re.compile(f"[{MARKS}]*")
_BETWEEN_RUNS = re.compile(rf"(?:[{MARKS}]|(?![{IN_RUN}])[\W_])*")
_LETTER = re.compile(rf"[^\W_{IN_RUN}]")


def place(text: str, run: tuple[str, ...]) -> int | None:
    """Find where a text has these folded words side by side: None where nowhere, -1 where the place is not known."""
    folded = _folded(text)
    if text.isascii() and not all(form in folded for form in run):
        return None
    beginning = run[0][0] if is_han(run[0]) else run[0]
    start = folded.find(beginning)
    while start >= 0:
        if _begins(folded, start, run[0]) and _has_run(folded, start, run):
            return start
        start = folded.find(beginning, start + 1)
    # A letter that folds to two, such as æ, is not found in the text itself.
    told = not text.isascii() and f" {' '.join(run)} " in f" {' '.join(form for _, form in terms(text))} "
    return -1 if told else None


def _folded(text: str) -> str:
    """Fold a text letter by letter, so that every place in it stays where it was."""
    if text.isascii():
        return text.lower()
    return _BEYOND_ASCII.sub(lambda found: _plainest(found[0]), undotted(text).lower())


@lru_cache(maxsize=4_096)
def _plainest(letter: str) -> str:
    bare = normalize("NFKD", letter)[0]
    return bare if bare.isascii() else letter


def _begins(text: str, at: int, form: str) -> bool:
    return at == 0 or is_han(form) or not _LETTER.match(text, at - 1)


def _has_run(text: str, at: int, run: tuple[str, ...]) -> bool:
    end = _end_of(text, at, run[0])
    for before, form in pairwise(run):
        if end is None:
            return False
        if not (is_han(before) or is_han(form)):
            gap = _BETWEEN.match(text, end)
            end = _end_of(text, gap.end(), form) if gap else None
        elif len(before) > 1 and is_han(before) and before[-1] == form[0]:
            end = _end_of(text, _past(_MARKED, text, end), form[1:])  # pairs of one run overlap
        else:
            end = _end_of(text, _past(_BETWEEN_RUNS, text, end), form)
    return end is not None and (is_han(run[-1]) or not _LETTER.match(text, end))


def _end_of(text: str, at: int, form: str) -> int | None:
    """Give where a word ends that begins here, marks of tone between its letters or not; None where it is another."""
    if text.startswith(form, at):
        return at + len(form)
    if not is_han(form):
        return None
    for letter in form:
        at = _past(_MARKED, text, at)
        if not text.startswith(letter, at):
            return None
        at += 1
    return at


def _past(between: re.Pattern[str], text: str, at: int) -> int:
    found = between.match(text, at)
    return found.end() if found else at
