"""How a text becomes terms: the same analysis for papers, queries and highlighting."""

import re
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from broadsheet.index.han import spaced
from broadsheet.model.text import plain

# Longer than any word a reader would type; keeps encoded blobs out of the index.
_LONGEST_WORD = 64
_MOST_PARTS = 12
_APART = bytes(byte if chr(byte).isalnum() else ord(" ") for byte in range(128)) + bytes(128)


def analyser(*, stemmed: bool) -> TextAnalyzer:
    """Build the analyser: letters and digits, lower case, ASCII folding and, if asked, the English Snowball stemmer."""
    builder = (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
    )
    return (builder.filter(Filter.stemmer("english")) if stemmed else builder).build()


_STEMS = analyser(stemmed=True)
_FORMS = analyser(stemmed=False)


# A word as a text writes it; the index cuts at the hyphens that readers see as part of it.
WRITTEN = re.compile(r"[^\W_]+")


def undotted(text: str) -> str:
    """Replace the one letter whose lower case is two characters: it would not fold to ASCII."""
    return text.replace("İ", "I")


def indexable(text: str) -> str:
    """Give the text to index: readable Unicode without TeX, runs of Han cut into pairs."""
    if "\\" in text or "$" in text or "{" in text:
        text = plain(text)
    return text if text.isascii() else spaced(undotted(text), tails=True)


def all_indexable(texts: tuple[str, ...]) -> list[str]:
    """Give several short texts to index; one look at all of them tells that they are, as almost always, fit."""
    joined = "".join(texts)
    if joined.isascii() and "\\" not in joined and "{" not in joined and "$" not in joined:
        return list(texts)
    return [indexable(text) for text in texts]


def terms(text: str) -> list[tuple[str, str]]:
    """Cut a piece of a query into ``(stem, exact form)`` pairs."""
    text = spaced(undotted(text), tails=False)
    return list(zip(_STEMS.analyze(text), _FORMS.analyze(text), strict=True))


def turns(name: str) -> list[str]:
    """Fold a person's name, as printed and with the last part first: *Paul Erdős* as ``paul erdos``, ``erdos paul``."""
    parts = parts_of(plain(name) if "\\" in name or "{" in name else name)
    joined = " ".join(parts[:_MOST_PARTS])
    return [joined, f"{parts[-1]} {' '.join(parts[:_MOST_PARTS][:-1])}"] if len(parts) > 1 else [joined] * bool(joined)


def parts_of(name: str) -> list[str]:
    """Cut a name into its folded parts; a run of Han stays whole."""
    if name.isascii():
        return name.lower().encode().translate(_APART).decode().split()
    return list(_FORMS.analyze(undotted(name)))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Give the stem of one word as the index holds it, empty for what is not a word."""
    return next(iter(_STEMS.analyze(undotted(word))), "")


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Give one word in lower case and ASCII, as the index holds its exact form."""
    return next(iter(_FORMS.analyze(undotted(word))), "")


# Words that hold sentences together; a paper need not have them, unless they are all that is asked for.
GLUE = frozenset(
    stem(word)
    for word in (
        "a an and are as at be by can do does for from has have how in is it its of on or that the their this to was"
        " were what when where which who why will with"
    ).split()
)
