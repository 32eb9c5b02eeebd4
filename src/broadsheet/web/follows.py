"""Following in the browser: the buttons, and what is new of all that is followed."""

from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of
from broadsheet.flow.people import following as flow
from broadsheet.flow.people.followed import Followed
from broadsheet.model.places import search_url
from broadsheet.model.query import Query
from broadsheet.web.authors import page_number
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.next import local_path
from broadsheet.web.upvotes import of_papers

_LAST_PAGE = 50


def page(request: Request) -> Response:
    """Show the newest papers of all that a reader follows, and what that is."""
    news = flow.news(house_of(request), reader_of(request), page=page_number(request, _LAST_PAGE))
    ballots = of_papers(request, [paper for paper, _ in news.papers])
    return render_with_forms(request, "following.html", news=news, url_of=followed_url, ballots=ballots)


def follow(request: Request, form: QueryParams) -> Response:
    """Follow something."""
    flow.follow(house_of(request), reader_of(request), form.get("kind", ""), form.get("target", ""))
    return _back(form)


def stop(request: Request, form: QueryParams) -> Response:
    """Follow something no longer."""
    flow.unfollow(house_of(request), reader_of(request), form.get("kind", ""), form.get("target", ""))
    return _back(form)


def followed_url(followed: Followed) -> str:
    """Point to what is followed."""
    target = quote(followed.target)
    if followed.kind == "label":
        handle, _, slug = followed.target.partition("/")
        return f"/readers/{quote(handle)}/labels/{quote(slug)}"
    if followed.kind == "category":
        return search_url(Query(categories=(followed.target,), sort="date"))
    return {"author": "/authors/", "organisation": "/organisations/"}.get(followed.kind, "/searches/") + target


def _back(form: QueryParams) -> Response:
    return RedirectResponse(local_path(form.get("next", "") or "/following"), status_code=303)
