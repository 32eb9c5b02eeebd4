"""OpenAlex: how often works are cited, and by whom they are (https://developers.openalex.org/api-reference/works).

Values of a filter with ``|`` between them are alternatives. Its topics are guesses of a classifier, and not taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from broadsheet.errors import Unavailable
from broadsheet.model.ids import ExternalId, doi, parse_id
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author, Problem, Record, Signal
from broadsheet.sources import fields
from broadsheet.sources.adapter import Answer, Ask, Service
from broadsheet.sources.live.answered import whole_json
from broadsheet.sources.live.crossref import dois_of
from broadsheet.sources.services import OPENALEX
from broadsheet.sources.streams import problem

SOURCE = "openalex"
_AT_ONCE = 50
_FIELDS = "id,doi,title,publication_date,cited_by_count,is_retracted,primary_location,locations,authorships"
# How arXiv's own DOIs begin (https://info.arxiv.org/help/doi.html).
_ARXIV = "10.48550/arxiv."
_AUTHORS, _LOCATIONS = 50, 20
# Lists a day without a key, a few of them left for others at the same address.
_FEW_ASKS, _MANY_ASKS = 90, 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlex:
    """Asks under a paper's DOI, else the one that arXiv gave it; whoever signs in may ask a hundred times as much."""

    contact: str = ""
    signed_in: bool = False
    service: Service = OPENALEX
    source: str = SOURCE
    most_at_once: int = _AT_ONCE

    @property
    def most_asks(self) -> int:
        """Say how many requests one run may make: of those a day allows."""
        return _MANY_ASKS if self.signed_in else _FEW_ASKS

    def wanted(self, paper: Paper) -> str:
        """Give the paper's first DOI, else the DOI of its first arXiv id."""
        arxiv = (f"{_ARXIV}{one.value}" for one in paper.ids if one.scheme == "arxiv")
        # A colon parts a filter from its values, and is refused in one.
        return next((value for value in dois_of(paper) if ":" not in value), "") or next(arxiv, "")

    def ask(self, keys: Sequence[str]) -> Ask:
        """Ask for works by DOI, only for the fields that are read; it is denied when one of them cannot be read."""
        told = {"filter": "doi:" + "|".join(keys), "per-page": len(keys), "select": _FIELDS}
        contact = {"mailto": self.contact} if "@" in self.contact else {}
        url = f"{self.service.base}?{urlencode({**told, **contact}, safe=':,/|', quote_via=quote)}"
        return Ask(url=url, may_be_gone=True)

    def read(self, keys: Sequence[str], answer: Answer) -> list[Record | Problem]:
        """Read a list of works. Raises Unavailable for what is none; works nobody asked for are left out."""
        works = fields.mapping(whole_json(answer, self.service)).get("results")
        if not isinstance(works, list):
            raise Unavailable("openalex answered with no list of works.")
        asked = {found: key for key in keys if (found := doi(key))}
        told: dict[str, Record | Problem] = {}
        for one in works:
            work = fields.mapping(one)
            ids = tuple(dict.fromkeys(_ids(work)))
            key = next((asked[i] for i in ids if i in asked), "")
            if key:
                told.setdefault(key, _record(work, key, ids, answer))
        return list(told.values())


def _record(work: Mapping[str, Any], key: str, ids: tuple[ExternalId, ...], answer: Answer) -> Record | Problem:
    title = fields.text(work.get("title"))
    if not title:
        return problem(SOURCE, key, "no-title", "The work has no title.", str(work))
    authorships = _objects(work.get("authorships"))[:_AUTHORS]
    citations = fields.count(work.get("cited_by_count"))
    retracted = work.get("is_retracted") is True
    return Record(
        source=SOURCE,
        key=key,
        title=title,
        authors=tuple(Author(name) for one in authorships if (name := _name(one.get("author")))),
        ids=ids,
        published=fields.iso(work.get("publication_date")),
        venue=_venue(fields.mapping(work.get("primary_location"))),
        organisations=_organisations(authorships),
        comment=f"Retracted, says OpenAlex: https://doi.org/{key}" if retracted else "",
        signals=() if citations is None else (Signal("citations", citations, answer.at),),
        withdrawn=retracted,
        observed=answer.at,
    )


def _ids(work: Mapping[str, Any]) -> Iterator[ExternalId]:
    """Give the work's DOI, and the arXiv id where its places show a single one."""
    own = fields.text(work.get("doi"))
    if found := doi(own):
        yield found
    pages = [fields.text(place.get("landing_page_url")) for place in _objects(work.get("locations"))[:_LOCATIONS]]
    arxiv = {one for page in pages if (one := parse_id(page)) and one.scheme == "arxiv"}
    if len(arxiv) == 1:
        yield from arxiv


def _venue(place: Mapping[str, object]) -> str:
    """Name where the work was published; a repository is no venue."""
    venue = fields.mapping(place.get("source"))
    return "" if fields.text(venue.get("type")) == "repository" else _name(venue)


def _organisations(authorships: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    named = (_name(one) for authorship in authorships for one in _objects(authorship.get("institutions")))
    return tuple(dict.fromkeys(name for name in named if name))


def _name(value: object) -> str:
    return fields.text(fields.mapping(value).get("display_name"))


def _objects(value: object) -> list[Mapping[str, object]]:
    return [fields.mapping(one) for one in value if isinstance(one, dict)] if isinstance(value, list) else []
