"""An author's page, and the forms by which moderators and authors mend it."""

from typing import Any
from urllib.parse import quote

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.flow.people import authors as flow
from broadsheet.flow.people import claims, shaping
from broadsheet.flow.people.authors import PER_PAGE
from broadsheet.flow.people.claims import MAX_WORDS, Standing
from broadsheet.flow.people.shaping import Another, Verdict
from broadsheet.flow.people.similar_names import similar_names
from broadsheet.model.author import MAX_WHY, AuthorPage, Person
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.followed import followed_targets
from broadsheet.web.submissions import number_in
from broadsheet.web.upvotes import of_papers

_LAST_PAGE = flow.MOST // PER_PAGE
_MOST_DIGITS = 4


def page(request: Request) -> Response:
    """Show an author's papers; a slug they had leads to the one they have."""
    house, asked, reader = house_of(request), request.path_params["slug"], visitor_of(request).reader
    number = page_number(request, _LAST_PAGE)
    shown = flow.show(house, asked, page=number)
    person = shown.person
    if person.id and asked != person.slug:
        return RedirectResponse(_url(person), status_code=302)
    standing = claims.standing(house, person, reader)
    return render_with_forms(
        request,
        "author.html",
        shown=shown,
        url=_url(person),
        standing=standing,
        is_followed=person.slug in followed_targets(request, "author"),
        more=shown.total > number * PER_PAGE,
        ballots=of_papers(request, shown.papers),
        max_why=MAX_WHY,
        max_words=MAX_WORDS,
        **_mending(request, shown, standing),
    )


def merge(request: Request, form: QueryParams) -> Response:
    """Take another author for this one."""
    other = form.get("other", "").rstrip("/").rpartition("/")[2]
    return _to(shaping.merge(house_of(request), reader_of(request), _slug(request), other, form.get("why", "")))


def split(request: Request, form: QueryParams) -> Response:
    """Tell an author apart from another, by names and papers."""
    another = Another(form.getlist("name"), form.getlist("paper"))
    return _to(shaping.split(house_of(request), reader_of(request), _slug(request), another, form.get("why", "")))


def also(request: Request, form: QueryParams) -> Response:
    """Let an author be known under one more name."""
    name, why = form.get("name", ""), form.get("why", "")
    return _to(shaping.also(house_of(request), reader_of(request), _slug(request), name, why))


def rename(request: Request, form: QueryParams) -> Response:
    """Call an author by another of their names."""
    name, why = form.get("name", ""), form.get("why", "")
    return _to(shaping.rename(house_of(request), reader_of(request), _slug(request), name, why))


def mark(request: Request, form: QueryParams) -> Response:
    """Say whether a paper is an author's."""
    verdict = Verdict(form.get("paper", ""), theirs=form.get("theirs") == "yes")
    return _to(shaping.mark(house_of(request), reader_of(request), _slug(request), verdict, form.get("why", "")))


def undo(request: Request, _: QueryParams) -> Response:
    """Undo what was done to an author."""
    shaping.undo(house_of(request), reader_of(request), number_in(request))
    return RedirectResponse(f"/authors/{quote(_slug(request))}#history", status_code=303)


def page_number(request: Request, last: int) -> int:
    """Read which page the address asks for; the first for what is none."""
    asked = request.query_params.get("page", "1")
    fits = asked.isascii() and asked.isdecimal() and len(asked) <= _MOST_DIGITS
    return min(max(int(asked), 1), last) if fits else 1


def _mending(request: Request, shown: AuthorPage, standing: Standing) -> dict[str, Any]:
    """Give what those see who may mend the page: what was done, and names that may be the same person's."""
    house, visitor = house_of(request), visitor_of(request)
    mine = visitor.reader is not None and any(c.claim.reader_id == visitor.reader.id for c in standing.granted)
    may = visitor.may("moderator") or (mine and visitor.may("reader"))
    similar = similar_names(house, shown) if may else ()
    return {"may_mend": may, "similar": similar, "acts": shaping.history(house, shown.person)}


def _slug(request: Request) -> str:
    slug: str = request.path_params["slug"]
    return slug


def _url(person: Person) -> str:
    return f"/authors/{quote(person.slug)}"


def _to(person: Person) -> Response:
    return RedirectResponse(_url(person), status_code=303)
