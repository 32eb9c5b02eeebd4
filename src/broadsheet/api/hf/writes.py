"""What readers do by their programs: upvote, comment, bring papers in. Each of these takes a token."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api.caller import Writing
from broadsheet.api.hf.reads import ERRORS, paper_of
from broadsheet.api.hf.shapes.bodies import ToClaim, ToIndex, ToLink, ToSay, ToSubmit
from broadsheet.api.hf.shapes.objects import Claimed, Comment, Nothing, Submitted, Upvoted
from broadsheet.api.hf.shapes.papers import author_id
from broadsheet.api.hf.shapes.people import user_id
from broadsheet.api.hf.shapes.said import comment, submitted
from broadsheet.entrance.asked import house_of
from broadsheet.entrance.memory import personal
from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.people import claims
from broadsheet.flow.submitting.linking import Kind, link
from broadsheet.flow.submitting.submit import Slip, submit
from broadsheet.flow.talking.edit import withdraw
from broadsheet.flow.talking.say import say
from broadsheet.flow.talking.thread import Remark
from broadsheet.flow.voting import upvote
from broadsheet.model.author import author_slug
from broadsheet.model.comment import Comment as Kept
from broadsheet.model.comment import Said
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader

_MAX_DIGITS = 15
_LINKS: dict[str, Kind] = {"githubRepo": "code", "projectPage": "project"}

router = APIRouter()


def _answers(model: Any) -> dict[int | str, dict[str, Any]]:  # noqa: ANN401 - any kind of object
    return {200: {"model": model}, **ERRORS}


@router.post("/papers/index", responses=_answers(Nothing), response_model=None)
def index(request: Request, reader: Writing, body: ToIndex) -> Response:
    """Bring a paper in by its arXiv id; one that is here already stays as it is."""
    submit(house_of(request), reader, Slip(body.arxivId))
    return personal({})


@router.post("/papers/submit", responses=_answers(Submitted), response_model=None)
def bring_in(request: Request, reader: Writing, body: ToSubmit) -> Response:
    """Bring a paper in, by an id or address, and put it on the daily page."""
    slip = Slip(body.paperId, note=body.note, media=body.mediaUrl, put_on_page=True)
    brought = submit(house_of(request), reader, slip)
    return personal(submitted(brought.paper, brought.submission))


@router.post("/papers/{paper_id:path}/upvote", responses=_answers(Upvoted), response_model=None)
def cast(request: Request, reader: Writing, paper_id: str) -> Response:
    """Upvote a paper; once for each reader."""
    house = house_of(request)
    return _voted(house, reader, upvote.cast(house, reader, paper_of(house, paper_id).slug))


@router.delete("/papers/{paper_id:path}/upvote", responses=_answers(Upvoted), response_model=None)
def take_back(request: Request, reader: Writing, paper_id: str) -> Response:
    """Take an upvote back; without one nothing changes."""
    house = house_of(request)
    return _voted(house, reader, upvote.take_back(house, reader, paper_of(house, paper_id).slug))


@router.post("/papers/{paper_id:path}/links", responses=_answers(Nothing), response_model=None)
def name_links(request: Request, reader: Writing, paper_id: str, body: ToLink) -> Response:
    """Say where a paper's code and its project's page are: for who wrote it, brought it in, or moderates."""
    house = house_of(request)
    if body.organizationId:
        raise Invalid("Organisations are joined on their pages.", field="organizationId")
    named = {kind: getattr(body, field) for field, kind in _LINKS.items() if field in body.model_fields_set}
    link(house, reader, paper_of(house, paper_id).slug, named)
    return personal({})


@router.post("/settings/papers/claim", responses=_answers(Claimed), response_model=None)
def claim(request: Request, reader: Writing, body: ToClaim) -> Response:
    """Say that one is an author of a paper; what no paper proves is for a moderator to decide."""
    house = house_of(request)
    paper = paper_of(house, body.paperId)
    if body.targetUserId != user_id(reader.handle):
        raise Refused("A reader claims for themselves alone: targetUserId is the id that whoami-v2 tells.")
    numbers = range(len(paper.authors))
    number = next((each for each in numbers if author_id(paper, each) == body.claimAuthorId), None)
    if number is None:
        raise Invalid("The paper has no author of this id.", field="claimAuthorId")
    made = claims.claim(house, reader, author_slug(paper.authors[number].name), "")
    said: Claimed = {"state": "granted" if made.state == "granted" else "open"}
    return personal(said)


@router.post("/papers/{paper_id:path}/comment", responses=_answers(Comment), response_model=None)
def tell(request: Request, reader: Writing, paper_id: str, body: ToSay) -> Response:
    """Say something about a paper, in Markdown."""
    house = house_of(request)
    return _said(reader, say(house, reader, paper_of(house, paper_id).id, body.comment))


@router.post("/papers/{paper_id:path}/comment/{number}/reply", responses=_answers(Comment), response_model=None)
def reply(request: Request, reader: Writing, paper_id: str, number: str, body: ToSay) -> Response:
    """Answer a comment."""
    house = house_of(request)
    return _said(reader, say(house, reader, paper_of(house, paper_id).id, body.comment, answers=_number(number)))


@router.post("/papers/{paper_id:path}/comment/{number}/hide", responses=_answers(Nothing), response_model=None)
def hide(request: Request, reader: Writing, paper_id: str, number: str) -> Response:
    """Take a comment of one's own back, with all it ever said."""
    house = house_of(request)
    paper_of(house, paper_id)
    withdraw(house, reader, _number(number))
    return personal({})


def _voted(house: House, reader: Reader, voted: Paper) -> Response:
    now = show(house, voted.slug)
    mine = upvote.mine(house, reader, [now])
    said: Upvoted = {"upvotes": now.upvotes, "upvoted": now.id in mine, "waits": bool(mine.get(now.id))}
    return personal(said)


def _said(reader: Reader, kept: Kept) -> Response:
    return personal(comment(Remark(Said(kept, reader.handle, reader.name))))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        raise NotFound(f"There is no comment {text[:40]!r}.")
    return int(text)
