"""Say something about a paper, or answer what was said."""

from datetime import timedelta

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, HOUR_S, MINUTE_S, Rate, take_within
from broadsheet.flow.scoring import rescore
from broadsheet.flow.talking.announce import announce
from broadsheet.flow.talking.standing import found, open_to, whole
from broadsheet.flow.talking.suspicion import looks_like_spam
from broadsheet.model.comment import MAX_BODY, Comment, State, fit, needs_a_look
from broadsheet.model.reader import Reader
from broadsheet.store import comments
from broadsheet.store.connect import Connection

RATES = (Rate(5, MINUTE_S), Rate(60, HOUR_S), Rate(200, DAY_S))
# A form sent twice says one thing.
TWICE_WITHIN = timedelta(minutes=10)


def say(house: House, reader: Reader, paper_id: int, body: str, *, answers: int | None = None) -> Comment:
    """Keep a comment in Markdown, of 1 to MAX_BODY characters; ``answers`` is the comment it answers.

    An answer to an answer stands beside it, under the comment that both answer. What is said of a paper that has become
    part of another meanwhile stands under that one. The same words sent again within
    TWICE_WITHIN are one comment. It is held where a moderator is to look first (``model.comment.needs_a_look``), and
    where it looks like spam.
    Raises Invalid (``body``), NotFound, Refused where comments are closed or the reader may not write, and TooMany.
    """
    told, at = body_of(body), house.clock()
    with house.store.writing() as connection:
        now = whole(connection, paper_id)
        open_to(connection, reader, now)
        root = None if answers is None else _answered(connection, answers, now)
        held = needs_a_look(told, reader, at) or looks_like_spam(connection, reader, told, at)
        state: State = "held" if held else "shown"
        said = Comment(0, now, reader.id, root, told, at, None, state)
        again = comments.same(connection, said, at - TWICE_WITHIN)
        if again is not None:
            return again
        take_within(connection, house, "comment", str(reader.id), RATES)
        kept = comments.insert(connection, said, comments.origin(connection, root) if root else paper_id)
        if state == "shown":
            announce(connection, kept, at)
            rescore(connection, [now], at)
    return kept


def body_of(body: str) -> str:
    """Make a body fit to keep; raises Invalid for one that says nothing or too much."""
    told = fit(body)
    if not any(character.isprintable() and not character.isspace() for character in told):
        raise Invalid("A comment needs words.", field="body")
    if len(told) > MAX_BODY:
        raise Invalid(f"A comment takes at most {MAX_BODY:,} characters, not {len(told):,}.", field="body")
    return told


def _answered(connection: Connection, number: int, paper_id: int) -> int:
    """Give the number of the comment under which an answer stands."""
    answered = found(connection, number)
    if answered.paper_id != paper_id:
        raise NotFound(f"There is no comment {number} on this paper.")
    if answered.state != "shown":
        raise Refused("This comment cannot be answered.")
    return answered.parent_id or answered.id
