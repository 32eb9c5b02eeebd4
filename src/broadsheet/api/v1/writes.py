"""What readers do to papers by their programs: upvote, comment, react, bring in. Each of these takes a token."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.caller import Reading, Writing
from broadsheet.api.v1.bodies import Number, ToEdit, ToSay, ToSubmit
from broadsheet.api.v1.documented import NOTHING, answers
from broadsheet.api.v1.grammar import ROOT
from broadsheet.api.v1.papers import PaperId
from broadsheet.api.v1.shapes import kept as shapes
from broadsheet.api.v1.shapes import said
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import personal
from broadsheet.entrance.proxies import rough_network
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.submitting import submit as submitting
from broadsheet.flow.submitting.submit import Slip
from broadsheet.flow.talking.edit import edit, withdraw
from broadsheet.flow.talking.react import react, unreact
from broadsheet.flow.talking.say import say
from broadsheet.flow.talking.thread import Remark
from broadsheet.flow.voting import upvote
from broadsheet.model.comment import EMOJI, Comment, Said
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader

_MADE = 201
Emoji = Annotated[str, Path(description=f"One of {' '.join(EMOJI)}", examples=[EMOJI[0]])]

router = APIRouter()


def made(told: object, place: str) -> Response:
    """Answer with what was made, and where it is; a header holds an address in ASCII (RFC 9110, section 10.2.2)."""
    answer = personal(told, {"Location": quote(place, safe="/?#=&%")})
    answer.status_code = _MADE
    return answer


def done() -> Response:
    """Answer that it was done."""
    return Response(status_code=204, headers={"Cache-Control": "private, no-store"})


@router.put("/papers/{paper_id:path}/upvote", responses=answers(shapes.Voted), response_model=None)
def cast(request: Request, reader: Writing, paper_id: PaperId) -> Response:
    """Upvote a paper; once for each reader. The upvote of a new account waits."""
    house = house_of(request)
    return _voted(house, reader, upvote.cast(house, reader, paper_id, network=rough_network(request)))


@router.delete("/papers/{paper_id:path}/upvote", responses=answers(shapes.Voted), response_model=None)
def take_back(request: Request, reader: Writing, paper_id: PaperId) -> Response:
    """Take an upvote back; without one nothing changes."""
    house = house_of(request)
    return _voted(house, reader, upvote.take_back(house, reader, paper_id))


@router.post(
    "/papers/{paper_id:path}/comments",
    status_code=_MADE,
    responses=answers(said.Comment, "The comment, which `held` waits for a moderator.", _MADE),
    response_model=None,
)
def tell(request: Request, reader: Writing, paper_id: PaperId, body: ToSay) -> Response:
    """Say something about a paper, or answer what was said; the same words sent again are one comment."""
    house = house_of(request)
    about = show(house, paper_id)
    told = _said(reader, say(house, reader, about.id, body.body, answers=body.answers_to))
    return made(told, told["url"])


@router.patch("/comments/{number}", responses=answers(said.Comment), response_model=None)
def change(request: Request, reader: Writing, number: Number, body: ToEdit) -> Response:
    """Let a comment of one's own say something else; what it said before can be read."""
    return personal(_said(reader, edit(house_of(request), reader, number, body.body)))


@router.delete("/comments/{number}", status_code=204, responses=NOTHING, response_model=None)
def take_down(request: Request, reader: Writing, number: Number) -> Response:
    """Take a comment of one's own back, with all it ever said."""
    withdraw(house_of(request), reader, number)
    return done()


@router.put("/comments/{number}/reactions/{emoji}", status_code=204, responses=NOTHING, response_model=None)
def add_reaction(request: Request, reader: Writing, number: Number, emoji: Emoji) -> Response:
    """Say an emoji to a comment."""
    react(house_of(request), reader, number, emoji)
    return done()


@router.delete("/comments/{number}/reactions/{emoji}", status_code=204, responses=NOTHING, response_model=None)
def drop_reaction(request: Request, reader: Writing, number: Number, emoji: Emoji) -> Response:
    """Take an emoji back; without it nothing changes."""
    unreact(house_of(request), reader, number, emoji)
    return done()


@router.get("/submissions", responses=answers(shapes.Submissions), response_model=None)
def submissions(request: Request, reader: Reading) -> Response:
    """List what one brought in, the newest first, 50 at most."""
    told = [shapes.submission(each, paper) for each, paper in submitting.mine(house_of(request), reader)]
    return personal({"submissions": told})


@router.post(
    "/submissions",
    status_code=_MADE,
    responses=answers(shapes.Submission, "It is on its way.", _MADE)
    | {200: {"model": shapes.Submission, "description": "The paper is here already."}},
    response_model=None,
)
def bring_in(request: Request, reader: Writing, body: ToSubmit) -> Response:
    """Bring a paper in by an id or an address; what is here already is told of."""
    slip = Slip(body.asked, note=body.note, media=body.media, put_on_page=body.put_on_page)
    brought = submitting.submit(house_of(request), reader, slip)
    told = shapes.submission(brought.submission, brought.paper)
    return made(told, f"{ROOT}/submissions/{told['number']}") if brought.submission else personal(told)


@router.get("/submissions/{number}", responses=answers(shapes.Submission), response_model=None)
def submission(request: Request, reader: Reading, number: Number) -> Response:
    """Tell what became of one's own submission."""
    return personal(shapes.submission(*submitting.one(house_of(request), reader, number)))


@router.delete("/submissions/{number}", responses=answers(shapes.Submission), response_model=None)
def take_out(request: Request, reader: Writing, number: Number) -> Response:
    """Take one's own submission back; what is known of the paper stays."""
    house = house_of(request)
    submitting.withdraw(house, reader, number)
    return personal(shapes.submission(*submitting.one(house, reader, number)))


def _voted(house: House, reader: Reader, voted: Paper) -> Response:
    now = show(house, voted.slug)
    mine = upvote.mine(house, reader, [now])
    told: shapes.Voted = {
        "paper": now.slug,
        "upvotes": now.upvotes,
        "upvoted": now.id in mine,
        "waits": bool(mine.get(now.id)),
    }
    return personal(told)


def _said(reader: Reader, kept: Comment) -> said.Comment:
    return said.comment(Remark(Said(kept, reader.handle, reader.name)))
