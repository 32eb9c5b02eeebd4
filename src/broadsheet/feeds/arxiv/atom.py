"""Papers as arXiv's API tells of them: Atom with a few elements of its own (user manual, section 3.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final
from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, document, stamp, written
from broadsheet.model.paper import Paper
from broadsheet.model.places import id_url, paper_url, pdf_url
from broadsheet.model.record import Author
from broadsheet.model.selection import published_at, updated_at

_ARXIV: Final = "http://arxiv.org/schemas/atom"
_ROOT: Final = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
    "xmlns:arxiv": _ARXIV,
}
_ERRORS: Final = "http://arxiv.org/api/errors"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the papers: what was asked and where, when, and the numbers of OpenSearch."""

    asked: str
    origin: str
    at: datetime
    total: int = 1
    start: int = 0
    per_page: int = 1


def feed(frame: Frame, papers: Sequence[Paper]) -> bytes:
    """Write a page of papers."""
    root = _framed(frame)
    for paper in papers:
        _entry(root, paper, frame.origin)
    return document(root)


def refusal(frame: Frame, sentence: str) -> bytes:
    """Say what was wrong as arXiv does: one entry, whose id begins with a certain address."""
    root, said = _framed(frame), written(sentence)
    entry = add(root, "entry")
    address = f"{_ERRORS}#{'_'.join(said.split())}"
    add(entry, "id", address)
    add(entry, "title", "Error")
    add(entry, "summary", said)
    add(entry, "updated", stamp(frame.at))
    add(entry, "published", stamp(frame.at))
    add(entry, "link", attributes={"href": address, "rel": "alternate", "type": "text/html"})
    add(add(entry, "author"), "name", "arXiv api core")
    return document(root)


def _framed(frame: Frame) -> ET.Element:
    root = ET.Element("feed", _ROOT)
    asked = written(frame.asked)
    place = f"{frame.origin}/arxiv/api/query?{asked}"
    add(root, "link", attributes={"href": place, "rel": "self", "type": "application/atom+xml"})
    add(root, "title", f"arXiv Query: {asked}")
    add(root, "id", f"{frame.origin}/arxiv/api/{blake2b(asked.encode(), digest_size=12).hexdigest()}")
    add(root, "updated", stamp(frame.at))
    add(root, "opensearch:totalResults", str(frame.total))
    add(root, "opensearch:startIndex", str(frame.start))
    add(root, "opensearch:itemsPerPage", str(frame.per_page))
    return root


def _entry(root: ET.Element, paper: Paper, origin: str) -> None:
    entry, page = add(root, "entry"), _page(paper, origin)
    add(entry, "id", page)
    # Programs pass over what has no date.
    updated = updated_at(paper)
    add(entry, "updated", stamp(updated))
    add(entry, "published", stamp(published_at(paper) or updated))
    add(entry, "title", written(paper.title) or "Untitled")
    add(entry, "summary", written(paper.abstract or paper.summary))
    for author in paper.authors:
        _author(entry, author)
    for name, text in _told(paper):
        if said := written(text):
            add(entry, f"arxiv:{name}", said)
    _categories(entry, paper)
    for link in _links(paper, page):
        add(entry, "link", attributes=link)


def _author(entry: ET.Element, author: Author) -> None:
    if name := written(author.name):
        told = add(entry, "author")
        add(told, "name", name)
        if organisation := written(author.organisation):
            add(told, "arxiv:affiliation", organisation)


def _categories(entry: ET.Element, paper: Paper) -> None:
    categories = [said for one in paper.categories if (said := written(one))]
    for primary in categories[:1]:
        add(entry, "arxiv:primary_category", attributes={"term": primary, "scheme": _ARXIV})
    for category in categories:
        add(entry, "category", attributes={"term": category, "scheme": _ARXIV})


def _told(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "doi", _id(paper, "doi")
    yield "comment", paper.comment
    yield "journal_ref", paper.venue


def _links(paper: Paper, page: str) -> Iterator[dict[str, str]]:
    yield {"href": page, "rel": "alternate", "type": "text/html"}
    if pdf := pdf_url(paper):
        yield {"href": pdf, "rel": "related", "title": "pdf", "type": "application/pdf"}
    for external_id in [one for one in paper.ids if one.scheme == "doi"][:1]:
        yield {"href": id_url(external_id), "rel": "related", "title": "doi"}


def _page(paper: Paper, origin: str) -> str:
    """Name a paper of arXiv's as arXiv does, with the version where that is known; any other by its page here."""
    own = _id(paper, "arxiv")
    latest = max((version.number for version in paper.versions), default=0)
    return f"http://arxiv.org/abs/{own}{f'v{latest}' if latest else ''}" if own else f"{origin}{paper_url(paper)}"


def _id(paper: Paper, scheme: str) -> str:
    return next((i.value for i in paper.ids if i.scheme == scheme), "")
