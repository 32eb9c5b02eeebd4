"""How papers become objects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from broadsheet.api.v1.shapes import objects as shapes
from broadsheet.api.v1.shapes.values import instant, stamp
from broadsheet.flow.lists.keeping import Keeping
from broadsheet.flow.submitting.presented import Presented
from broadsheet.flow.voting.trending import Standing
from broadsheet.model.paper import Paper
from broadsheet.model.places import id_url, outside, paper_url, pdf_url
from broadsheet.model.query import Hit, Span
from broadsheet.rank.trending import Component


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside papers, by their numbers: comments here, upvotes of the reader with why they wait, notes.

    ``mine`` is None for anybody.
    """

    said: Mapping[int, int] = field(default_factory=dict)
    mine: Mapping[int, str] | None = None
    notes: Mapping[int, str] = field(default_factory=dict)


def paper(told: Paper, beside: Beside) -> shapes.Paper:
    """Make a paper."""
    mine = beside.mine
    return {
        "id": told.slug,
        "url": paper_url(told),
        "title": told.title,
        "abstract": told.abstract,
        "authors": [
            {"name": each.name, "organisation": each.organisation or None, "orcid": each.orcid or None}
            for each in told.authors
        ],
        "author_count": told.author_count or len(told.authors),
        "ids": [{"scheme": each.scheme, "value": each.value, "url": id_url(each) or None} for each in told.ids],
        "published": instant(told.published),
        "updated": instant(told.updated),
        "year": told.year,
        "categories": list(told.categories),
        "keywords": list(told.keywords),
        "venue": told.venue or None,
        "organisations": list(told.organisations),
        "links": [{"kind": link.kind, "url": link.url} for link in told.links if outside(link.url)],
        "pdf": pdf_url(told) or None,
        "media": [url for url in told.media if outside(url)],
        "summary": told.summary or None,
        "comment": told.comment or None,
        "licence": told.licence or None,
        "versions": [
            {"number": each.number, "at": instant(each.at), "comment": each.comment or None} for each in told.versions
        ],
        "sources": list(told.sources),
        "days": [day.isoformat() for day in told.days],
        "upvotes": told.upvotes,
        "comments": told.comments + beside.said.get(told.id, 0),
        "stars": told.stars,
        "citations": told.citations,
        "has_code": told.has_code,
        "withdrawn": told.withdrawn,
        "note": beside.notes.get(told.id),
        "mine": None if mine is None else {"upvoted": told.id in mine, "waits": bool(mine.get(told.id))},
    }


@dataclass(frozen=True, slots=True)
class Around:
    """What is told of a paper alone: how it came to its days, its place, and how the reader keeps it."""

    presented: tuple[Presented, ...]
    standing: Standing | None
    keeping: Keeping | None


def whole(told: Paper, beside: Beside, around: Around) -> shapes.Whole:
    """Make a paper alone."""
    keeping = around.keeping
    return {
        **paper(told, beside),
        "presented": [_presented(each) for each in around.presented],
        "standing": _standing(around.standing) if around.standing else None,
        "kept": None if keeping is None else {"labels": sorted(keeping.holding), "mark": keeping.state},
    }


def evidence(hit: Hit | None, parts: Iterable[Component]) -> shapes.Evidence:
    """Make the evidence for a paper: of a search its hit, of what trends the parts."""
    return {
        "rank": hit.rank if hit else None,
        "score": hit.score if hit else None,
        "matched": hit.evidence if hit else None,
        "guess": hit.guess if hit else False,
        "title": _spans(hit.title if hit else ()),
        "sentence": _spans(hit.snippet if hit else ()),
        "parts": _parts(parts),
    }


def _presented(told: Presented) -> shapes.Presented:
    bringer = told.bringer
    return {
        "day": told.day.isoformat(),
        "at": instant(told.at),
        "by": told.by or (bringer.name if bringer else "") or None,
        "reader": (bringer.handle if bringer else "") or None,
        "note": (bringer.note if bringer else "") or None,
    }


def _standing(told: Standing) -> shapes.Standing:
    return {"born": stamp(told.born), "waiting": told.waiting, "parts": _parts(told.parts)}


def _parts(told: Iterable[Component]) -> list[shapes.Part]:
    return [
        {"name": p.name, "amount": float(p.amount), "weight": float(p.weight), "points": float(p.points)} for p in told
    ]


def _spans(told: Iterable[Span]) -> list[shapes.Span]:
    return [{"text": span.text, "matched": span.matched} for span in told]
