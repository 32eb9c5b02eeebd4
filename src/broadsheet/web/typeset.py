"""How facts are put into words on a page: days, names, numbers, excerpts."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from broadsheet.model.paper import Paper
from broadsheet.model.query import Span
from broadsheet.model.text import plain
from broadsheet.model.weeks import Month, Week

# Spelled out rather than asked of the locale, so that a page reads the same on every machine.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# What must not stand before an ellipsis.
_LOOSE = " ,;:.-\u2013\u2014("
_SOURCES = {
    "acl": "ACL Anthology",
    "arxiv": "arXiv",
    "arxiv-oai": "arXiv",
    "bibtex": "a BibTeX file",
    "csl": "a CSL-JSON file",
    "csv": "a CSV file",
    "hf": "Hugging Face",
    "joined": "a moderator",
    "jsonl": "a JSONL file",
    "linked": "a reader",
    "oai": "OAI-PMH",
    "page": "its own page",
    "ris": "a RIS file",
    "starter": "the starter shelf",
    "submitted": "a reader",
}


def long_day(day: date) -> str:
    """Spell a day out: ``Friday, 6 March 2026``."""
    return f"{_WEEKDAYS[day.weekday()]}, {short_day(day)}"


def short_day(day: date) -> str:
    """Spell a day: ``6 March 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def span_words(span: Week | Month) -> str:
    """Name a week or month: ``Week 10 of 2026``, ``March 2026``."""
    return f"Week {span.number} of {span.year}" if isinstance(span, Week) else f"{_MONTHS[span.number - 1]} {span.year}"


def spelled(when: str) -> str:
    """Spell ISO 8601 of any precision: ``2022``, ``May 2022`` or ``23 May 2022``; anything else stands as it is."""
    parts = when[:10].split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return parts[0]
        month = _MONTHS[numbers[1] - 1]
    except (ValueError, IndexError):
        return when
    day = f"{numbers[2]} " if len(numbers) > 2 else ""  # noqa: PLR2004 - year, month, day
    return f"{day}{month} {numbers[0]}"


def byline(paper: Paper, most: int = 3) -> str:
    """Name the first authors: ``A, B, C and 12 others``; a bare count when the sources name nobody."""
    total = len(paper.authors)
    if not total:
        return plural(paper.author_count, "author") if paper.author_count else ""
    shown = total if total <= most + 1 else most
    names = [plain(author.name) for author in paper.authors[:shown]]
    if shown < total:
        return f"{', '.join(names)} and\u00a0{total - shown:,}\u00a0others"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def kicker(paper: Paper) -> str:
    """Say where a paper comes from in a few words: its first organisation, else its venue, else its first category."""
    return plain(next(filter(None, (*paper.organisations[:1], paper.venue, *paper.categories[:1])), ""))


def excerpt(paper: Paper, length: int = 260) -> str:
    """Give the opening of the abstract in plain words, cut at a word near ``length`` characters.

    A paper without an abstract is told by its one-sentence summary.
    """
    return shortened(plain((paper.abstract or paper.summary)[: 3 * length]), length)


def shortened(text: str, length: int) -> str:
    """Cut a text to at most ``length`` characters and an ellipsis, at a word where there is a space to cut at."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip(_LOOSE)}…"


def highlighted(spans: Iterable[Span]) -> Markup:
    """Set a text with what matched marked; the text is plain words, so no TeX is looked for."""
    pieces = (f"<mark>{escape(span.text)}</mark>" if span.matched else escape(span.text) for span in spans)
    return Markup("".join(pieces))  # noqa: S704 - every piece is escaped


def short_count(number: int) -> str:
    """Print a number in at most four characters or so: ``987``, ``1.2k``, ``14k``, ``2.1M``."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + unit if number < 10 * size else f"{number // size}{unit}"
    return str(number)


def plural(number: int, one: str, many: str = "") -> str:
    """Count something: ``1 paper``, ``2,345 papers``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def source_name(source: str) -> str:
    """Name a source as readers know it; an unknown one by its own word."""
    return _SOURCES.get(source, source)


def host(url: str) -> str:
    """Name the site an address leads to, without ``www.``."""
    return (urlsplit(url).hostname or url).removeprefix("www.")
