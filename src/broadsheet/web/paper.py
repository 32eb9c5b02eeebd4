"""The page of one paper."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.cite.bibtex import bibtex
from broadsheet.cite.facts import date_of, work_of
from broadsheet.cite.styles import STYLES, reference_spans
from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.visitor import visitor_of
from broadsheet.errors import BroadsheetError
from broadsheet.flow import paper as flow
from broadsheet.flow.house import House
from broadsheet.flow.reading.similar import Similar, similar
from broadsheet.flow.shelf.history import has_history
from broadsheet.flow.voting import trending
from broadsheet.model.paper import Paper
from broadsheet.model.places import id_url, outside, paper_url, pdf_url, search_for
from broadsheet.model.text import plain
from broadsheet.web import comments, moderation
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.embeds import poster
from broadsheet.web.embeds.snippets import snippets
from broadsheet.web.press import etag, still_good
from broadsheet.web.readings import keeping_of
from broadsheet.web.upvotes import ballots

# In the order a reader wants them, with the words on the button; a kind not named here is not shown.
_LINKS = (
    ("pdf", "PDF"),
    ("code", "Code"),
    ("project", "Project page"),
    ("data", "Data"),
    ("video", "Video"),
    ("page", "Page"),
    ("other", "Link"),
)
_SCHEMES = {"arxiv": "arXiv", "doi": "DOI", "acl": "ACL Anthology", "openreview": "OpenReview"}
# What readers of our pages' metadata call where a paper stands; a preprint's server is neither.
_PLACES = {"article": "journal", "inproceedings": "conference"}


def page(request: Request) -> Response:
    """Show a paper; any other name it has (a version, another scheme's id, a merged paper's) redirects here."""
    house, asked = house_of(request), request.path_params["slug"]
    paper = flow.show(house, asked, hidden=visitor_of(request).may("moderator"))
    if asked != paper.slug:
        return RedirectResponse(paper_url(paper), status_code=308)
    # What is similar depends on the whole shelf, which costs much less to name than to search.
    with_history = has_history(house, paper)
    said = comments.of_paper(request, paper) | moderation.of_paper(request, paper)
    standing, mine = trending.standing(house, paper, visitor_of(request).reader)
    near, origin = (house.text_index.seen(), _embedded(house)), origin_of(request)
    tag = etag(request, paper.stamp, paper.upvotes, standing, near, with_history, said, origin)
    return still_good(request, tag) or render_with_forms(
        request,
        "paper.html",
        headers={"ETag": tag},
        similar=_similar(house, paper),
        has_history=with_history,
        origin=origin,
        has_preview=poster.is_available(),
        snippets=snippets(paper, site_name=house.settings.site_name, origin=origin),
        standing=standing,
        ballots=ballots(request, mine),
        keeping=keeping_of(request, paper),
        **said,
        **_facts(paper),
    )


def _embedded(house: House) -> tuple[str, int] | None:
    """Name the vectors that answer and how far they reach."""
    try:
        answering = house.spaces.answering()
    except BroadsheetError:
        return None
    return answering.space.token, answering.vectors.seen()


def _similar(house: House, paper: Paper) -> tuple[Similar, ...]:
    """Find similar papers; none while there is no search by meaning, for the page is worth having without."""
    try:
        return similar(house, paper)
    except BroadsheetError:
        return ()


def _facts(paper: Paper) -> dict[str, Any]:
    date = [f"{part:02}" for part in date_of(paper)]
    return {
        "paper": paper,
        "bibtex": bibtex(paper),
        "references": [(style.name, reference_spans(paper, style.key)) for style in STYLES],
        "more_like_url": search_for(like=(paper.slug,)),
        "links": _links(paper),
        "names": [(_SCHEMES[i.scheme], i.value, id_url(i)) for i in paper.ids if i.scheme in _SCHEMES],
        "media": [url for url in paper.media if outside(url)],
        "pdf": pdf_url(paper),
        "place": _PLACES.get(work_of(paper), ""),
        "date": date,
        "article": _article(paper, "-".join(date)),
    }


def _links(paper: Paper) -> list[tuple[str, str]]:
    """List the addresses worth a button as ``(words, url)``, each once, the paper's own home first."""
    home = [(f"{_SCHEMES[i.scheme]} page", id_url(i)) for i in paper.ids[:1] if i.scheme in _SCHEMES]
    told = [(words, outside(url)) for kind, words in _LINKS for url in paper.links_of(kind)]
    found = [*home, ("PDF", pdf_url(paper)), *told]
    by_url: dict[str, str] = {}
    for words, url in found:
        by_url.setdefault(url, words)
    return [(words, url) for url, words in by_url.items() if url]


def _article(paper: Paper, date: str) -> dict[str, Any]:
    """Describe the paper for machines (https://schema.org/ScholarlyArticle)."""
    facts = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "name": plain(paper.title),
        "headline": plain(paper.title),
        "abstract": plain(paper.abstract),
        "author": [{"@type": "Person", "name": plain(author.name)} for author in paper.authors],
        "datePublished": date,
        "dateModified": paper.updated,
        "keywords": [plain(keyword) for keyword in paper.keywords],
        "license": outside(paper.licence),
        "identifier": [str(i) for i in paper.ids],
        "sameAs": [url for i in paper.ids if (url := id_url(i))],
        "isPartOf": {"@type": "CreativeWork", "name": plain(paper.venue)} if paper.venue else None,
    }
    return {name: value for name, value in facts.items() if value}
