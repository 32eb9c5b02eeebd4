"""The plain part of a digest, for those who read mails as text: written as text, in lines of at most 78 characters."""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import east_asian_width

from broadsheet.mail.entry import Entry
from broadsheet.mail.port import Facts

# RFC 5322, section 2.1.1; an address stands alone, is never broken, and may be longer.
_WIDTH = 78
_MARGIN = "    "
_RULE = "-" * _WIDTH


def plain_head(site: str, dateline: str, facts: Facts) -> str:
    """Say what this is, and where it can be read in a browser."""
    return _block(*wrapped(site), *wrapped(dateline), _RULE, "In a browser:", facts.view_url)


def plain_section(title: str, url: str) -> str:
    """Head a list."""
    lines = wrapped(title)
    return "\n" + _block(*lines, "-" * max(map(_columns, lines)), url)


def plain_entry(entry: Entry, number: int) -> str:
    """Say one paper, after its number in the digest."""
    mark = f"{number}. ".rjust(len(_MARGIN))
    names, why = _joined(entry.names, entry.kicker), _joined(entry.votes, entry.why)
    return "\n".join(
        (
            _block(*wrapped(entry.title, mark, _MARGIN), *wrapped(names, _MARGIN, _MARGIN)),
            _block(*wrapped(entry.telling, _MARGIN, _MARGIN)) if entry.telling else "",
            _block(
                *wrapped(why, _MARGIN, _MARGIN),
                _MARGIN + entry.url,
                *(f"{_MARGIN}{name}: {url}" for name, url in entry.links),
            ),
        )
    ).replace("\n\n\n", "\n\n")


def plain_more(words: str, url: str) -> str:
    """Say what more there is, and where."""
    return _block(*wrapped(f"And {words}:", _MARGIN, _MARGIN), _MARGIN + url)


def plain_foot(site: str, why: str, beyond: str, facts: Facts) -> str:
    """Say why this came, and how it comes otherwise or no more."""
    pairs = (
        ("Change what comes and when:", facts.manage_url),
        ("Unsubscribe:", facts.unsubscribe_url),
        (
            "These addresses are yours alone. If somebody forwarded this to you, get your own:",
            f"{facts.home_url}/subscribe",
        ),
    )
    return _block(
        _RULE,
        *(wrapped(f"{beyond} for one mail. All are in a browser, at the address above.") if beyond else ()),
        *wrapped(why),
        "",
        *(line for words, url in pairs for line in (*wrapped(words), url, "")),
        *wrapped(f"{site} sends no pictures and does not watch what you open."),
        f"{facts.home_url}/",
    )


@lru_cache(maxsize=5_000)  # many get the same papers
def wrapped(text: str, first: str = "", rest: str = "") -> tuple[str, ...]:
    """Break a line of text at spaces, and inside words only where one is too long; none for an empty text."""
    lines: list[str] = []
    line, room = first, _WIDTH - _columns(first)
    begun = False
    for word in _pieces(text, _WIDTH - max(len(first), len(rest))):
        wide = _columns(word)
        if begun and wide + 1 > room:
            lines.append(line)
            line, room, begun = rest, _WIDTH - len(rest), False
        line += f" {word}" if begun else word
        room -= wide + begun
        begun = True
    return (*lines, line) if begun else ()


def _pieces(text: str, most: int) -> Iterator[str]:
    for word in text.split():
        rest = word
        while _columns(rest) > most:
            cut = most if rest.isascii() else most // 2
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _columns(text: str) -> int:
    """Tell how wide a text is: Chinese, Japanese and Korean letters take two columns (UAX #11)."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _block(*lines: str) -> str:
    return "\n".join(lines) + "\n"
