"""Fields as the model wants them: dates, numbers, lists, ids and keys from whatever a source wrote."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b

from broadsheet.model.ids import ExternalId, acl_id, arxiv_id, doi, parse_id
from broadsheet.model.links import links_in
from broadsheet.model.record import Author, Link
from broadsheet.model.tex import plain
from broadsheet.model.text import clean

_DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?/*")
_EARLIEST, _LATEST = 1400, 2200
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(r"[A-Za-z]{3,9}")
_MAX_COUNT = 2**53
_MAX_DATE = 40
_WITHDRAWN = re.compile(
    r"\b(?:this|the) (?:paper|article|manuscript|submission|preprint|work|version|draft)"
    r"(?: \([^()]{0,40}\))? (?:has been|have been|was|is|is being) (?:\w+ )?withdrawn\b"
    r"|\bwithdrawn by (?:the )?(?:author|arxiv)",
    re.IGNORECASE,
)
_WITHDRAWN_WITHIN = 200
_NO = frozenset({"", "0", "f", "false", "n", "no", "none", "null"})
_WORD = re.compile(r"\w+")
_MAX_KEY = 200
# Whole runs of separators: each is looked at once, however long it is.
_DOIS = re.compile(r"(?<![,;\s])[,;\s]++(?=(?:doi:|https?://)?\s*10\.)", re.IGNORECASE)


def iso(value: object) -> str:
    """Write a date in ISO 8601 at the precision given, instants in UTC with ``Z``; empty when it is no date.

    Reads years, ISO dates and instants, ``2018/05/12`` and RFC 5322 dates.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > _MAX_DATE:
        return ""
    text = value.strip()
    if match := _DAY.fullmatch(text):
        return _day(*match.groups())
    at = instant(text)
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(year: str, month: str | None, day: str | None) -> str:
    try:
        checked = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    if not _EARLIEST <= checked.year <= _LATEST:
        return ""
    return checked.isoformat()[: 10 if day else 7 if month else 4]


def instant(value: object) -> datetime | None:
    """Read an instant, aware and in UTC; a time without zone is UTC. None when it is no instant."""
    if not isinstance(value, str) or not value or len(value) > _MAX_DATE:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(value.strip())
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return at if _EARLIEST <= at.year <= _LATEST else None
    return None


def day_of(value: object) -> date | None:
    """Read a calendar day, also off the front of an instant; None when there is none."""
    text = iso(value)
    return date.fromisoformat(text[:10]) if len(text) >= len("2024-05-27") else None


def month_number(text: str) -> int:
    """Read the first month in a text by its English name (``May``, ``25--27 Apr``) or number; 0 when there is none."""
    if text.strip().isdecimal():
        number = int(text) if len(text.strip()) <= 2 else 0  # noqa: PLR2004 - two digits
        return number if 1 <= number <= len(_MONTHS) else 0
    names = (word[0][:3].lower() for word in _MONTH.finditer(text))
    return next((_MONTHS.index(name) + 1 for name in names if name in _MONTHS), 0)


def year_month(year: str, month: str) -> str:
    """Write a year and a month in words as ``2022-05``, the year alone when the month is unknown."""
    number = month_number(month)
    return iso(f"{year.strip()}-{number:02d}" if number else year)


def count(value: object) -> int | None:
    """Read a count of zero or more; None for anything else."""
    if isinstance(value, str) and value.isdecimal() and len(value) < len(str(_MAX_COUNT)):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MAX_COUNT else None


def text(value: object) -> str:
    """Give a clean string; a number as its digits, the first of a list, else empty."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list) and value:
        return text(value[0]) if not isinstance(value[0], list) else ""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MAX_COUNT else ""


def texts(value: object, separators: str = ";") -> tuple[str, ...]:
    """Give clean strings, once each, from a list or from one string with separators; whatever else is none."""
    if not value:
        return ()
    if isinstance(value, str):
        value = re.split(f"[{separators}]", value)
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(found for one in value if isinstance(one, str) and (found := clean(one))))


def ids_of(names: Iterable[object]) -> tuple[ExternalId, ...]:
    """Read every external id among ``names``, in order and once each; unknown shapes give none."""
    found: dict[ExternalId, None] = {}
    for name in dict.fromkeys(name for name in names if name and isinstance(name, str)):
        if one := _id(name):
            found[one] = None
    return tuple(found)


def _id(name: str) -> ExternalId | None:
    # "pl:acl2022:2022.acl-long.579": a conference list's own id whose tail is the Anthology's.
    if name.startswith("pl:"):
        return acl_id(name.rpartition(":")[2])
    if name.startswith("acl:"):
        return acl_id(name)
    # Most ids are arXiv's: the short way to the same answer.
    found = arxiv_id(name) if name[:1].isdecimal() else None
    return found[0] if found else parse_id(name)


def dois(value: str) -> tuple[ExternalId, ...]:
    """Read one or several DOIs from a field."""
    return tuple(found for one in _DOIS.split(clean(value)) if (found := doi(one.rstrip(",; "))))


def key_for(ids: tuple[ExternalId, ...], title: str, authors: tuple[Author, ...]) -> str:
    """Name a record whose source has no lasting id of its own: its best external id, else ``digest``."""
    return str(ids[0]) if ids else digest(title, authors[0].name if authors else "")


def own_key(name: str) -> str:
    """Give a source's own id as a record's key; of one too long for a database's index, its ``digest``."""
    return name if len(name) <= _MAX_KEY else digest(name)


def digest(title: str, author: str = "") -> str:
    """Hash a title and a first author to 16 hex digits, blind to case, punctuation and TeX."""
    words = " ".join(_WORD.findall(f"{plain(title)} {author}".casefold())) or title
    return blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def links_of(given: Iterable[tuple[str, str]], abstract: str) -> tuple[Link, ...]:
    """Put together the links a source gives and those in the abstract; the first word on an address stands."""
    found = {url: Link(kind, url) for kind, url in given if url.startswith(("http://", "https://"))}
    for link in links_in(abstract):
        if link.url not in found and f"{link.url}/" not in found and link.url.rstrip("/") not in found:
            found[link.url] = link
    return tuple(found.values())


def is_withdrawn(abstract: str, comment: str = "") -> bool:
    """Tell whether a paper says of itself that it has been withdrawn, in its comment or at the top of its abstract."""
    if "withdrawn" not in abstract and "withdrawn" not in comment:
        return False
    return bool(
        _WITHDRAWN.search(abstract, 0, _WITHDRAWN_WITHIN) or _WITHDRAWN.search(comment, 0, 4 * _WITHDRAWN_WITHIN)
    )


def flag(value: object) -> bool:
    """Read a flag: what is there and does not say no."""
    return value.strip().lower() not in _NO if isinstance(value, str) else bool(value)


def mapping(value: object) -> Mapping[str, object]:
    """Give a JSON object, empty for anything else."""
    return value if isinstance(value, dict) else {}
