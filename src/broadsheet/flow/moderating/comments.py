"""Approve comments that are held, hide and restore others."""

from broadsheet.errors import Conflict
from broadsheet.flow.house import House
from broadsheet.flow.moderating import acts
from broadsheet.flow.moderating.acts import Deed, Subject
from broadsheet.flow.talking.standing import found, rule
from broadsheet.model.comment import Comment, State
from broadsheet.model.reader import Reader
from broadsheet.store import papers, readers
from broadsheet.store.connect import Connection


def approve(house: House, by: Reader, number: int, why: str) -> Comment:
    """Show a comment that is held."""
    return _rule(house, acts.deed(house, by, "approve", why), number, ("held",), "shown")


def hide(house: House, by: Reader, number: int, why: str) -> Comment:
    """Hide a comment, one that is held too."""
    return _rule(house, acts.deed(house, by, "hide", why), number, ("held", "shown"), "hidden")


def restore(house: House, by: Reader, number: int, why: str) -> Comment:
    """Show a hidden comment again."""
    return _rule(house, acts.deed(house, by, "restore", why), number, ("hidden",), "shown")


def _rule(house: House, done: Deed, number: int, may_be: tuple[State, ...], then: State) -> Comment:
    with house.store.writing() as connection:
        before = found(connection, number)
        if before.state not in may_be:
            raise Conflict(f"Comment {number} is {before.state}; there is nothing to {done.act}.")
        after = rule(connection, number, then, done.at)
        about = _subject(connection, after)
        reported = acts.record(connection, done, about)
        how = "is shown now" if then == "shown" else "was hidden by a moderator"
        acts.tell(connection, [after.reader_id], f"Your comment {how}: {done.why}", done, about)
        others = [reader_id for reader_id in reported if reader_id != after.reader_id]
        acts.tell(connection, others, f"A comment that you reported {how}: {done.why}", done, about)
    return after


def _subject(connection: Connection, comment: Comment) -> Subject:
    author = readers.by_id(connection, comment.reader_id) if comment.reader_id else None
    who = f"@{author.handle}" if author else "somebody who left"
    paper = next(iter(papers.by_ids(connection, [comment.paper_id])), None)
    words = f"Comment by {who}" + (f" on {acts.called(paper.title)}" if paper else "")
    return Subject("comment", comment.id, words, comment.paper_id, comment.id)
