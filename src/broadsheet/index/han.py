"""Words, and scripts written without spaces, whose runs are cut into overlapping pairs of characters."""

import re
from itertools import pairwise

# Kana, Han with its extensions, and Hangul, which joins words with their particles; Thai, Lao, Burmese and Khmer.
_HAN = (
    "\u3005-\u3007\u3040-\u3096\u309d-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
    "\u0e01-\u0e3a\u0e40-\u0e46\u0e4d\u0e50-\u0e59\u0e81-\u0eb9\u0ebb-\u0ec6\u0ecd\u0ed0-\u0edf"
    "\u1000-\u1036\u1038\u103b-\u1049\u1050-\u109d\u1780-\u17b3\u17b6-\u17c8\u17d7\u17dc\u17e0-\u17e9"
)
# Marks of tone and the like, which the engine's analyser takes for ends of words: a run goes on over them without them.
MARKS = "\u0e47-\u0e4c\u0e4e\u0eba\u0ec8-\u0ecc\u1037\u1039\u103a\u17b4\u17b5\u17c9-\u17d3\u17dd\u3099\u309a"
IN_RUN = _HAN + MARKS
_RUN = re.compile(f"[{_HAN}][{IN_RUN}]*")
_MARK = re.compile(f"[{MARKS}]")
_WORD = re.compile(r"[^\W_]+")
WORD_OR_RUN = re.compile(f"[{_HAN}][{IN_RUN}]*|[^\\W_{IN_RUN}]+")


def words(text: str) -> list[str]:
    """Cut a text into words and runs of Han, in order."""
    return (_WORD if text.isascii() else WORD_OR_RUN).findall(text)


def is_han(word: str) -> bool:
    """Tell whether a word is of a script written without spaces."""
    return not word.isascii() and _RUN.match(word) is not None


def is_mark(character: str) -> bool:
    """Tell whether a character of a run is passed over when it is cut into pairs."""
    return _MARK.match(character) is not None


def pairs(run: str) -> list[str]:
    """Give the overlapping pairs of a run of Han; a single character gives itself."""
    run = _MARK.sub("", run)
    return [first + second for first, second in pairwise(run)] or [run]


def spaced(text: str, *, tails: bool) -> str:
    """Replace each run of Han by its pairs with spaces between.

    With ``tails`` a run's last character also stands alone, so that every character begins some term and is found as
    a prefix: that is for indexing; a query leaves it out.
    """
    return text if text.isascii() else _RUN.sub(lambda run: _cut(run[0], tails=tails), text)


def _cut(run: str, *, tails: bool) -> str:
    found = pairs(run)
    return f" {' '.join(found + [found[-1][-1]] * (tails and len(found[-1]) > 1))} "
