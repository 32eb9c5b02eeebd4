"""Comments: as they are told, and how ours become that."""

from typing import Literal

from typing_extensions import TypedDict

from broadsheet.api.v1.shapes.values import stamp
from broadsheet.flow.talking.thread import Remark, Talk
from broadsheet.model.comment import Badge, Said, State


class By(TypedDict):
    """A reader."""

    handle: str
    name: str


class Reaction(TypedDict):
    """An emoji, how many readers said it, and whether the reader whose token it is did."""

    emoji: str
    count: int
    mine: bool


class Answer(TypedDict):
    """What somebody said in Markdown; of what was taken back or down only the place is left.

    ``by`` is null for who has left, ``badge`` says whether they wrote the paper or brought it in, ``answers_to`` is the
    number of the comment it answers.
    """

    number: int
    by: By | None
    badge: Badge | None
    body: str
    state: State
    at: str
    edited_at: str | None
    answers_to: int | None
    reactions: list[Reaction]
    url: str


class Comment(Answer):
    """A comment with the answers to it."""

    answers: list[Answer]


class Comments(TypedDict):
    """What is said of a paper; ``closed`` tells why nothing can be said any more."""

    paper: str
    total: int
    order: Literal["oldest", "newest"]
    closed: str | None
    comments: list[Comment]
    next: str | None


def comment(remark: Remark) -> Comment:
    """Make a comment with its answers."""
    return {**_answer(remark), "answers": [_answer(each) for each in remark.answers]}


def comments(slug: str, talk: Talk, following: str | None) -> Comments:
    """Make what is said of a paper."""
    return {
        "paper": slug,
        "total": talk.total,
        "order": "newest" if talk.newest_first else "oldest",
        "closed": (talk.closed or "Comments are closed.") if talk.is_closed else None,
        "comments": [comment(each) for each in talk.remarks],
        "next": following,
    }


def _answer(remark: Remark) -> Answer:
    said: Said = remark.said
    kept = said.comment
    return {
        "number": kept.id,
        "by": {"handle": said.handle, "name": said.name} if said.handle else None,
        "badge": remark.badge,
        "body": kept.body,
        "state": kept.state,
        "at": stamp(kept.at),
        "edited_at": stamp(kept.edited_at) if kept.edited_at else None,
        "answers_to": kept.parent_id,
        "reactions": [{"emoji": each.emoji, "count": each.count, "mine": each.mine} for each in remark.tallies],
        "url": f"/comments/{kept.id}",
    }
