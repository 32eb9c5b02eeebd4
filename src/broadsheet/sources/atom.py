"""The arXiv API's Atom feeds (info.arxiv.org/help/api/user-manual)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.ids import arxiv_id
from broadsheet.model.record import Author, Problem, Record, Version
from broadsheet.sources import fields, names
from broadsheet.sources.envelope import Envelope
from broadsheet.sources.streams import problem
from broadsheet.sources.xml_elements import (
    Element,
    Wanted,
    attribute,
    child_text,
    children,
    elements,
    local_name,
    parent_name,
    text_of,
)

SOURCE = "arxiv"
_WANTED = Wanted("feed", records=("entry",), beside=("updated", "totalResults", "startIndex"))
_ABS = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/abs/(.+)", re.IGNORECASE)
_ERROR = "/api/errors"


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem | Envelope]:
    """Read a feed's entries, then its Envelope; an error entry is a problem ``api-error``, an empty feed is none."""
    envelope = Envelope()
    for found in elements(stream, _WANTED, source=SOURCE, name=name):
        if isinstance(found, Problem):
            yield found
            continue
        where, element = found
        if local_name(element) == "entry":
            told = _entry(element, where, envelope.response_date or observed)
            if isinstance(told, Problem) and told.kind == "api-error":
                envelope = replace(envelope, error_code=told.kind, error_message=told.message)
            yield told
        elif parent_name(element) == "feed":
            envelope = _noted(envelope, element)
    yield envelope


def _noted(envelope: Envelope, element: Element) -> Envelope:
    said = text_of(element)
    match local_name(element):
        case "updated":
            return replace(envelope, response_date=fields.instant(said))
        case "totalResults":
            return replace(envelope, complete_list_size=fields.count(said))
        case _:
            return replace(envelope, cursor=fields.count(said))


def _entry(entry: Element, where: str, observed: datetime | None) -> Record | Problem:
    own, title, abstract = (child_text(entry, tag) for tag in ("id", "title", "summary"))
    if _ERROR in own:
        return problem(SOURCE, where, "api-error", abstract or title or own, own)
    if not title:
        return problem(SOURCE, where, "no-title", "The entry has no title.", own)
    address = _ABS.match(own)
    named = arxiv_id(address[1]) if address else None
    if named is None:
        return problem(SOURCE, where, "no-id", "The entry is not one of arXiv's.", own)
    found_id, version = named
    comment = child_text(entry, "comment")
    published, updated = (fields.iso(child_text(entry, tag)) for tag in ("published", "updated"))
    return Record(
        source=SOURCE,
        key=found_id.value,
        version=version,
        title=title,
        abstract=abstract,
        authors=_authors(entry),
        ids=(found_id, *(one for one in fields.dois(child_text(entry, "doi")) if one != found_id)),
        published=published,
        updated=updated,
        categories=_categories(entry),
        venue=child_text(entry, "journal_ref"),
        links=fields.links_of(_links(entry), f"{abstract} {comment}"),
        comment=comment,
        versions=_versions(version, published, updated),
        withdrawn=fields.is_withdrawn(abstract, comment),
        observed=observed,
    )


def _versions(version: int, published: str, updated: str) -> tuple[Version, ...]:
    """Tell what an entry knows of its history: when it first came, and when this version did."""
    if version <= 1:
        return (Version(1, published),) if version else ()
    return Version(1, published), Version(version, updated)


def _authors(entry: Element) -> tuple[Author, ...]:
    told = ((child_text(one, "name"), child_text(one, "affiliation")) for one in children(entry, "author"))
    return tuple(found for name, organisation in told if (found := names.author(name, organisation)))


def _categories(entry: Element) -> tuple[str, ...]:
    told = [*children(entry, "primary_category"), *children(entry, "category")]
    return tuple(dict.fromkeys(term for one in told if (term := attribute(one, "term"))))


def _links(entry: Element) -> Iterator[tuple[str, str]]:
    for link in children(entry, "link"):
        url = attribute(link, "href")
        if attribute(link, "title") == "pdf":
            yield "pdf", url
        elif attribute(link, "rel") == "alternate":
            yield "page", url
