"""Change what one said, or take it back."""

from broadsheet.errors import NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, Rate, take_within
from broadsheet.flow.scoring import rescore
from broadsheet.flow.talking.announce import announce
from broadsheet.flow.talking.say import body_of
from broadsheet.flow.talking.standing import found, open_to
from broadsheet.flow.talking.suspicion import looks_like_spam
from broadsheet.model.comment import MAX_EDITIONS, Comment, State, needs_a_look
from broadsheet.model.reader import Reader
from broadsheet.store import comments, notices, reactions
from broadsheet.store.connect import Connection

RATES = (Rate(20, HOUR_S),)


def edit(house: House, reader: Reader, number: int, body: str) -> Comment:
    """Let a comment of one's own say something else; what it said before is kept and can be read.

    What was held and nobody has read is not kept.
    Who is mentioned newly is told. Raises as ``say`` does, and Refused for a hidden comment and after MAX_EDITIONS.
    """
    told, at = body_of(body), house.clock()
    with house.store.writing() as connection:
        comment = _own(connection, reader, number)
        open_to(connection, reader, comment.paper_id)
        if comment.state == "hidden":
            raise Refused("A moderator has hidden this comment. It cannot be changed.")
        if told == comment.body:
            return comment
        take_within(connection, house, "edit", str(reader.id), RATES)
        if len(comments.editions(connection, number)) >= MAX_EDITIONS:
            raise Refused(f"This comment was changed {MAX_EDITIONS} times. Write another one.")
        held = needs_a_look(told, reader, at) or looks_like_spam(connection, reader, told, at)
        state: State = "held" if comment.state == "held" or held else "shown"
        comments.rewrite(connection, number, told, state, at=at)
        now = found(connection, number)
        if state == "shown":
            announce(connection, now, at)
        else:
            notices.forget(connection, number)
        rescore(connection, [now.paper_id], at)
    return now


def withdraw(house: House, reader: Reader, number: int) -> Comment:
    """Take a comment of one's own back, with all it ever said; where it was answered its place stays.

    Whoever may not write any more may still do so, and where the paper is hidden. Raises NotFound, and Refused for a
    comment that a moderator has hidden, which says what became of what the reader wrote.
    """
    with house.store.writing() as connection:
        comment = _own(connection, reader, number)
        if comment.state == "hidden":
            raise Refused("A moderator has hidden this comment: nobody else reads it. It goes when you leave.")
        comments.empty(connection, number)
        reactions.clear(connection, number)
        notices.forget(connection, number)
        rescore(connection, [comment.paper_id], house.clock())
    return comment


def _own(connection: Connection, reader: Reader, number: int) -> Comment:
    comment = found(connection, number)
    if comment.reader_id != reader.id:
        raise NotFound(f"You have written no comment {number}.")
    return comment
