"""Zotero libraries as RDF (github.com/zotero/translators, Zotero RDF.js): items, and the collections they are in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.ids import ExternalId
from broadsheet.model.links import page_id
from broadsheet.model.record import Author, Problem, Record
from broadsheet.sources import fields, names
from broadsheet.sources.streams import MAX_RECORD, problem, too_large
from broadsheet.sources.xml_elements import Element, Wanted, child, children, elements, local_name, text_of

SOURCE = "zotero"
_ITEMS = ("Article", "Book", "BookSection", "Description", "Document", "Manuscript", "Report", "Thesis")
_COLLECTION = "Collection"
_WANTED = Wanted("RDF", records=(*_ITEMS, _COLLECTION))
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@dataclass(frozen=True, slots=True)
class Item:
    """A paper, and by what its library calls it."""

    about: str
    record: Record


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection by what its library calls it, its name, and what it holds: items and other collections."""

    about: str
    name: str
    parts: tuple[str, ...]


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Item | Collection | Problem]:
    """Read items and collections as they come; attachments and notes are passed over, an item without a title too."""
    for found in elements(stream, _WANTED, source=SOURCE, name=name):
        if isinstance(found, Problem):
            yield found
            continue
        where, element = found
        about = element.get(f"{_RDF}about") or ""
        if local_name(element) == _COLLECTION:
            parts = (part.get(f"{_RDF}resource") or "" for part in children(element, "hasPart"))
            yield Collection(about, text_of(child(element, "title")), tuple(filter(None, parts)))
        elif child(element, "title") is not None:
            read = _record(element, where, observed)
            yield Item(about, read) if isinstance(read, Record) else read


def _record(element: Element, where: str, observed: datetime | None) -> Record | Problem:
    title, abstract = text_of(child(element, "title")), text_of(child(element, "abstract"))
    if not title:
        return problem(SOURCE, where, "no-title", "The item has no title.")
    if len(title) + len(abstract) > MAX_RECORD:
        return too_large(SOURCE, where, title)
    authors, told = _authors(element), [text_of(one) for one in children(element, "identifier")]
    ids = _ids(element, told)
    return Record(
        source=SOURCE,
        key=fields.key_for(ids, title, authors),
        title=title,
        abstract=abstract,
        authors=authors,
        ids=ids,
        published=fields.iso(text_of(child(element, "date"))),
        venue=_venue(element),
        links=fields.links_of([("page", one) for one in told if one.startswith("http")], abstract),
        withdrawn=fields.is_withdrawn(abstract),
        observed=observed,
    )


def _authors(element: Element) -> tuple[Author, ...]:
    within = child(element, "authors")
    people = [] if within is None else list(within.iter("{*}Person"))
    spelt = (" ".join(filter(None, (_given(one), text_of(child(one, "surname"))))) for one in people)
    return tuple(found for name in spelt if (found := names.author(name)))


def _given(person: Element) -> str:
    return text_of(child(person, "givenName")) or text_of(child(person, "givenname"))


def _ids(element: Element, told: list[str]) -> tuple[ExternalId, ...]:
    dois = [found for one in told for found in fields.dois(one.removeprefix("DOI").strip())]
    # Zotero keeps arXiv ids as reports' numbers, in "extra" and in the address.
    words = text_of(child(element, "description")).replace(",", " ").split()
    others = fields.ids_of([*told, *words, text_of(child(element, "number"))])
    pages = [page for one in told if one.startswith("http") and (page := page_id(one))]
    return tuple(dict.fromkeys((*others, *dois, *pages)))


def _venue(element: Element) -> str:
    whole = child(element, "isPartOf")
    return "" if whole is None else next((text_of(one) for one in whole.iter("{*}title")), "")
