"""How records and papers are written down: compact JSON without empty fields, the same text for the same content."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from broadsheet.model.identity import number
from broadsheet.model.ids import SCHEMES, ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Daily, Link, Record, Version

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
Name = tuple[str, str, int]
Told = str | int | list["Told"] | dict[str, "Told"]
_LARGEST = 2**63 - 1
_LONGEST_NAME = 500
# Fields that records and papers share and that are written as they are.
_LISTS = ("categories", "keywords", "organisations", "media")
_AS_THEY_ARE = ("updated", "venue", "summary", "comment", "licence", "author_count", *_LISTS)


def encode_record(record: Record) -> str:
    """Write down what a record says; its name, its signals, when it was told and taken back are kept beside it."""
    told: dict[str, Any] = {"title": record.title}
    if record.abstract:
        told["abstract"] = record.abstract
    if record.published:
        told["published"] = record.published
    _add_shared(told, record)
    if record.daily:
        told["daily"] = [[entry.day.isoformat(), entry.submitted_at, entry.submitted_by] for entry in record.daily]
    if record.withdrawn:
        told["withdrawn"] = True
    return _encode(told)


def decode_record(name: Name, payload: str, observed: str = "", taken_back: str = "") -> Record:
    """Read the record ``(source, key, version)`` back; its signals stay where they are kept."""
    source, key, version = name
    told = json.loads(payload)
    daily = tuple(Daily(date.fromisoformat(day), at, by) for day, at, by in told.pop("daily", ()))
    return Record(
        source=source,
        key=key,
        version=version,
        observed=datetime.fromisoformat(observed) if observed else None,
        deleted=is_gone(observed, taken_back),
        daily=daily,
        **_read_shared(told),
    )


def is_gone(observed: str, taken_back: str) -> bool:
    """Tell whether a record was taken back after, or as, it was told last."""
    return taken_back != "" and taken_back >= observed


def record_hash(payload: str) -> int:
    """Hash a record's content to 63 bits."""
    return number(payload.encode())


def mended(record: Record) -> Record:
    """Give the record as any database takes it: without NUL and lone surrogates, endless names and unknown ids."""
    key = _mend(record.key)
    told = {name: _mend_all(value) for name, value in json.loads(encode_record(record)).items()}
    told["ids"] = [str(i) for i in record.ids if is_sound_id(i)]
    name = (
        _mend(record.source)[:_LONGEST_NAME],
        key if len(key) <= _LONGEST_NAME else f"{key[:_LONGEST_NAME]}#{number(key.encode()):016x}",
        min(max(record.version, 0), _LARGEST),
    )
    again = decode_record(name, _encode(told))
    return replace(again, signals=record.signals, observed=record.observed, deleted=record.deleted)


def is_sound(record: Record, payload: str) -> bool:
    """Tell whether a record can be kept as it is."""
    return (
        "\\u0000" not in payload
        and len(record.key) <= _LONGEST_NAME
        and (record.source + record.key).isprintable()
        and 0 <= record.version <= _LARGEST
        and all(map(is_sound_id, record.ids))
    )


def is_sound_id(external_id: ExternalId) -> bool:
    """Tell whether an id can be looked up: of a known scheme, printable and not endless."""
    value = external_id.value
    return external_id.scheme in SCHEMES and 0 < len(value) <= _LONGEST_NAME and value.isprintable()


def _mend(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _mend_all(told: Told) -> Told:
    match told:
        case str():
            return _mend(told)
        case list():
            return [_mend_all(value) for value in told]
        case dict():
            return {name: _mend_all(value) for name, value in told.items()}
    return told


PaperRow = tuple[int, str, str, str, str, str, int, int, int, int, bool, int, int | None]


def paper_row(paper: Paper, paper_id: int) -> PaperRow:
    """Write a paper down as a row of the papers table, its stamp computed from all that is shown."""
    told: dict[str, Any] = {}
    _add_shared(told, paper)
    told["sources"] = paper.sources
    if paper.days:
        told["days"] = [day.isoformat() for day in paper.days]
    document = _encode(told)
    counts = (bounded(paper.upvotes), bounded(paper.comments), bounded(paper.stars), bounded(paper.citations))
    shown = f"{paper.slug}\x1f{paper.title}\x1f{paper.abstract}\x1f{document}\x1f{paper.published}\x1f{counts}\x1f"
    stamp = number(f"{shown}{paper.withdrawn}".encode())
    return (
        paper_id,
        paper.slug,
        paper.title,
        paper.abstract,
        document,
        paper.published,
        *counts,
        paper.withdrawn,
        stamp,
        None,
    )


def read_paper(row: Sequence[Any]) -> Paper:
    """Read a paper back from its row, in the order of the papers table's columns."""
    told = json.loads(row[4])
    return Paper(
        id=row[0],
        slug=row[1],
        title=row[2],
        abstract=row[3],
        published=row[5],
        upvotes=row[6],
        comments=row[7],
        stars=row[8],
        citations=row[9],
        withdrawn=row[10],
        stamp=row[11],
        sources=tuple(told.pop("sources")),
        days=tuple(map(date.fromisoformat, told.pop("days", ()))),
        **_read_shared(told),
    )


def bounded(count: int) -> int:
    """Give a count that fits a column; less than none is none."""
    return count if 0 <= count <= _LARGEST else min(max(count, 0), _LARGEST)


@lru_cache(maxsize=1_000)  # a batch is mostly of one moment
def moment(at: datetime | None) -> str:
    """Write an instant as UTC text that sorts by time; '' for none."""
    if at is None:
        return ""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def _add_shared(told: dict[str, Any], thing: Record | Paper) -> None:
    told |= {name: value for name, value in zip(_AS_THEY_ARE, _values_as_they_are(thing), strict=True) if value}
    for (name, write), value in zip(_WRITERS, _values_to_write(thing), strict=True):
        if value:
            told[name] = write(value)


def _write_authors(authors: tuple[Author, ...]) -> list[str | list[str]]:
    return [[a.name, a.organisation, a.orcid] if a.organisation or a.orcid else a.name for a in authors]


_WRITERS: tuple[tuple[str, Callable[[Any], list[Any]]], ...] = (
    ("authors", _write_authors),
    ("ids", lambda ids: [f"{i.scheme}:{i.value}" for i in ids]),
    ("links", lambda links: [[link.kind, link.url] for link in links]),
    ("versions", lambda versions: [[v.number, v.at, v.comment] for v in versions]),
)


_values_as_they_are = attrgetter(*_AS_THEY_ARE)
_values_to_write = attrgetter(*(name for name, _ in _WRITERS))


def _read_shared(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _READERS[name](value) if name in _READERS else value for name, value in told.items()}


def _authors(told: list[Any]) -> tuple[Author, ...]:
    return tuple([Author(a) if isinstance(a, str) else Author(*a) for a in told])


def _ids(told: list[str]) -> tuple[ExternalId, ...]:
    return tuple([ExternalId(scheme, value) for scheme, _, value in (i.partition(":") for i in told)])


def _links(told: list[list[str]]) -> tuple[Link, ...]:
    return tuple([Link(kind, url) for kind, url in told])


def _versions(told: list[list[Any]]) -> tuple[Version, ...]:
    return tuple([Version(*version) for version in told])


_READERS: dict[str, Callable[[list[Any]], tuple[Any, ...]]] = {
    **dict.fromkeys(_LISTS, tuple),
    "authors": _authors,
    "ids": _ids,
    "links": _links,
    "versions": _versions,
}
