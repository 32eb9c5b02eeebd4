"""CSL-JSON, as Zotero, Crossref and Pandoc write it (docs.citationstyles.org, csl-data.json)."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from broadsheet.model.ids import ExternalId
from broadsheet.model.links import page_id
from broadsheet.model.record import Author, Problem, Record
from broadsheet.sources import fields, names
from broadsheet.sources.json_values import values
from broadsheet.sources.streams import MAX_RECORD, problem, too_large

SOURCE = "csl"
# Crossref leaves JATS, Zotero a little HTML in titles and abstracts.
_HEADING = re.compile(r"<jats:title>\s{0,9}(?:abstract|summary)\s{0,9}</jats:title>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:jats:(?:p|sec|title|list|list-item)|p|br)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:jats:[a-z-]{1,20}|i|b|sub|sup|sc|span)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_VENUES = ("container-title", "event-title", "event", "collection-title", "publisher")
_DATES = ("issued", "published", "published-print", "published-online", "available-date", "created")


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read items from an array, or one a line; Crossref's ``{message: {items}}`` too."""
    for found in values(stream, source=SOURCE, name=name):
        if isinstance(found, Problem):
            yield found
            continue
        where, value = found
        message = value.get("message", value) if isinstance(value, dict) else value
        items = message.get("items") if isinstance(message, dict) else None
        if isinstance(items, list):
            yield from (_record(item, f"{where} item {number}", observed) for number, item in enumerate(items, 1))
        else:
            yield _record(message, where, observed)


def _record(told: object, where: str, observed: datetime | None) -> Record | Problem:
    if not isinstance(told, dict):
        return problem(SOURCE, where, "not-an-object", "An item is a JSON object.", str(told))
    title, abstract = read_text(told, "title"), read_text(told, "abstract")
    if not title:
        return problem(SOURCE, where, "no-title", "The item has no title.", str(told))
    if len(title) + len(abstract) > MAX_RECORD:
        return too_large(SOURCE, where, title)
    authors, ids = read_authors(told.get("author")), _ids(told)
    return Record(
        source=SOURCE,
        key=fields.key_for(ids, title, authors),
        title=title,
        abstract=abstract,
        authors=authors,
        ids=ids,
        published=next((date for key in _DATES if (date := read_date(told.get(key)))), ""),
        categories=fields.texts(told.get("categories")),
        keywords=fields.texts(told.get("keyword"), ";,"),
        venue=next((venue for key in _VENUES if (venue := read_text(told, key))), ""),
        links=fields.links_of(_links(told), abstract),
        comment=read_text(told, "note"),
        licence=next(iter(fields.texts([fields.mapping(one).get("URL") for one in _list(told.get("license"))])), ""),
        withdrawn=fields.is_withdrawn(abstract),
        observed=observed,
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def read_text(told: Mapping[str, Any], key: str) -> str:
    """Give a field as clean text, without JATS and HTML; the first of a list."""
    value = fields.text(told.get(key))
    return fields.text(_MARKUP.sub("", _BREAK.sub(" ", _HEADING.sub("", value)))) if "<" in value else value


def read_authors(value: object) -> tuple[Author, ...]:
    """Read a list of name variables; what names nobody is left out."""
    return tuple(found for one in _list(value) if (found := _author(fields.mapping(one))))


def _author(told: Mapping[str, object]) -> Author | None:
    literal = fields.text(told.get("literal")) or fields.text(told.get("name"))
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    name = literal or " ".join(part for key in parts if (part := fields.text(told.get(key))))
    organisation = next((fields.text(fields.mapping(one).get("name")) for one in _list(told.get("affiliation"))), "")
    return names.author(name.replace(",", "") if not literal else name, organisation, fields.text(told.get("ORCID")))


def read_date(value: object) -> str:
    """Read a date variable as ISO 8601 of whatever precision it has; empty when it is none."""
    told = fields.mapping(value)
    parts = next(iter(_list(told.get("date-parts"))), None)
    numbers = [fields.text(part) for part in _list(parts)[:3]]
    return fields.iso("-".join(part for part in numbers if part)) or fields.iso(
        fields.text(told.get("raw")) or fields.text(told.get("literal")) or fields.text(value)
    )


def _ids(told: Mapping[str, Any]) -> tuple[ExternalId, ...]:
    found = list(fields.dois(fields.text(told.get("DOI"))))
    found.extend(fields.ids_of([told.get("id"), told.get("number"), told.get("archive_location")]))
    page = page_id(fields.text(told.get("URL")))
    return tuple(dict.fromkeys((*found, *((page,) if page else ()))))


def _links(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "page", fields.text(told.get("URL"))
    for one in _list(told.get("link")):
        link = fields.mapping(one)
        if link.get("content-type") == "application/pdf":
            yield "pdf", fields.text(link.get("URL"))
