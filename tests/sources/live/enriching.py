"""Made-up answers of services that tell more of papers, in their own formats."""

import io
import json
from datetime import UTC, datetime
from typing import Any

from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.record import Link
from broadsheet.sources.adapter import Answer

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)


def answered(told: object, at: datetime = AT) -> Answer:
    """Give an answer with this body, bytes as they are and anything else as JSON."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Answer(url="https://example.org/", body=io.BytesIO(body), at=at)


def paper(*ids: str, code: tuple[str, ...] = ()) -> Paper:
    """Give a paper with external ids and links to code."""
    known = tuple(ExternalId(*i.split(":", 1)) for i in ids)
    return Paper(slug=known[0].slug, title="Folding", ids=known, links=tuple(Link("code", url) for url in code))


def crossref_work(doi: str, /, **told: Any) -> dict[str, Any]:
    """Give a work as Crossref tells it."""
    work = {
        "DOI": doi.upper(),
        "type": "journal-article",
        "title": ["Folding <i>Napkins</i>"],
        "author": [{"given": "Ann", "family": "Lee", "sequence": "first", "affiliation": []}],
        "container-title": ["Journal of Napkins", "J. Napk."],
        "issued": {"date-parts": [[2024, 5]]},
        "published-online": {"date-parts": [[2024, 5, 2]]},
        "license": [
            {"URL": "https://example.org/tdm", "content-version": "tdm", "delay-in-days": 0},
            {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor", "delay-in-days": 0},
        ],
        "is-referenced-by-count": 12,
        "relation": {},
    }
    return work | told


def crossref_list(*works: object) -> dict[str, Any]:
    """Give works in the envelope that Crossref puts around them."""
    message = {"total-results": len(works), "items": list(works), "items-per-page": len(works)}
    return {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}


def update(kind: str, notice: str, source: str = "publisher") -> dict[str, Any]:
    """Give what Crossref says of an update to a work."""
    day = {"date-parts": [[2025, 7, 26]], "date-time": "2025-07-26T00:00:00Z", "timestamp": 1753488000000}
    return {"DOI": notice, "type": kind, "label": kind.title(), "source": source, "updated": day}


def openalex_work(doi: str, /, **told: Any) -> dict[str, Any]:
    """Give a work as OpenAlex tells it."""
    journal = {"id": "https://openalex.org/S1", "display_name": "Journal of Napkins", "type": "journal"}
    work = {
        "id": "https://openalex.org/W1",
        "doi": f"https://doi.org/{doi}",
        "title": "Folding Napkins",
        "publication_date": "2024-05-02",
        "cited_by_count": 15,
        "is_retracted": False,
        "primary_location": {"landing_page_url": f"https://doi.org/{doi}", "source": journal},
        "locations": [{"landing_page_url": f"https://doi.org/{doi}", "source": journal}],
        "authorships": [
            {
                "author_position": "first",
                "author": {"id": "https://openalex.org/A1", "display_name": "Ann Lee"},
                "institutions": [{"display_name": "University of Napkins"}, {"display_name": "Linen Lab"}],
            },
            {"author": {"display_name": "Bo Chen"}, "institutions": [{"display_name": "Linen Lab"}]},
        ],
    }
    return work | told


def openalex_list(*works: object) -> dict[str, Any]:
    """Give works in the envelope that OpenAlex puts around them."""
    return {"meta": {"count": len(works), "page": 1, "per_page": 50}, "results": list(works), "group_by": []}


def github_repository(name: str, stars: object) -> dict[str, Any]:
    """Give a repository as GitHub tells it."""
    return {"id": 1, "full_name": name, "private": False, "stargazers_count": stars, "archived": False}
