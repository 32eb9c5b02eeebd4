"""Upvotes: the forms under papers, and what a page has to know to show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import is_public, reader_of, visitor_of
from broadsheet.flow.paper import show
from broadsheet.flow.voting import upvote as flow
from broadsheet.flow.voting.waiting import why
from broadsheet.model.paper import Paper
from broadsheet.model.places import paper_url
from broadsheet.web.next import local_path, sign_in_url
from broadsheet.web.typeset import short_count


@dataclass(frozen=True, slots=True)
class Ballots:
    """What the buttons of a page need: what the reader upvoted and why that waits, and where to come back to.

    ``may`` tells whether who is here may upvote; ``sign_in`` is where others do so first, "" where nobody signs in.
    """

    mine: Mapping[int, str] = field(default_factory=dict)
    may: bool = False
    back: str = ""
    sign_in: str = ""
    probation_h: float = 0.0

    def why(self, paper: Paper) -> str:
        """Tell why the reader's own upvote of a paper waits; "" where it counts, or is not."""
        return why(self.mine.get(paper.id, ""), self.probation_h)


def ballots(request: Request, mine: Mapping[int, str]) -> Ballots:
    """Gather what the buttons of a page need; ``mine`` is what the reader upvoted of its papers."""
    visitor = visitor_of(request)
    back = str(request.url.replace(scheme="", netloc="", fragment="")) if request.method == "GET" else ""
    return Ballots(
        mine,
        may=visitor.may("reader"),
        back=local_path(back) if back else "",
        sign_in=sign_in_url(request) if visitor.reader is None and is_public(request) else "",
        probation_h=house_of(request).settings.probation_h,
    )


def of_papers(request: Request, shown: Iterable[Paper]) -> Ballots:
    """Gather what the buttons under papers need, in one statement for a reader and none for anybody else."""
    return ballots(request, flow.mine(house_of(request), visitor_of(request).reader, shown))


def cast(request: Request, form: QueryParams) -> Response:
    """Upvote a paper; the reader comes back to where the button was."""
    session = visitor_of(request).session
    network = session.network if session else ""
    paper = flow.cast(house_of(request), reader_of(request), request.path_params["slug"], network=network)
    return _answer(request, form, paper)


def undo(request: Request, form: QueryParams) -> Response:
    """Take an upvote back."""
    return _answer(request, form, flow.take_back(house_of(request), reader_of(request), request.path_params["slug"]))


def _answer(request: Request, form: QueryParams, paper: Paper) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        now = show(house_of(request), paper.slug)
        own = of_papers(request, [now])
        facts = {"upvotes": short_count(now.upvotes), "mine": now.id in own.mine, "waits": own.why(now)}
        return JSONResponse(facts, headers={"Cache-Control": "no-store"})
    back = form.get("next", "")
    return RedirectResponse(f"{local_path(back)}#paper-{paper.id}" if back else paper_url(paper), status_code=303)
