"""Lists of papers as other places export them: which papers, on which labels, with which notes."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from broadsheet.errors import Invalid
from broadsheet.model.ids import ExternalId, parse_id
from broadsheet.model.links import page_id
from broadsheet.model.record import Problem, Record
from broadsheet.sources import bibtex, csl, scholar_csv, zotero_rdf
from broadsheet.sources.detect import detect
from broadsheet.sources.envelope import Envelope

MAX_BYTES = 1 << 25
MAX_ENTRIES = 20_000
OWN = "broadsheet-belongings"
UPVOTED = "Upvoted"
_SCHOLAR = re.compile(r"\ufeff?\"?authors\"?,\"?title\"?,\"?publication\"?", re.IGNORECASE)
_RDF = re.compile(r"<(?:\w{1,40}:)?RDF[\s>]")
_ZOTERO = "zotero.org/namespaces"
_PICKLED = (b"\x80", b"SQLite format 3")
_HEAD = 1 << 14
# ``get_tags_db`` is arxiv-sanity-lite's own (aslite/db.py); a pickle runs whatever its author wrote into it.
_CONVERT = (
    "import json; from aslite.db import get_tags_db; "
    "print(json.dumps({user: {tag: sorted(papers) for tag, papers in tags.items()} "
    "for user, tags in get_tags_db().items()}))"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One paper in somebody's lists: its record or at least its ids, and what it is called when it is not known here.

    ``labels`` are names, none for a paper that is on no list of its own; ``state`` is one of ``model.label.STATES``.
    """

    called: str
    ids: tuple[ExternalId, ...] = ()
    record: Record | None = None
    labels: tuple[str, ...] = ()
    note: str = ""
    state: str = ""


@dataclass(slots=True)
class Listing:
    """What a file holds: its format in words, papers, labels with what is told about them, and what is unreadable."""

    kind: str
    papers: list[Listed] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_lists(content: bytes, *, name: str) -> Listing:
    """Read what somebody brings: BibTeX, CSL-JSON, Zotero RDF, a Scholar CSV, tags as JSON, or an export of ours.

    Raises Invalid for anything else, for more than MAX_BYTES, and for a pickle, which is never opened.
    """
    if content.startswith(_PICKLED):
        raise Invalid(
            "This is a Python pickle or a database, which could run code here and is not opened. In the folder of "
            f"arxiv-sanity-lite run: python -c '{_CONVERT}' > tags.json – and bring tags.json.",
            field="file",
        )
    if content.startswith(b"PK"):
        content = _unzipped(content)
    if len(content) > MAX_BYTES:
        raise Invalid(f"That is more than {MAX_BYTES >> 20} MB.", field="file")
    head = content[:_HEAD].decode("utf-8", "replace").lstrip()
    if (root := _RDF.search(head)) and _ZOTERO in head[root.start() :]:
        return _zotero(content, name)
    if _SCHOLAR.match(head):
        return _records("Scholar's table", scholar_csv.parse, content, name)
    found = detect(content[:_HEAD], name)
    if found == "bibtex":
        return _records("BibTeX", bibtex.parse, content, name)
    if head.startswith("[") and found == "csl":
        return _records("CSL-JSON", csl.parse, content, name)
    return _json(content)


def _records(kind: str, parse: Callable[..., Iterator[Any]], content: bytes, name: str) -> Listing:
    listing = Listing(kind)
    for found in islice(parse(io.BytesIO(content), name=name), MAX_ENTRIES):
        if isinstance(found, Record):
            listing.papers.append(Listed(found.title, found.ids, found))
        elif not isinstance(found, Envelope):
            listing.problems.append(found)
    return listing


def _zotero(content: bytes, name: str) -> Listing:
    listing = Listing("Zotero RDF")
    items: list[zotero_rdf.Item] = []
    collections: dict[str, zotero_rdf.Collection] = {}
    for found in islice(zotero_rdf.parse(io.BytesIO(content), name=name), MAX_ENTRIES):
        match found:
            case zotero_rdf.Item():
                items.append(found)
            case zotero_rdf.Collection():
                collections[found.about] = found
            case _:
                listing.problems.append(found)
    holding: dict[str, list[str]] = {}
    for collection in collections.values():
        for part in collection.parts:
            if collection.name and part not in collections:
                holding.setdefault(part, []).append(collection.name)
    for item in items:
        labels = tuple(dict.fromkeys(holding.get(item.about, ())))
        listing.papers.append(Listed(item.record.title, item.record.ids, item.record, labels))
    return listing


def _json(content: bytes) -> Listing:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Invalid(
            "This is none of what can be brought: BibTeX, CSL-JSON, Zotero RDF, a CSV of Google Scholar's, tags as "
            "JSON, or an export of Broadsheet's.",
            field="file",
        )
    return _own(told) if told.get("format") == OWN else _tags(told)


def _tags(told: Mapping[str, Any]) -> Listing:
    """Read ``{tag: [paper, …]}``, or the same for each of several users: arxiv-sanity-lite's tags."""
    listing = Listing("tags")
    for name, papers in _flat(told):
        listing.labels.setdefault(name, "")
        for paper in papers[: MAX_ENTRIES - len(listing.papers)]:
            listing.papers.append(Listed(paper[:200], _ids(paper), labels=(name,)))
    return listing


def _flat(told: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, value in told.items():
        if isinstance(value, dict) and any(isinstance(inner, list | dict) for inner in value.values()):
            yield from _flat_once(value)
        else:
            yield from _flat_once({name: value})


def _flat_once(told: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, value in told.items():
        papers = value if isinstance(value, list) else list(value) if isinstance(value, dict) else None
        if papers is None:
            raise Invalid(f"Under the tag “{name[:40]}” there is no list of papers.", field="file")
        yield name, [str(paper) for paper in papers if isinstance(paper, str | int | float)]


def _own(told: Mapping[str, Any]) -> Listing:
    """Read an export of ours; upvotes come as a label, since a vote is given in one house only."""
    listing = Listing("an export of Broadsheet's")
    rows = {name: _rows(told, name) for name in ("labels", "label_papers", "readings", "upvotes")}
    names = {str(row.get("id")): str(row.get("name") or "") for row in rows["labels"]}
    listing.labels = {str(row["name"]): str(row.get("about") or "") for row in rows["labels"] if row.get("name")}
    for row in rows["label_papers"]:
        name = names.get(str(row.get("label_id")), "")
        listing.papers.append(_paper(row, labels=(name,) if name else (), note=str(row.get("note") or "")))
    listing.papers += [_paper(row, state=str(row.get("state") or "")) for row in rows["readings"]]
    listing.papers += [_paper(row, labels=(UPVOTED,)) for row in rows["upvotes"]]
    return listing


def _rows(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = told.get(name)
    return [row for row in rows[:MAX_ENTRIES] if isinstance(row, dict)] if isinstance(rows, list) else []


def _paper(row: Mapping[str, Any], *, labels: tuple[str, ...] = (), note: str = "", state: str = "") -> Listed:
    slug = str(row.get("paper") or "")[:500]
    return Listed(slug, _ids(slug), labels=labels, note=note, state=state)


def _ids(name: str) -> tuple[ExternalId, ...]:
    found = parse_id(name) or page_id(name.removeprefix("url/"))
    return (found,) if found else ()


def _unzipped(content: bytes) -> bytes:
    """Read the one member of an export that matters; nothing is unpacked to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("belongings.json") as member:
            return member.read(MAX_BYTES + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        raise Invalid("This zip is no export of Broadsheet's, or a damaged one.", field="file") from None
