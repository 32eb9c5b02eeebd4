"""The ``citation_*`` meta tags with which publishers tell what a page is about (Google Scholar's inclusion guidelines).

Dublin Core's names stand in where a page has those. A page that names no title tells of no paper.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from lxml import etree

from broadsheet.model.ids import ExternalId, arxiv_id, doi
from broadsheet.model.record import Author, Problem, Record
from broadsheet.sources import fields, names
from broadsheet.sources.html_text import html_text
from broadsheet.sources.streams import problem

SOURCE = "page"
# What may be meant: beyond this a page is not read on, or a field is left out.
_MOST_TAGS, _LONGEST = 5_000, 40_000
_MOST_AUTHORS, _MOST_KEYWORDS = 3_000, 100
_TITLE = ("citation_title", "dc.title", "dcterms.title")
_AUTHOR = ("citation_author", "citation_authors", "dc.creator", "dcterms.creator")
_ABSTRACT = ("citation_abstract", "dcterms.abstract", "dc.description", "dcterms.description")
_PUBLISHED = (
    "citation_publication_date", "citation_online_date", "citation_date", "citation_cover_date", "citation_year",
    "dc.date", "dcterms.issued", "dcterms.date",
)  # fmt: skip
_VENUE = ("citation_journal_title", "citation_conference_title", "citation_conference", "citation_inbook_title")
_KEYWORDS = ("citation_keywords", "dc.subject", "dcterms.subject")
_INSTITUTION = "citation_author_institution"
_WANTED = frozenset(
    {
        *_TITLE, *_AUTHOR, *_ABSTRACT, *_PUBLISHED, *_VENUE, *_KEYWORDS, _INSTITUTION, "citation_author_orcid",
        "citation_doi", "citation_arxiv_id", "citation_pdf_url", "dc.identifier",
    }
)  # fmt: skip
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
Tags = Mapping[str, list[str]]


def read(page: str, *, url: str, name: ExternalId, observed: datetime | None = None) -> Record | Problem:
    """Read what the page at ``url`` says of the paper that ``name`` stands for; never raises.

    The record bears ``name`` and, behind it, the ids that the page claims, which are only the page's word.
    """
    collector = _Collector()
    _feed(collector, page)
    tags = collector.tags
    title = _first(tags, _TITLE)
    if not title:
        return problem(SOURCE, url, "no-title", "The page does not say of which paper it tells.", "")
    pdf = _first(tags, ("citation_pdf_url",))
    abstract = html_text(_raw(tags, _ABSTRACT))
    return Record(
        source=SOURCE,
        key=fields.own_key(str(name)),
        title=title,
        abstract=abstract if abstract != title else "",
        authors=tuple(_authors(collector.people, tags)),
        ids=tuple(dict.fromkeys((name, *_claimed(tags)))),
        published=_published(tags),
        venue=_first(tags, _VENUE),
        keywords=tuple(_keywords(tags)),
        links=fields.links_of([("page", url), ("pdf", pdf)], ""),
        observed=observed,
    )


class _Collector:
    """Hears of a page's elements as they come and keeps the meta tags that are wanted; builds no tree."""

    def __init__(self) -> None:
        self.tags: dict[str, list[str]] = {}
        self.people: list[list[str]] = []  # an author's name, then the institutions told after it
        self._seen = 0

    def start(self, tag: str, told: Mapping[str, str]) -> None:
        if tag != "meta" or self._seen >= _MOST_TAGS:
            return
        self._seen += 1
        key = (told.get("name") or told.get("property") or "").strip().lower()
        value = told.get("content") or ""
        if key not in _WANTED or not value.strip() or len(value) > _LONGEST:
            return
        self.tags.setdefault(key, []).append(value)
        if key == "citation_author" and len(self.people) < _MOST_AUTHORS:
            self.people.append([value])
        elif key in {_INSTITUTION, "citation_author_orcid"} and self.people:
            self.people[-1].append(value)

    def close(self) -> None:
        """End the page."""


def _feed(collector: _Collector, page: str) -> None:
    parser = etree.HTMLParser(
        target=collector,  # type: ignore[arg-type] # lxml asks only for the methods there are (lxml.de/parsing.html)
        encoding="utf-8",
        no_network=True,
        huge_tree=False,
        recover=True,
    )
    try:
        parser.feed(page.replace("\0", "").encode("utf-8", "ignore"))
        parser.close()
    except (etree.LxmlError, ValueError):
        return  # what was heard until then is still what the page says


def _raw(tags: Tags, keys: Iterable[str]) -> str:
    return next((value for key in keys for value in tags.get(key, ())), "")


def _first(tags: Tags, keys: Iterable[str]) -> str:
    return next((found for key in keys for value in tags.get(key, ()) if (found := html_text(value))), "")


def _authors(people: list[list[str]], tags: Tags) -> Iterator[Author]:
    if not people:
        told = next((tags[key] for key in _AUTHOR if key in tags), [])
        yield from names.listed([html_text(name) for name in told[:_MOST_AUTHORS]])
        return
    for name, *about in people:
        orcids = (match[1] for value in about if (match := _ORCID.fullmatch(value.strip())))
        places = (text for value in about if not _ORCID.fullmatch(value.strip()) and (text := html_text(value)))
        if found := names.author(html_text(name), next(places, ""), next(orcids, "")):
            yield found


def _claimed(tags: Tags) -> Iterator[ExternalId]:
    for value in tags.get("citation_arxiv_id", ())[:1]:
        if found := arxiv_id(value):
            yield found[0]
    for value in (*tags.get("citation_doi", ())[:1], *tags.get("dc.identifier", ())[:3]):
        if one := doi(value):
            yield one


def _published(tags: Tags) -> str:
    for value in (value for key in _PUBLISHED for value in tags.get(key, ())):
        american = _AMERICAN.fullmatch(value.strip())
        if found := fields.iso(f"{american[3]}-{american[1]}-{american[2]}" if american else value):
            return found
    return ""


def _keywords(tags: Tags) -> list[str]:
    told = [word for key in _KEYWORDS for value in tags.get(key, ()) for word in fields.texts(html_text(value), ";,")]
    return list(dict.fromkeys(told))[:_MOST_KEYWORDS]
