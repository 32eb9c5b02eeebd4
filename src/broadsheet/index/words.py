"""How a text becomes terms: the same analysis for papers, queries and highlighting."""

from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from broadsheet.index.han import spaced
from broadsheet.model.text import plain

# Longer than any word a reader would type; keeps encoded blobs out of the index.
_LONGEST_WORD = 64


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


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Give the stem of one word as the index holds it, empty for what is not a word."""
    return next(iter(_STEMS.analyze(undotted(word))), "")


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Give one word in lower case and ASCII, as the index holds its exact form."""
    return next(iter(_FORMS.analyze(undotted(word))), "")
