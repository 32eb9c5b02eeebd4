"""How long is a text, by whoever counts, and what is left of one that is too long."""

from collections.abc import Callable

_MORE = "…"


def utf16(text: str) -> int:
    """Count the code units of UTF-16, as Telegram and JavaScript do."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """Count the bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def cut(text: str, most: int, size: Callable[[str], int] = len) -> str:
    """Give a text of which ``size`` is ``most`` or less: itself or its beginning, at a word where one ends near."""
    if size(text) <= most:
        return text
    low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if size(text[:middle] + _MORE) <= most else (low, middle)
    blank = text.rfind(" ", low // 2, low + 1)
    return text[: blank if blank > 0 else low].rstrip(" ,;:–-\u200d") + _MORE if low else ""
