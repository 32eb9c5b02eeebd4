"""A paper in unqualified Dublin Core, which every repository speaks (openarchives.org/OAI/2.0/oai_dc.xsd)."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, written
from broadsheet.model.paper import Paper
from broadsheet.model.places import id_url, paper_url

SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DATE: Final = re.compile("[0-9]{4}(-[0-9]{2}){0,2}")
_ROOT: Final = {
    "xmlns:oai_dc": NAMESPACE,
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
}


def dublin_core(metadata: ET.Element, paper: Paper, origin: str) -> None:
    """Put a paper into the element ``metadata``; what nobody told is left out."""
    root = add(metadata, "oai_dc:dc", attributes=_ROOT)
    for name, text in _told(paper, origin):
        if said := written(text):
            add(root, f"dc:{name}", said)


def _told(paper: Paper, origin: str) -> Iterator[tuple[str, str]]:
    yield "title", paper.title or "Untitled"
    for author in paper.authors:
        yield "creator", author.name
    for subject in dict.fromkeys((*paper.categories, *paper.keywords)):
        yield "subject", subject
    yield "description", paper.abstract or paper.summary
    if paper.comment:
        # As arXiv does.
        yield "description", f"Comment: {paper.comment}"
    for date in dict.fromkeys((paper.published[:10], paper.updated[:10])):
        yield "date", date if _DATE.fullmatch(date) else ""
    yield "type", "text"
    page = f"{origin}{paper_url(paper)}"
    # Where a paper stands outside, that names it everywhere; ours only here.
    outside = list(filter(None, map(id_url, paper.ids)))
    for address in outside or [page]:
        yield "identifier", address
    yield "source", paper.venue
    yield "relation", page if outside else ""
    yield "rights", paper.licence
