"""A reader's own submissions: how they stand, taking one back, and asking for one again."""

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of
from broadsheet.errors import NotFound
from broadsheet.flow.submitting import submit as flow
from broadsheet.web.csrf import render_with_forms

_MAX_DIGITS = 15


def page(request: Request) -> Response:
    """List one's own submissions, newest first."""
    return render_with_forms(request, "submissions.html", entries=flow.mine(house_of(request), reader_of(request)))


def one(request: Request) -> Response:
    """Show how one submission stands."""
    submission, paper = flow.one(house_of(request), reader_of(request), number_in(request))
    return render_with_forms(request, "submission.html", submission=submission, paper=paper)


def withdraw(request: Request, _: QueryParams) -> Response:
    """Take a submission of one's own back."""
    flow.withdraw(house_of(request), reader_of(request), number_in(request))
    return _to(request)


def try_again(request: Request, _: QueryParams) -> Response:
    """Have the source of a submission of one's own asked again at once."""
    flow.try_again(house_of(request), reader_of(request), number_in(request))
    return _to(request)


def number_in(request: Request) -> int:
    """Read the number in the path; raises NotFound for anything else."""
    told: str = request.path_params["number"]
    if not (told.isascii() and told.isdecimal() and len(told) <= _MAX_DIGITS):
        raise NotFound(f"There is nothing with the number {told[:40]!r}.")
    return int(told)


def _to(request: Request) -> Response:
    return RedirectResponse(f"/submissions/{number_in(request)}", status_code=303)
