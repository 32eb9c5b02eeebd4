"""The history of one paper: every text it had, and what changed between two of them."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import paper as papers
from broadsheet.flow.shelf import history as flow
from broadsheet.model.places import paper_url
from broadsheet.web import paper as paper_page
from broadsheet.web.press import etag, render, still_good


def page(request: Request) -> Response:
    """Show what was told of a paper, in order, and what changed from one text (`from`) to another (`to`)."""
    house, asked = house_of(request), request.path_params["slug"]
    try:
        paper = papers.show(house, asked)
    except NotFound:
        # The last word may belong to the id itself.
        request.path_params["slug"] = f"{asked}/history"
        return paper_page.page(request)
    if asked != paper.slug:
        return RedirectResponse(f"{paper_url(paper)}/history", status_code=308)
    found = flow.history(house, paper)
    count = len(found.tellings)
    before, after = _number(request, "from", count - 1, count), _number(request, "to", count, count)
    tag = etag(request, paper.stamp, found, before, after)
    return still_good(request, tag) or render(
        request,
        "history.html",
        headers={"ETag": tag},
        paper=paper,
        tellings=list(enumerate(found.tellings, 1)),
        before=before,
        after=after,
        change=flow.change(found, before, after) if count > 1 else None,
    )


def _number(request: Request, word: str, usual: int, most: int) -> int:
    text = request.query_params.get(word, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise Invalid(f"{text[:40]!r} is no text of this paper; there are {most}.", field=word)
    return int(text)
