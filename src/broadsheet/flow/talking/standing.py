"""What stands and what does not: one place for what must hold together when a comment comes, goes or changes."""

from datetime import datetime

from broadsheet.errors import NotFound, Refused
from broadsheet.flow.scoring import rescore
from broadsheet.flow.talking.announce import announce
from broadsheet.model.comment import Comment, State
from broadsheet.model.reader import Reader
from broadsheet.store import comments, notices, papers, rulings
from broadsheet.store.connect import Connection


def found(connection: Connection, number: int) -> Comment:
    """Give a comment that was not withdrawn; raises NotFound."""
    comment = comments.by_id(connection, number)
    if comment is None or comment.state == "withdrawn":
        raise NotFound(f"There is no comment {number}.")
    return comment


def whole(connection: Connection, paper_id: int) -> int:
    """Give the number of the paper that one is part of now; its own where it stands for itself."""
    standing = papers.standing(connection, (paper_id,)).get(paper_id)
    return standing.merged_into or paper_id if standing else paper_id


def open_to(connection: Connection, reader: Reader, paper_id: int) -> None:
    """Let a reader pass who may talk about a paper; raises Refused for others, and for all where it is locked."""
    if not reader.may("reader"):
        raise Refused("Your account is suspended: you may read, and not write.")
    ruling = rulings.of_paper(connection, paper_id)
    if ruling.hidden:
        raise NotFound("This paper is not shown any more.")
    if ruling.locked:
        raise Refused(f"Comments on this paper are closed. {ruling.why}".strip())


def rule(connection: Connection, number: int, state: State, at: datetime) -> Comment:
    """Let a comment stand otherwise – shown, held or hidden – and keep the paper's count and the notices true.

    For moderators, in their transaction; withdrawing is the reader's own. Raises NotFound.
    """
    comment = found(connection, number)
    comments.set_state(connection, number, state)
    if state == "shown":
        announce(connection, comment, at)
    else:
        notices.forget(connection, number)
    rescore(connection, [comment.paper_id], at)
    return comment
