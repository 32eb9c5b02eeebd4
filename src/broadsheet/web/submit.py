"""The form that brings a paper in, and what it says when the paper is here already."""

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of
from broadsheet.errors import Conflict, Invalid
from broadsheet.flow.submitting import submit as flow
from broadsheet.flow.submitting.submit import Slip
from broadsheet.model.submission import MAX_ASKED, MAX_MEDIA, MAX_NOTE
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.upvotes import of_papers


def page(request: Request) -> Response:
    """Show the form; an address such as ``/submit?asked=2401.00001`` fills it in."""
    return _form(request, Slip(request.query_params.get("asked", "")[:MAX_ASKED]))


def bring(request: Request, form: QueryParams) -> Response:
    """Bring in what the form names, and lead to how it stands, or show the paper that is here already."""
    house = house_of(request)
    slip = Slip(
        form.get("asked", ""),
        note=form.get("note", ""),
        media=form.get("media", ""),
        put_on_page=bool(form.get("put_on_page")),
    )
    try:
        brought = flow.submit(house, reader_of(request), slip)
    except (Invalid, Conflict) as error:
        return _form(request, slip, problem=str(error), status=400 if isinstance(error, Invalid) else 409)
    if brought.submission is not None:
        return RedirectResponse(f"/submissions/{brought.submission.id}", status_code=303)
    paper = brought.paper
    return render_with_forms(
        request, "submit_known.html", paper=paper, slip=slip, ballots=of_papers(request, [paper] if paper else [])
    )


def _form(request: Request, slip: Slip, *, problem: str = "", status: int = 200) -> Response:
    settings = house_of(request).settings
    return render_with_forms(
        request,
        "submit.html",
        status=status,
        slip=slip,
        problem=problem,
        window=settings.submit_window_days,
        quota=settings.submit_quota,
        first=settings.submit_hold_first,
        caps=(MAX_ASKED, MAX_NOTE, MAX_MEDIA),
    )
