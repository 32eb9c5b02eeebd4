"""Unicode in one form: NFC, in linear time whatever the text."""

import re
from unicodedata import is_normalized, normalize

_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# UAX #15 calls 30 marks on one letter stream-safe; normalising longer runs takes quadratic time.
_MARKS = re.compile(f"({_MARK}{{30}}){_MARK}+")


def nfc(text: str) -> str:
    """Compose letters and marks (Unicode form NFC); marks after the 30th on one letter are dropped (UAX #15)."""
    if text.isascii():
        return text
    text = _MARKS.sub(r"\1", text)
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def is_nfc(text: str) -> bool:
    """Tell whether ``nfc`` would leave the text as it is."""
    return text.isascii() or (is_normalized("NFC", text) and not _MARKS.search(text))
