"""Words, and scripts written without spaces, whose runs are cut into overlapping pairs of characters."""

import re
from itertools import pairwise

# Kana, Han with its extensions, and Hangul, which joins words with their particles.
_HAN = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+")
_WORD = re.compile(r"[^\W_]+")
WORD_OR_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")


def words(text: str) -> list[str]:
    """Cut a text into words and runs of Han, in order."""
    return (_WORD if text.isascii() else WORD_OR_RUN).findall(text)


def is_han(word: str) -> bool:
    """Tell whether a word is of a script written without spaces."""
    return not word.isascii() and _RUN.match(word) is not None


def pairs(run: str) -> list[str]:
    """Give the overlapping pairs of a run of Han; a single character gives itself."""
    return [first + second for first, second in pairwise(run)] or [run]


def spaced(text: str, *, tails: bool) -> str:
    """Replace each run of Han by its pairs with spaces between.

    With ``tails`` a run's last character also stands alone, so that every character begins some term and is found as
    a prefix: that is for indexing; a query leaves it out.
    """
    if text.isascii():
        return text
    return _RUN.sub(lambda run: f" {' '.join(pairs(run[0]) + [run[0][-1]] * (tails and len(run[0]) > 1))} ", text)
