"""What a reader keeps: the page of it, and the menu on a paper's page that says where the paper goes."""

from dataclasses import replace
from typing import TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import reader_of, visitor_of
from broadsheet.errors import Invalid
from broadsheet.flow.lists import keeping as flow
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.keeping import PER_PAGE, Keeping, Wish
from broadsheet.flow.lists.push_label import READING, push_reading
from broadsheet.model.daily import DailyPage, SpanPage
from broadsheet.model.label import STATES, State
from broadsheet.model.paper import Paper
from broadsheet.model.places import paper_url
from broadsheet.model.query import Results
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.labels import label_url, page_number
from broadsheet.web.typeset import plural

Shown = TypeVar("Shown", DailyPage, SpanPage)


def page(request: Request) -> Response:
    """Show what a reader put off, has read or hid (``state``), and their labels."""
    house, reader = house_of(request), reader_of(request)
    state, number = _state(request), page_number(request)
    counts = flow.counts(house, reader)
    return render_with_forms(
        request,
        "reading.html",
        state=state,
        states=STATES,
        counts=counts,
        kept=flow.reading_list(house, reader, state, page=number),
        page_number=number,
        more=counts.get(state, 0) > number * PER_PAGE,
        can_push=state in READING and bool(counts.get(state)),
        labels=[(label, label_url(reader, label)) for label in labels.of_reader(house, reader, reader)],
        groups=labels.groups(house, reader),
    )


def keep(request: Request, form: QueryParams) -> Response:
    """Let a paper be on the labels that are ticked, and stand as chosen."""
    wish = Wish(form.getlist("label"), form.get("state", ""), form.get("also_on", ""))
    paper = flow.keep(house_of(request), reader_of(request), request.path_params["slug"], wish)
    return RedirectResponse(f"{paper_url(paper)}#keep", status_code=303)


def mark(request: Request, form: QueryParams) -> Response:
    """Let a paper of the list stand as another state, or none."""
    before = form.get("before", "")
    flow.mark(house_of(request), reader_of(request), form.get("paper", ""), form.get("state", ""))
    return RedirectResponse(f"/reading?state={before}" if before in STATES else "/reading", status_code=303)


def push(request: Request, form: QueryParams) -> Response:
    """Push what is to be read later, or was read, into the reader's library at Zotero, as a label is pushed."""
    state = next((one for one in READING if one == form.get("state", "")), None)
    if state is None:
        raise Invalid("What is to be read later can be pushed, and what was read.", field="state")
    done = push_reading(house_of(request), reader_of(request), state, form.get("zotero_key", "").strip())
    headers = {"Cache-Control": "no-store"}
    return render_with_forms(request, "pushed.html", headers=headers, done=done, url=f"/reading?state={state}")


def keeping_of(request: Request, paper: Paper) -> Keeping | None:
    """Give what the menu on a paper's page shows; nothing to who may keep nothing."""
    visitor = visitor_of(request)
    if visitor.reader is None or not visitor.may("reader"):
        return None
    return flow.keeping(house_of(request), visitor.reader, paper)


def without_hidden(request: Request, page: Shown) -> Shown:
    """Leave out the papers that the visitor hid; they are on ``/reading``."""
    hidden = flow.hidden(house_of(request), visitor_of(request).reader)
    return replace(page, papers=tuple(paper for paper in page.papers if paper.id not in hidden)) if hidden else page


def without_hidden_hits(request: Request, results: Results) -> Results:
    """Leave out the hits that the visitor hid, and tell how many; a paper that is asked for by name is never hidden."""
    hidden = flow.hidden(house_of(request), visitor_of(request).reader)
    shown = tuple(hit for hit in results.hits if hit.paper.id not in hidden)
    missing = len(results.hits) - len(shown)
    if not missing:
        return results
    told = f"{plural(missing, 'paper')} that you hid {'is' if missing == 1 else 'are'} left out; see My reading."
    return replace(results, hits=shown, notices=(*results.notices, told))


def _state(request: Request) -> State:
    asked = request.query_params.get("state", "later")
    found = next((state for state in STATES if state == asked), None)
    if found is None:
        raise Invalid("A paper is put off for later, read or hidden.", field="state")
    return found
