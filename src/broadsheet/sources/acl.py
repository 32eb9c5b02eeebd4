"""The ACL Anthology's XML (github.com/acl-org/acl-anthology, schema.rnc)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.ids import ExternalId, acl_id
from broadsheet.model.record import Author, Problem, Record, Version
from broadsheet.model.text import clean
from broadsheet.sources import fields, names
from broadsheet.sources.streams import problem
from broadsheet.sources.xml_elements import (
    Element,
    Wanted,
    attribute,
    child,
    child_text,
    children,
    elements,
    local_name,
)

SOURCE = "acl"
_WANTED = Wanted("collection", records=("paper",), beside=("meta",))
_SITE = "https://aclanthology.org"
_TWO_DIGIT_VOLUMES = frozenset({"C69"})
_MIXED_COLLECTION, _FIRST_WORKSHOP = "D19", 5
_ATTACHED = {"software": "code", "code": "code", "dataset": "data", "data": "data", "video": "video"}


@dataclass(frozen=True, slots=True)
class _Volume:
    """What all papers of a volume share."""

    collection: str = ""
    number: str = ""
    venue: str = ""
    published: str = ""


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read the papers of a collection, each with its volume's title and date; front matter is no paper."""
    volume = _Volume()
    for found in elements(stream, _WANTED, source=SOURCE, name=name):
        if isinstance(found, Problem):
            yield found
            continue
        where, element = found
        if local_name(element) == "meta":
            volume = _volume(element)
        else:
            yield _paper(element, volume, where, observed)


def _volume(meta: Element) -> _Volume:
    volume = meta.getparent()
    collection = None if volume is None else volume.getparent()
    return _Volume(
        attribute(collection, "id"),
        attribute(volume, "id"),
        marked_up(child(meta, "booktitle")) or child_text(meta, "journal-title"),
        fields.year_month(child_text(meta, "year"), child_text(meta, "month")),
    )


def _paper(paper: Element, volume: _Volume, where: str, observed: datetime | None) -> Record | Problem:
    title, abstract = marked_up(child(paper, "title")), marked_up(child(paper, "abstract"))
    if not title:
        return problem(SOURCE, where, "no-title", "The paper has no title.", attribute(paper, "id"))
    own = acl_id(child_text(paper, "url")) or _built_id(paper, volume)
    if own is None:
        return problem(SOURCE, where, "no-id", "The paper has no Anthology id.", title)
    dois = fields.dois(child_text(paper, "doi"))
    return Record(
        source=SOURCE,
        key=own.value,
        title=title,
        abstract=abstract,
        authors=_authors(paper),
        ids=(own, *dois),
        published=_own_date(paper) or volume.published,
        venue=volume.venue or child_text(paper, "journal"),
        links=fields.links_of(_links(paper, own), abstract),
        comment="; ".join(fields.text(one.text) for one in children(paper, "award")),
        versions=_versions(paper),
        withdrawn=child(paper, "retracted") is not None or child(paper, "removed") is not None,
        observed=observed,
    )


def _built_id(paper: Element, volume: _Volume) -> ExternalId | None:
    """Build the id as the Anthology does: ``2022.acl-long.1``, ``W04-0102``, ``P90-1001``."""
    number = attribute(paper, "id")
    if "." in volume.collection:
        return acl_id(f"{volume.collection}-{volume.number}.{number}")
    if not (volume.number.isdecimal() and number.isdecimal()):
        return None
    workshop = volume.collection.startswith("W") or volume.collection in _TWO_DIGIT_VOLUMES
    if workshop or (volume.collection == _MIXED_COLLECTION and int(volume.number) >= _FIRST_WORKSHOP):
        return acl_id(f"{volume.collection}-{int(volume.number):02d}{int(number):02d}")
    return acl_id(f"{volume.collection}-{int(volume.number)}{int(number):03d}")


def _own_date(paper: Element) -> str:
    year = child_text(paper, "year")
    return fields.year_month(year, child_text(paper, "month")) if year else ""


def _authors(paper: Element) -> tuple[Author, ...]:
    found = (_author(one) for one in children(paper, "author"))
    return tuple(one for one in found if one)


def _author(author: Element) -> Author | None:
    name = " ".join(part for tag in ("first", "last") if (part := child_text(author, tag)))
    orcid = attribute(author, "orcid")
    return names.author(name or fields.text(author.text), child_text(author, "affiliation"), orcid)


def _links(paper: Element, own: ExternalId) -> Iterator[tuple[str, str]]:
    yield "page", f"{_SITE}/{own.value}/"
    yield "pdf", f"{_SITE}/{own.value}.pdf"
    for tag, kind in (("pwccode", "code"), ("pwcdataset", "data")):
        for one in children(paper, tag):
            yield kind, attribute(one, "url")
    for one in children(paper, "video"):
        yield "video", attribute(one, "href")
    for one in children(paper, "attachment"):
        kind = _ATTACHED.get(attribute(one, "type").lower(), "other")
        said = fields.text(one.text)
        yield kind, said if said.startswith("http") else f"{_SITE}/attachments/{said}"


def _versions(paper: Element) -> tuple[Version, ...]:
    told = ((fields.count(attribute(one, "id")), one) for one in children(paper, "revision"))
    return tuple(
        Version(number, fields.iso(attribute(one, "date")), fields.text(one.text)) for number, one in told if number
    )


def marked_up(element: Element | None) -> str:
    """Give the text of a title or an abstract, ``<tex-math>`` as ``$…$`` and other markup gone."""
    return "" if element is None else clean("".join(_pieces(element)))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        if local_name(inner) == "tex-math":
            yield f"${''.join(str(piece) for piece in inner.itertext())}$"
        else:
            yield from _pieces(inner)
        yield inner.tail or ""
