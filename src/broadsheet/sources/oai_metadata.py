"""The three metadata formats read from OAI-PMH: ``arXiv``, ``arXivRaw`` and ``oai_dc``."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.model.ids import ExternalId, arxiv_id
from broadsheet.model.links import page_id
from broadsheet.model.record import Author, Problem, Record, Version
from broadsheet.sources import fields, names
from broadsheet.sources.streams import problem
from broadsheet.sources.xml_elements import (
    Element,
    attribute,
    child,
    child_text,
    child_texts,
    children,
    local_name,
    text_of,
)

_ARXIV = "oai:arXiv.org:"
_NOTE, _MAX_NOTE = "Comment:", 1_000


@dataclass(frozen=True, slots=True)
class Header:
    """A record's header, the format asked for, and when the repository answered."""

    identifier: str
    datestamp: str
    prefix: str
    observed: datetime | None

    @property
    def source(self) -> str:
        """Whose record it is: arXiv's, or some other repository's."""
        return "arxiv" if self.identifier.startswith(_ARXIV) else "oai"

    @property
    def arxiv(self) -> ExternalId | None:
        """The arXiv id in the identifier, None elsewhere."""
        found = arxiv_id(self.identifier.removeprefix(_ARXIV)) if self.source == "arxiv" else None
        return found[0] if found else None

    def key(self, prefix: str) -> str:
        """Name the record by its arXiv id and format, as each tells what others do not; else by its identifier."""
        own = self.arxiv
        if own is None:
            return fields.own_key(self.identifier)
        return own.value if prefix in {"arXiv", ""} else f"{own.value}#{prefix}"


def deleted(header: Header) -> Record:
    """Say that the repository has taken a record back."""
    own = header.arxiv
    return Record(
        source=header.source,
        key=header.key(header.prefix),
        title="",
        ids=(own,) if own else (),
        updated=header.datestamp,
        deleted=True,
        observed=header.observed,
    )


def read(metadata: Element, header: Header, where: str) -> Record | Problem:
    """Read one record's metadata in whichever of the three formats it is."""
    reader = _FORMATS.get(local_name(metadata))
    if reader is None:
        return problem(
            header.source, where, "unknown-metadata", f"<{local_name(metadata)}> is not read.", header.identifier
        )
    if not child_text(metadata, "title"):
        return problem(header.source, where, "no-title", "The record has no title.", header.identifier)
    return reader(metadata, header)


def _read_arxiv(metadata: Element, header: Header) -> Record:
    authors = child(metadata, "authors")
    found = (_arxiv_author(one) for one in (children(authors, "author") if authors is not None else ()))
    told = _texts(metadata, but="authors")
    return replace(
        _arxiv(told, header),
        key=header.key("arXiv"),
        authors=tuple([one for one in found if one]),
        published=fields.iso(told["created"]),
        updated=fields.iso(told["updated"]),
    )


def _arxiv_author(author: Element) -> Author | None:
    told = child_texts(author)
    parts = [told[tag] for tag in ("forenames", "keyname", "suffix") if told.get(tag)]
    return names.author(" ".join(parts), told.get("affiliation", ""))


def _read_raw(metadata: Element, header: Header) -> Record:
    versions = tuple(
        Version(number, fields.iso(child_text(one, "date")))
        for one in children(metadata, "version")
        if (number := fields.count(attribute(one, "version").removeprefix("v")))
    )
    told = _texts(metadata)
    return replace(
        _arxiv(told, header),
        key=header.key("arXivRaw"),
        version=versions[-1].number if versions else 0,
        authors=names.split(told["authors"]),
        published=versions[0].at if versions else "",
        updated=versions[-1].at if len(versions) > 1 else "",
        versions=versions,
    )


def _texts(metadata: Element, *, but: str = "version") -> defaultdict[str, str]:
    return defaultdict(str, child_texts(metadata, but=but))


def _arxiv(told: Mapping[str, str], header: Header) -> Record:
    """Read what both of arXiv's own formats say alike; absent texts are empty."""
    abstract, comment = told["abstract"], told["comments"]
    own = arxiv_id(told["id"])
    ids = (own[0],) if own else (header.arxiv,) if header.arxiv else ()
    return Record(
        source=header.source,
        key=header.key(""),
        title=told["title"],
        abstract=abstract,
        ids=tuple(dict.fromkeys((*ids, *fields.dois(told["doi"])))),
        categories=fields.texts(told["categories"], " "),
        venue=told["journal-ref"],
        links=fields.links_of((), f"{abstract} {comment}"),
        comment=comment,
        licence=told["license"],
        withdrawn=fields.is_withdrawn(abstract, comment),
        observed=header.observed,
    )


def _read_dublin_core(metadata: Element, header: Header) -> Record:
    said = {tag: [text_of(one) for one in children(metadata, tag)] for tag in _DUBLIN_CORE}
    named = [one for one in said["identifier"] if one.startswith(("http", "doi:", "10."))]
    pages = [page for one in named if (page := page_id(one))]
    ids = tuple(dict.fromkeys((*((header.arxiv,) if header.arxiv else ()), *pages)))
    # arXiv puts its comments beside the abstract as a second description.
    abstract, *notes = sorted(said["description"], key=_is_note) or [""]
    dates = sorted(date for one in said["date"] if (date := fields.iso(one)))
    comment = " ".join(note.removeprefix(_NOTE).strip() for note in notes)
    return Record(
        source=header.source,
        key=header.key("oai_dc"),
        title=said["title"][0],
        abstract=abstract,
        authors=tuple(found for one in said["creator"] if (found := names.author(one))),
        ids=ids,
        published=dates[0] if dates else "",
        updated=dates[-1] if len(dates) > 1 else "",
        keywords=tuple(dict.fromkeys(one for one in said["subject"] if one)),
        venue=next((one for one in said["source"] if one), ""),
        links=fields.links_of((("page", one) for one in named), abstract),
        comment=comment,
        licence=next((one for one in said["rights"] if one), ""),
        withdrawn=fields.is_withdrawn(abstract, comment),
        observed=header.observed,
    )


def _is_note(description: str) -> bool:
    return description.startswith(_NOTE) and len(description) < _MAX_NOTE


_DUBLIN_CORE = ("title", "creator", "subject", "description", "date", "identifier", "source", "rights")
_FORMATS: dict[str, Callable[[Element, Header], Record]] = {
    "arXiv": _read_arxiv,
    "arXivRaw": _read_raw,
    "dc": _read_dublin_core,
}
