"""How facts are put into words on a page, where ``model.wording`` does not do it for all doors."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from broadsheet.model.query import Span
from broadsheet.model.weeks import Month, Week
from broadsheet.model.wording import (
    MONTHS,
    byline,
    excerpt,
    kicker,
    long_day,
    plural,
    short_count,
    short_day,
    shortened,
)

__all__ = [
    "byline",
    "excerpt",
    "highlighted",
    "host",
    "kicker",
    "long_day",
    "plural",
    "short_count",
    "short_day",
    "shortened",
    "source_name",
    "span_words",
    "spelled",
]

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


def span_words(span: Week | Month) -> str:
    """Name a week or month: ``Week 10 of 2026``, ``March 2026``."""
    return f"Week {span.number} of {span.year}" if isinstance(span, Week) else f"{MONTHS[span.number - 1]} {span.year}"


def spelled(when: str) -> str:
    """Spell ISO 8601 of any precision: ``2022``, ``May 2022`` or ``23 May 2022``; anything else stands as it is."""
    parts = when[:10].split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return parts[0]
        month = MONTHS[numbers[1] - 1]
    except (ValueError, IndexError):
        return when
    day = f"{numbers[2]} " if len(numbers) > 2 else ""  # noqa: PLR2004 - year, month, day
    return f"{day}{month} {numbers[0]}"


def highlighted(spans: Iterable[Span]) -> Markup:
    """Set a text with what matched marked; the text is plain words, so no TeX is looked for."""
    pieces = (f"<mark>{escape(span.text)}</mark>" if span.matched else escape(span.text) for span in spans)
    return Markup("".join(pieces))  # noqa: S704 - every piece is escaped


def source_name(source: str) -> str:
    """Name a source as readers know it; an unknown one by its own word."""
    return _SOURCES.get(source, source)


def host(url: str) -> str:
    """Name the site an address leads to, without ``www.``."""
    return (urlsplit(url).hostname or url).removeprefix("www.")
