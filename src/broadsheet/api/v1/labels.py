"""What a reader keeps on labels, and marks as read, for later or hidden."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.caller import Reading, Writing
from broadsheet.api.v1 import cursors
from broadsheet.api.v1.bodies import ToKeep, ToLabel, ToRelabel
from broadsheet.api.v1.documented import NOTHING, answers
from broadsheet.api.v1.grammar import ROOT
from broadsheet.api.v1.lists import beside
from broadsheet.api.v1.papers import Cursor, PaperId
from broadsheet.api.v1.shapes import kept as shapes
from broadsheet.api.v1.shapes.objects import Kept
from broadsheet.api.v1.shapes.papers import paper
from broadsheet.api.v1.writes import done, made
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import personal
from broadsheet.errors import Refused
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping
from broadsheet.flow.lists import labels as flow
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.paper import show
from broadsheet.model.label import Label
from broadsheet.model.reader import Reader

router = APIRouter()


@router.get("/labels", responses=answers(shapes.Labels), response_model=None)
def labels(request: Request, reader: Reading) -> Response:
    """List one's labels by name; `/lists/label/{handle}/{slug}` gives the papers of one."""
    house = house_of(request)
    groups = flow.groups(house, reader)
    return personal({"labels": [shapes.label(each, reader, groups) for each in flow.of_reader(house, reader, reader)]})


@router.post("/labels", status_code=201, responses=answers(shapes.Label, "The label.", 201), response_model=None)
def make(request: Request, reader: Writing, body: ToLabel) -> Response:
    """Make a label; nobody else sees it unless it is said so."""
    house = house_of(request)
    wanted = Wanted(body.name, body.about, body.seen_by, _group(house, reader, body.organisation))
    told = _told(house, reader, flow.make(house, reader, wanted))
    return made(told, f"{ROOT}/labels/{told['slug']}")


@router.get("/labels/{slug}", responses=answers(shapes.Label), response_model=None)
def label(request: Request, reader: Reading, slug: str) -> Response:
    """Give a label of one's own."""
    house = house_of(request)
    return personal(_told(house, reader, flow.show(house, reader, slug, reader)[0]))


@router.patch("/labels/{slug}", responses=answers(shapes.Label), response_model=None)
def change(request: Request, reader: Writing, slug: str, body: ToRelabel) -> Response:
    """Let a label of one's own be called or seen otherwise; its address stays."""
    house = house_of(request)
    now, _ = flow.show(house, reader, slug, reader)
    wanted = Wanted(now.name, now.about, now.seen_by, now.organisation_id)
    told = {field: value for field in ("name", "about", "seen_by") if (value := getattr(body, field)) is not None}
    if body.organisation is not None:
        told["organisation_id"] = _group(house, reader, body.organisation)
    return personal(_told(house, reader, flow.change(house, reader, slug, replace(wanted, **told))))


@router.delete("/labels/{slug}", status_code=204, responses=NOTHING, response_model=None)
def delete(request: Request, reader: Writing, slug: str) -> Response:
    """Delete a label of one's own with its notes."""
    flow.delete(house_of(request), reader, slug)
    return done()


@router.put("/labels/{slug}/papers/{paper_id:path}", responses=answers(shapes.Label), response_model=None)
def put(request: Request, reader: Writing, slug: str, paper_id: PaperId, body: ToKeep | None = None) -> Response:
    """Put a paper on a label of one's own, or give it another note there."""
    house, note = house_of(request), body.note if body else None
    if note is None and slug in keeping.keeping(house, reader, show(house, paper_id)).holding:
        return personal(_told(house, reader, flow.show(house, reader, slug, reader)[0]))
    return personal(_told(house, reader, flow.put(house, reader, slug, paper_id, note or "")))


@router.delete("/labels/{slug}/papers/{paper_id:path}", responses=answers(shapes.Label), response_model=None)
def take_off(request: Request, reader: Writing, slug: str, paper_id: PaperId) -> Response:
    """Take a paper off a label of one's own; one that is not on it stays so."""
    house = house_of(request)
    return personal(_told(house, reader, flow.take_off(house, reader, slug, paper_id)))


@router.put("/papers/{paper_id:path}/marks/{mark}", responses=answers(Kept), response_model=None)
def put_mark(request: Request, reader: Writing, paper_id: PaperId, mark: shapes.Mark) -> Response:
    """Mark a paper for later, as read or as hidden, in place of how it was marked."""
    return _kept(house_of(request), reader, paper_id, mark)


@router.delete("/papers/{paper_id:path}/marks/{mark}", responses=answers(Kept), response_model=None)
def drop_mark(request: Request, reader: Writing, paper_id: PaperId, mark: shapes.Mark) -> Response:
    """Take a mark away; a paper that is marked otherwise stays so."""
    house = house_of(request)
    is_so = keeping.keeping(house, reader, show(house, paper_id)).state == mark
    return _kept(house, reader, paper_id, "" if is_so else None)


@router.get("/marks/{mark}", responses=answers(shapes.Marked), response_model=None)
def marked(request: Request, reader: Reading, mark: shapes.Mark, cursor: Cursor = "") -> Response:
    """List the papers that one marked so, the latest first, 50 at once."""
    house, of = house_of(request), ("marks", reader.id, mark)
    page, total = cursors.read(of, cursor) + 1, keeping.counts(house, reader).get(mark, 0)
    found = [kept.paper for kept in keeping.reading_list(house, reader, mark, page=page)]
    around = beside(house, found, reader)
    goes_on = page * keeping.PER_PAGE < total
    told: shapes.Marked = {
        "mark": mark,
        "total": total,
        "papers": [paper(each, around) for each in found],
        "next": f"{ROOT}/marks/{mark}?cursor={cursors.written(of, page)}" if goes_on else None,
    }
    return personal(told)


def _kept(house: House, reader: Reader, paper_id: str, state: str | None) -> Response:
    """Let a paper be marked so, or as it is for None, and tell how it is kept."""
    found = show(house, paper_id) if state is None else keeping.mark(house, reader, paper_id, state)
    now = keeping.keeping(house, reader, found)
    told: Kept = {"labels": sorted(now.holding), "mark": now.state}
    return personal(told)


def _told(house: House, reader: Reader, told: Label) -> shapes.Label:
    return shapes.label(told, reader, flow.groups(house, reader))


def _group(house: House, reader: Reader, name: str | None) -> int | None:
    if name is None:
        return None
    found = next((number for number, called in flow.groups(house, reader).items() if called == name), None)
    if found is None:
        raise Refused("Choose an organisation that you are a member of to share a label with.")
    return found
