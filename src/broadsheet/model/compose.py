"""Compose a paper from all its records: pure, and the same whatever order they came in."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from broadsheet.model.identity import is_about, names_of
from broadsheet.model.ids import SCHEMES, ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import LINKED, Author, Link, Record, Version

# Whose word counts first when sources differ: the publisher before the venue, the venue before those who repeat it.
TRUST = (
    "arxiv",
    "acl",
    "openreview",
    "crossref",
    "doi",
    "oai",
    "hf",
    "arxiv-rss",
    "conference",
    "paperlists",
    "jsonl",
    "csv",
    "csl",
    "ris",
    "bibtex",
    "saved-page",
    "starter",
    "openalex",
    "github",
    # What anybody may write on a page of their own, and what was only said to tell which paper is meant.
    "page",
    "joined",
    "submitted",
    "linked",
)
_RANK = {source: rank for rank, source in enumerate(TRUST)}
_UNKNOWN = _RANK["bibtex"]
_NO_SIGNALS: Mapping[str, int] = {}
T = TypeVar("T")


def trust(source: str) -> int:
    """Rank a source, 0 the most trusted; ``arxiv-oai`` ranks as ``arxiv`` does."""
    rank = _RANK.get(source)
    return rank if rank is not None else _RANK.get(source.partition("-")[0], _UNKNOWN)


def compose(
    records: Sequence[Record],
    *,
    signals: Mapping[str, int] = _NO_SIGNALS,
    denied: Collection[ExternalId] = (),
    id: int = 0,  # noqa: A002 - the paper's own word
) -> Paper:
    """Compose the paper that ``records`` (at least one) tell of.

    The most trusted source's highest version speaks first for each single thing (title, abstract, authors, venue);
    ids, categories, links, media, keywords and organisations are united in that order without repeats. The paper is
    withdrawn when that first voice or arXiv's latest version says so, every record was taken back, or an addition about
    it tells of a retraction.
    Records that only add (at least one does not) give ids but those ``denied``, a venue, a licence, organisations, a
    date where there is none, and links where a reader named them. ``signals`` maps a kind to its latest value.
    """
    if len(records) == 1 and not records[0].deleted:
        return _alone(records[0], signals, id)
    everything = _in_order(records)
    told = [record for record in everything if not record.adds]
    added = [record for record in everything if record.adds and not record.deleted]
    standing = [record for record in told if not record.deleted] or told
    voices = _in_order((*standing, *added)) if added else standing
    retractions = [record for record in added if record.withdrawn and is_about(record, told)]
    more_ids = [i for record in added for i in names_of(record) if i.scheme != "local" and i not in denied]
    first = standing[0]
    ids = _ids(told)
    authors = _authors(standing)
    return Paper(
        id=id,
        slug=ids[0].slug,
        title=_first(standing, lambda r: r.title),
        abstract=first.abstract if first.withdrawn else _first(standing, lambda r: r.abstract),
        authors=authors,
        author_count=0 if authors else max(r.author_count for r in standing),
        ids=_union((ids, more_ids)),
        published=_published(standing) or _published(added),
        updated=_of_first_source(standing, max, lambda r: r.updated),
        categories=_union(r.categories for r in standing),
        keywords=_union(r.keywords for r in standing),
        venue=_first(voices, lambda r: r.venue),
        organisations=_union(r.organisations for r in (*standing, *added)),
        links=_links((*standing, *(record for record in added if record.source == LINKED))),
        media=_union(r.media for r in standing),
        summary=_first(standing, lambda r: r.summary),
        comment=_first((*retractions, *standing), lambda r: r.comment),
        licence=_first(voices, lambda r: r.licence),
        versions=_versions(standing, ids[0]),
        sources=_union((r.source,) for r in voices),
        days=_days(standing),
        withdrawn=first.withdrawn or first.deleted or bool(retractions) or _is_withdrawn_at_home(standing),
        **_counts(signals),
    )


def _alone(record: Record, signals: Mapping[str, int], paper_id: int) -> Paper:
    """Compose the paper of a single record; the same as the long way, and most papers go this way."""
    ids = names_of(record)
    return Paper(
        id=paper_id,
        slug=ids[0].slug,
        title=record.title,
        abstract=record.abstract,
        authors=record.authors,
        author_count=0 if record.authors else record.author_count,
        ids=ids,
        published=record.published,
        updated=record.updated,
        categories=_distinct(record.categories),
        keywords=_distinct(record.keywords),
        venue=record.venue,
        organisations=_distinct(record.organisations),
        links=_links((record,)) if record.links else (),
        media=_distinct(record.media),
        summary=record.summary,
        comment=record.comment,
        licence=record.licence,
        versions=_versions((record,), ids[0]) if record.version or record.versions else (),
        sources=(record.source,),
        days=_days((record,)) if record.daily else (),
        withdrawn=record.withdrawn,
        **_counts(signals),
    )


def _in_order(records: Sequence[Record]) -> list[Record]:
    dated = {rank: _dated(r for r in records if trust(r.source) == rank) for rank in {trust(r.source) for r in records}}

    def precedence(record: Record) -> tuple[int, float, int, str, str, int, str]:
        rank = trust(record.source)
        recency = -_edition(record, dated[rank])
        day = -int(record.updated[:10].replace("-", "").ljust(8, "0")) if _is_date(record.updated) else 0
        return rank, recency, day, record.source, record.key, -record.version, record.title

    return sorted(records, key=precedence)


def _dated(records: Iterable[Record]) -> dict[int, str]:
    """Give the first day that is told of each version; an announcement without a date was made when it was read."""
    days: dict[int, str] = {}
    for record in records:
        announced = record.observed.date().isoformat() if record.observed else ""
        own = record.published if record.version == 1 else record.updated or announced
        for version in (*record.versions, Version(record.version, own)):
            if version.number and (day := version.at[:10]):
                days[version.number] = min(days.get(version.number, day), day)
    return days


def _edition(record: Record, dated: Mapping[int, str]) -> float:
    """Give the number of the version told; without one, just above the last version that is not newer."""
    numbered = max((record.version, *(version.number for version in record.versions)))
    if numbered or not record.updated:
        return numbered
    return max((number for number, at in dated.items() if at <= record.updated[:10]), default=0) + 0.5


def _is_withdrawn_at_home(records: Iterable[Record]) -> bool:
    """Tell whether the latest version that arXiv itself tells of is withdrawn, by its announcement or otherwise."""
    home = [record for record in records if record.source.partition("-")[0] == "arxiv"]
    dated = _dated(home)
    latest = max(home, key=lambda r: (_edition(r, dated), -trust(r.source)), default=None)
    return latest is not None and latest.withdrawn


def _is_date(text: str) -> bool:
    digits = text[:10].replace("-", "")
    return digits.isascii() and digits.isdecimal()


def _first(records: Iterable[Record], what: Callable[[Record], str]) -> str:
    return next((value for record in records if (value := what(record))), "")


def _union(parts: Iterable[Iterable[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values)) if len(values) > 1 else values


def _ids(records: Iterable[Record]) -> tuple[ExternalId, ...]:
    found = {external_id for record in records for external_id in names_of(record)}
    public = [i for i in found if i.scheme != "local"]
    return tuple(sorted(public or found, key=lambda i: (SCHEMES.index(i.scheme), i.value)))


def _authors(records: Iterable[Record]) -> tuple[Author, ...]:
    return next((record.authors for record in records if record.authors), ())


def _of_first_source(
    records: Sequence[Record], choose: Callable[[list[str]], str], what: Callable[[Record], str]
) -> str:
    speaking = [(trust(record.source), value) for record in records if (value := what(record))]
    if not speaking:
        return ""
    best = min(rank for rank, _ in speaking)
    return choose([value for rank, value in speaking if rank == best])


def _published(records: Sequence[Record]) -> str:
    """Take the most trusted source's earliest date, in the finest precision any source gives for it."""
    told = _of_first_source(records, min, lambda r: r.published)
    finer = [r.published for r in records if r.published.startswith(told)] if told else []
    return min(finer, key=lambda p: (-len(p[:10]), p), default=told)


def _links(records: Iterable[Record]) -> tuple[Link, ...]:
    by_url: dict[str, Link] = {}
    for record in records:
        for link in record.links:
            by_url.setdefault(link.url, link)
    return tuple(by_url.values())


def _versions(records: Iterable[Record], best: ExternalId) -> tuple[Version, ...]:
    """Unite the histories that sources tell of the id that names the page, oldest first."""
    history: dict[int, Version] = {}
    for record in records:
        if best not in names_of(record):
            continue
        for version in (*record.versions, *_own_version(record)):
            known = history.get(version.number)
            if known is None or (version.at and not known.at):
                history[version.number] = version
    return tuple(history[number] for number in sorted(history))


def _own_version(record: Record) -> tuple[Version, ...]:
    if not record.version:
        return ()
    at = record.published if record.version == 1 else record.updated
    return (Version(record.version, at, record.comment),)


def _days(records: Iterable[Record]) -> tuple[date, ...]:
    return tuple(sorted({daily.day for record in records for daily in record.daily}))


def _counts(signals: Mapping[str, int]) -> dict[str, int]:
    get = signals.get
    return {
        "upvotes": get("upvotes", 0),
        "comments": get("comments", 0),
        "stars": get("stars", 0),
        "citations": get("citations", 0),
    }
