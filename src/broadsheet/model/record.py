"""What a source said, before it is a paper: the output of every parser and the truth the store keeps."""

from dataclasses import dataclass
from datetime import date, datetime

from broadsheet.model.ids import ExternalId

LINK_KINDS = ("code", "project", "data", "pdf", "page", "video", "other")
SIGNAL_KINDS = ("upvotes", "comments", "stars", "citations")
# Sources that are asked about papers that are here already, and the source of what readers add to a paper of theirs.
ENRICHERS = frozenset({"crossref", "openalex", "github"})
LINKED = "linked"
# They add to a paper and never make or name one.
ADDING = ENRICHERS | {LINKED}
# So many characters of a record that could not be read are kept: most are shorter, and can be read again.
MAX_RAW = 10_000


@dataclass(frozen=True, slots=True)
class Author:
    """A name on a paper, as printed; ``organisation`` and ``orcid`` are empty when the source is silent."""

    name: str
    organisation: str = ""
    orcid: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that belongs to the paper; ``kind`` is one of LINK_KINDS."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper: its number from 1 and when it was announced, ISO 8601 or empty."""

    number: int
    at: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Daily:
    """That a source showed the paper on its daily page of ``day``."""

    day: date
    submitted_at: str = ""
    submitted_by: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """An outside number at a moment; ``kind`` is one of SIGNAL_KINDS."""

    kind: str
    value: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One paper as one source tells it.

    ``(source, key, version)`` is the record's name: ``key`` is the source's own id without version, ``version`` 0
    where the source has none. ``published`` and ``updated`` are ISO 8601 of whatever precision the source gives
    (``2022``, ``2022-05``, ``2022-05-23``, ``2022-05-23T10:00:00Z``), so they sort as text. ``title`` and
    ``abstract`` are clean Unicode with the original TeX kept. ``observed`` is when the source said it; of two
    tellings under one name the later one stands. ``deleted`` marks a record the source has taken back.
    """

    source: str
    key: str
    version: int = 0
    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    author_count: int = 0
    ids: tuple[ExternalId, ...] = ()
    published: str = ""
    updated: str = ""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    venue: str = ""
    organisations: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    media: tuple[str, ...] = ()
    summary: str = ""
    comment: str = ""
    licence: str = ""
    versions: tuple[Version, ...] = ()
    daily: tuple[Daily, ...] = ()
    signals: tuple[Signal, ...] = ()
    withdrawn: bool = False
    deleted: bool = False
    observed: datetime | None = None

    @property
    def adds(self) -> bool:
        """Whether this only adds to a paper that other records tell of."""
        return self.source in ADDING


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that could not be read: where it stood, why, and its first MAX_RAW characters.

    ``kind`` is a short stable word (``truncated``, ``encoding``, ``no-title``, ``bad-date``, ``too-large``,
    ``oai-badResumptionToken`` …) that operators can count and filter by.
    """

    source: str
    where: str
    kind: str
    message: str
    raw: str = ""
