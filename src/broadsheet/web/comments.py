"""What readers say: under a paper, everywhere, before it was edited, and the forms for all of it."""

from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import paper as papers
from broadsheet.flow.talking import edit as edits
from broadsheet.flow.talking import react as reactions
from broadsheet.flow.talking import report as reports
from broadsheet.flow.talking import say as sayings
from broadsheet.flow.talking import thread
from broadsheet.model.comment import EMOJI, MAX_BODY, MAX_WHY, Comment
from broadsheet.model.paper import Paper
from broadsheet.model.places import paper_url
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.press import render

_MAX_DIGITS = 15


def of_paper(request: Request, paper: Paper) -> dict[str, Any]:
    """Give what ``talk.html`` shows of a paper's comments; the address chooses the order and the page."""
    newest_first = request.query_params.get("order") == "newest"
    page = _number(request.query_params.get("page") or "1", "page")
    talk = thread.talk(house_of(request), paper, visitor_of(request).reader, newest_first=newest_first, page=page)
    return {"talk": talk, "emoji": EMOJI, "max_body": MAX_BODY, "max_why": MAX_WHY}


def latest(request: Request) -> Response:
    """List the newest comments of the house."""
    before = request.query_params.get("before")
    told, handles = thread.latest(house_of(request), before=_number(before, "before") if before else None)
    return render(request, "comments.html", told=told, handles=handles, is_full=len(told) == thread.LATEST)


def open_(request: Request) -> Response:
    """Lead to where a comment stands."""
    number = _path_number(request)
    paper, page = thread.place(house_of(request), number, visitor_of(request).reader)
    asked = f"?page={page}" if page > 1 else ""
    return RedirectResponse(f"{paper_url(paper)}{asked}#comment-{number}", status_code=303)


def history(request: Request) -> Response:
    """Show all that a comment ever said, and what changed each time."""
    house, asked, number = house_of(request), request.path_params["slug"], _path_number(request)
    paper = papers.show(house, asked)
    if asked != paper.slug:
        return RedirectResponse(f"{paper_url(paper)}/comments/{number}/history", status_code=308)
    said, changes = thread.history(house, paper, number, visitor_of(request).reader)
    return render(request, "comment_history.html", paper=paper, said=said, changes=changes)


def say(request: Request, form: QueryParams) -> Response:
    """Keep a comment or an answer."""
    house, paper = house_of(request), papers.show(house_of(request), request.path_params["slug"])
    answers = _number(form["answers"], "answers") if form.get("answers") else None
    kept = sayings.say(house, reader_of(request), paper.id, form.get("body", ""), answers=answers)
    return _to(kept)


def preview(request: Request, form: QueryParams) -> Response:
    """Show a text as it would stand, over the form that holds it."""
    house, paper = house_of(request), papers.show(house_of(request), request.path_params["slug"])
    body = sayings.body_of(form.get("body", ""))
    places: dict[str, Any] = {
        name: _number(form[name], name) if form.get(name) else "" for name in ("answers", "edits")
    }
    handles = thread.known_handles(house, body)
    return render_with_forms(
        request, "comment_preview.html", paper=paper, body=body, handles=handles, max_body=MAX_BODY, **places
    )


def edit(request: Request, form: QueryParams) -> Response:
    """Let a comment say something else."""
    return _to(edits.edit(house_of(request), reader_of(request), _path_number(request), form.get("body", "")))


def withdraw(request: Request, _: QueryParams) -> Response:
    """Take a comment back."""
    house = house_of(request)
    paper = thread.about(house, edits.withdraw(house, reader_of(request), _path_number(request)))
    return RedirectResponse(f"{paper_url(paper)}#comments" if paper else "/", status_code=303)


def react(request: Request, form: QueryParams) -> Response:
    """Say an emoji to a comment (``emoji``), or take it back (``back``)."""
    house, reader, number = house_of(request), reader_of(request), _path_number(request)
    if form.get("back"):
        return _to(reactions.unreact(house, reader, number, form["back"]))
    return _to(reactions.react(house, reader, number, form.get("emoji", "")))


def report(request: Request, form: QueryParams) -> Response:
    """Tell the moderators of a comment."""
    return _to(reports.report(house_of(request), reader_of(request), _path_number(request), form.get("why", "")))


def _to(comment: Comment) -> Response:
    return RedirectResponse(f"/comments/{comment.id}", status_code=303)


def _path_number(request: Request) -> int:
    text = request.path_params["number"]
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        raise NotFound(f"There is no comment {text[:40]!r}.")
    return int(text)


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS and int(text) > 0):
        raise Invalid(f"{text[:40]!r} is not a whole number above 0.", field=field)
    return int(text)
