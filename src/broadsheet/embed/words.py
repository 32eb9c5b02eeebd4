"""Which words stand in a text, as the static model counts them?"""

import re
from unicodedata import combining, normalize
from zlib import crc32

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")
# Past this a word is a blob; its head tells as much as all of it.
_LONGEST = 40
_SHORTEST_GRAM, _LONGEST_GRAM = 3, 5


def words(text: str) -> list[str]:
    """Cut a text in any script into words: letters and digits, lower case, without accents."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    folded = normalize("NFKD", text).casefold()
    return _WORD.findall(normalize("NFC", "".join(c for c in folded if not combining(c))))


def grams(word: str, buckets: int) -> list[int]:
    """Place the character 3- to 5-grams of a word in one of ``buckets`` each, for words the model does not know.

    The word's ends count as a character, so that ``-itis`` and ``cardio-`` are told from the same letters inside.
    A run without spaces, as Chinese is written, is told by its single characters and pairs.
    """
    spelled = f"<{word[:_LONGEST]}>"
    shortest, longest = (_SHORTEST_GRAM, _LONGEST_GRAM) if word.isascii() else (1, 3)
    return [
        crc32(spelled[start : start + size].encode("utf-8", "surrogatepass")) % buckets
        for size in range(shortest, longest + 1)
        for start in range(len(spelled) - size + 1)
    ]
