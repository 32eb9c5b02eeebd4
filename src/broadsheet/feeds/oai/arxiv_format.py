"""A paper of arXiv's in arXiv's own format (info.arxiv.org/help/oa, oaipmh.arxiv.org/oai?verb=ListMetadataFormats)."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, written
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author

SCHEMA: Final = "http://arxiv.org/OAI/arXiv.xsd"
NAMESPACE: Final = "http://arxiv.org/OAI/arXiv/"
_ROOT: Final = {"xmlns": NAMESPACE, "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}"}
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def arxiv(metadata: ET.Element, paper: Paper, _: str) -> None:
    """Put a paper of arXiv's into the element ``metadata``; what nobody told is left out."""
    root = add(metadata, "arXiv", attributes=_ROOT)
    add(root, "id", _id(paper, "arxiv"))
    for name, date in (("created", paper.published[:10]), ("updated", paper.updated[:10])):
        if _DAY.fullmatch(date):
            add(root, name, date)
    authors = add(root, "authors")
    for author in paper.authors:
        _author(authors, author)
    for name, text in _told(paper):
        if said := written(text):
            add(root, name, said)


def _told(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", paper.title or "Untitled"
    # Blanks stand between them.
    yield "categories", " ".join(one for one in paper.categories if len(one.split()) == 1)
    yield "comments", paper.comment
    yield "journal-ref", paper.venue
    yield "doi", _id(paper, "doi")
    yield "license", paper.licence
    yield "abstract", paper.abstract


def _author(authors: ET.Element, author: Author) -> None:
    """Tell an author by the last word of their name and those before it, which make the name again."""
    forenames, _, keyname = written(author.name).rpartition(" ")
    if keyname:
        told = add(authors, "author")
        add(told, "keyname", keyname)
        if forenames:
            add(told, "forenames", forenames)
        if organisation := written(author.organisation):
            add(told, "affiliation", organisation)


def _id(paper: Paper, scheme: str) -> str:
    return next((i.value for i in paper.ids if i.scheme == scheme), "")
