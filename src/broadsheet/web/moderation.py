"""What waits for moderators, the forms by which they decide, and the log that everybody can read."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import Invalid, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.moderating import acts, comments, papers, readers, reporting, submissions
from broadsheet.flow.moderating import queue as flow
from broadsheet.flow.moderating.papers import OPEN
from broadsheet.flow.submitting.brought import who_brought
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.web import claims
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.next import local_path
from broadsheet.web.press import render
from broadsheet.web.submissions import number_in

_Numbered = Mapping[str, Callable[[House, Reader, int, str], object]]
_OF_SUBMISSIONS: _Numbered = {"approve": submissions.approve, "refuse": submissions.refuse}
_OF_COMMENTS: _Numbered = {"approve": comments.approve, "hide": comments.hide, "restore": comments.restore}
_OF_PAPERS: Mapping[str, Callable[[House, Reader, str, str], Paper]] = {
    "hide": papers.hide,
    "restore": papers.restore,
    "lock": papers.lock,
    "unlock": papers.unlock,
}
_MAX_DIGITS = 15


def of_paper(request: Request, paper: Paper) -> dict[str, Any]:
    """Give what a paper's page shows of who brought it in and of what was decided about it."""
    house, reader = house_of(request), visitor_of(request).reader
    # Readers come to no hidden paper, and are told by the comments whether those are closed.
    ruling = papers.ruling(house, paper) if reader and reader.may("moderator") else OPEN
    return {"bringer": who_brought(house, [paper]).get(paper.id), "ruling": ruling}


def queue(request: Request) -> Response:
    """Show what waits."""
    house, moderator = house_of(request), reader_of(request)
    return render_with_forms(
        request,
        "moderation.html",
        queue=flow.queue(house, moderator),
        claims=claims.section(house, moderator),
        suspended=readers.suspended(house),
    )


def log(request: Request) -> Response:
    """Show what moderators did, newest first."""
    before = request.query_params.get("before")
    told = acts.log(house_of(request), before=_number(before, "before") if before else None)
    return render(request, "moderation_log.html", acts=told)


def submission(request: Request, form: QueryParams) -> Response:
    """Approve or refuse a held submission."""
    _chosen(_OF_SUBMISSIONS, request)(house_of(request), reader_of(request), number_in(request), _why(form))
    return _back(form)


def comment(request: Request, form: QueryParams) -> Response:
    """Approve, hide or restore a comment."""
    _chosen(_OF_COMMENTS, request)(house_of(request), reader_of(request), number_in(request), _why(form))
    return _back(form)


def paper(request: Request, form: QueryParams) -> Response:
    """Hide, restore, lock or unlock a paper."""
    _chosen(_OF_PAPERS, request)(house_of(request), reader_of(request), form.get("paper", ""), _why(form))
    return _back(form)


def merge(request: Request, form: QueryParams) -> Response:
    """Take two papers for one."""
    papers.merge(house_of(request), reader_of(request), form.get("paper", ""), form.get("other", ""), _why(form))
    return _back(form)


def suspend(request: Request, form: QueryParams) -> Response:
    """Suspend a reader, for some days or without end."""
    days = _number(form["days"], "days") if form.get("days") else None
    readers.suspend(house_of(request), reader_of(request), form.get("handle", ""), _why(form), days=days)
    return _back(form)


def reinstate(request: Request, form: QueryParams) -> Response:
    """Let a suspended reader back."""
    readers.reinstate(house_of(request), reader_of(request), form.get("handle", ""), _why(form))
    return _back(form)


def dismiss(request: Request, form: QueryParams) -> Response:
    """Set all reports of one thing aside."""
    target = _number(form.get("target", ""), "target")
    reporting.dismiss(house_of(request), reader_of(request), form.get("kind", ""), target, _why(form))
    return _back(form)


def report(request: Request, form: QueryParams) -> Response:
    """Tell moderators of a paper or a reader."""
    house, who, why = house_of(request), reader_of(request), _why(form)
    if form.get("handle"):
        reporting.report_reader(house, who, form["handle"], why)
    else:
        reporting.report_paper(house, who, form.get("paper", ""), why)
    return render(request, "reported.html", back=local_path(form.get("next", "")))


def _chosen(table: Mapping[str, Any], request: Request) -> Callable[..., object]:
    act: str = request.path_params["act"]
    verb: Callable[..., object] | None = table.get(act)
    if verb is None:
        raise NotFound(f"Moderators cannot {act[:40]!r} this.")
    return verb


def _why(form: QueryParams) -> str:
    return form.get("why", "")


def _number(told: str, field: str) -> int:
    if not (told.isascii() and told.isdecimal() and len(told) <= _MAX_DIGITS):
        raise Invalid(f"{told[:40]!r} is no number.", field=field)
    return int(told)


def _back(form: QueryParams) -> Response:
    return RedirectResponse(local_path(form.get("next") or "/moderation"), status_code=303)
