"""Unicode in one form: NFC, in linear time whatever the text."""

from unicodedata import combining, is_normalized, normalize

# Sorting the marks on one letter takes quadratic time: no matter in a short text, and 30 are enough for any writing
# system (UAX #15, stream-safe text format).
_SHORT = 4_096
_MAX_MARKS = 30


def nfc(text: str) -> str:
    """Compose letters and marks (Unicode form NFC); in a long text, marks after the 30th on one letter are dropped."""
    if text.isascii():
        return text
    return normalize("NFC", text if len(text) <= _SHORT else _stream_safe(text))


def is_nfc(text: str) -> bool:
    """Tell whether a text is surely what ``nfc`` gives; a long one that is not ASCII counts as unsure."""
    return text.isascii() or (len(text) <= _SHORT and is_normalized("NFC", text))


def _stream_safe(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if combining(character) else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)
