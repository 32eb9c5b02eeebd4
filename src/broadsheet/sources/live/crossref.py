"""Crossref: what publishers say of their DOIs, and which were retracted (https://api.crossref.org, swagger docs).

Several ``doi`` filters in one request are alternatives. Retractions come from publishers and from Retraction Watch, as
``updated-by`` (https://www.crossref.org/blog/retraction-watch-retractions-now-in-the-crossref-api/).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from broadsheet.errors import Unavailable
from broadsheet.model.ids import ExternalId, arxiv_id, doi
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Problem, Record, Signal
from broadsheet.sources import csl, fields
from broadsheet.sources.adapter import Answer, Ask, Service
from broadsheet.sources.live.answered import whole_json
from broadsheet.sources.services import CROSSREF
from broadsheet.sources.streams import problem

SOURCE = "crossref"
_AT_ONCE = 50
_FIELDS = (
    "DOI,type,title,author,container-title,issued,published-online,published-print,license,is-referenced-by-count,"
    "relation,update-to,updated-by"
)
# What bears a DOI and is no single work: its counts and its retraction are not those of a paper in it.
_WHOLES = frozenset(
    {
        "book-series", "book-set", "database", "edited-book", "grant", "journal", "journal-issue", "journal-volume",
        "proceedings", "proceedings-series", "report-series", "reference-book",
    }
)  # fmt: skip
_RETRACTED = {"retraction": "Retracted", "withdrawal": "Withdrawn", "removal": "Removed"}
_WHO = {"retraction-watch": "Retraction Watch", "publisher": "the publisher"}
_SAME_WORK = ("has-preprint", "is-preprint-of")
_NOT_IN_A_FILTER = frozenset(",|&# ")
# Enough to tell whether this is the paper that was asked for.
_AUTHORS = 50
_RELATED = 3


def dois_of(paper: Paper) -> Iterator[str]:
    """Give a paper's DOIs that can stand in a filter, each as it is."""
    for one in paper.ids:
        value = one.value
        if one.scheme == "doi" and value.isascii() and value.isprintable() and _NOT_IN_A_FILTER.isdisjoint(value):
            yield value


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossref:
    """Asks under a paper's first DOI; ``contact`` is an address to write to."""

    contact: str = ""
    service: Service = CROSSREF
    source: str = SOURCE
    most_at_once: int = _AT_ONCE
    most_asks: int = 1_000

    def wanted(self, paper: Paper) -> str:
        """Give the paper's first DOI."""
        return next(dois_of(paper), "")

    def ask(self, keys: Sequence[str]) -> Ask:
        """Ask for works by DOI, only for the fields that are read; it is denied when one of them cannot be read."""
        told = {"filter": ",".join(f"doi:{key}" for key in keys), "rows": len(keys), "select": _FIELDS}
        contact = {"mailto": self.contact} if "@" in self.contact else {}
        url = f"{self.service.base}?{urlencode({**told, **contact}, safe=':,/', quote_via=quote)}"
        return Ask(url=url, may_be_gone=True)

    def read(self, keys: Sequence[str], answer: Answer) -> list[Record | Problem]:
        """Read a list of works. Raises Unavailable for what is none; works nobody asked for are left out."""
        message = fields.mapping(whole_json(answer, self.service)).get("message")
        items = fields.mapping(message).get("items")
        if not isinstance(items, list):
            raise Unavailable("crossref answered with no list of works.")
        told: dict[str, Record | Problem] = {}
        for item in items:
            work = fields.mapping(item)
            key = _doi(work.get("DOI"))
            if key in keys and fields.text(work.get("type")) not in _WHOLES:
                told.setdefault(key, _record(work, key, answer))
        return list(told.values())


def _record(work: Mapping[str, Any], key: str, answer: Answer) -> Record | Problem:
    title = csl.read_text(work, "title")
    if not title:
        return problem(SOURCE, key, "no-title", "The work has no title.", str(work))
    citations = fields.count(work.get("is-referenced-by-count"))
    notice = _notice(work, key)
    dates = (work.get(name) for name in ("issued", "published-online", "published-print"))
    return Record(
        source=SOURCE,
        key=key,
        title=title,
        authors=tuple(Author(a.name) for a in csl.read_authors(work.get("author"))[:_AUTHORS]),
        ids=tuple(dict.fromkeys((ExternalId("doi", key), *_related(work)))),
        published=next((date for told in dates if (date := csl.read_date(told))), ""),
        venue=csl.read_text(work, "container-title"),
        licence=_licence(work.get("license")),
        comment=notice,
        signals=() if citations is None else (Signal("citations", citations, answer.at),),
        withdrawn=bool(notice),
        observed=answer.at,
    )


def _doi(value: object) -> str:
    found = doi(value) if isinstance(value, str) else None
    return found.value if found and found.scheme == "doi" else ""


def _related(work: Mapping[str, Any]) -> Iterator[ExternalId]:
    """Give the preprint of this, or what this is a preprint of."""
    relation = fields.mapping(work.get("relation"))
    for name in _SAME_WORK:
        for one in _objects(relation.get(name))[:_RELATED]:
            value = fields.text(one.get("id"))
            match fields.text(one.get("id-type")).lower():
                case "doi" if found := doi(value):
                    yield found
                case "arxiv" if arxiv := arxiv_id(value):
                    yield arxiv[0]


def _notice(work: Mapping[str, Any], key: str) -> str:
    """Say that, when and where a work was retracted; empty for one that stands."""
    updates = _objects(work.get("updated-by"))
    # A publisher that marks the article itself says that it updates its own DOI.
    updates += [one for one in _objects(work.get("update-to")) if _doi(one.get("DOI")) == key]
    for one in updates:
        if word := _RETRACTED.get(fields.text(one.get("type")).lower().replace("_", "-")):
            day = csl.read_date(one.get("updated"))
            where = _doi(one.get("DOI"))
            who = _WHO.get(fields.text(one.get("source")), "Crossref")
            on = f" on {day}" if day else ""
            see = f": https://doi.org/{where}" if where else ""
            return f"{word}{on}, says {who}{see}"
    return ""


def _licence(value: object) -> str:
    """Give the address of the licence for readers: of the version of record, else of another; none for text mining."""
    told = {fields.text(one.get("content-version")): fields.text(one.get("URL")) for one in _objects(value)}
    return next((told[version] for version in ("vor", "am", "unspecified") if told.get(version)), "")


def _objects(value: object) -> list[Mapping[str, object]]:
    return [fields.mapping(one) for one in value if isinstance(one, dict)] if isinstance(value, list) else []
