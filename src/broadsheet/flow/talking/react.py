"""Say one of a few emoji to a comment, or take it back."""

from broadsheet.errors import Invalid, Refused
from broadsheet.flow.house import House
from broadsheet.flow.limits import HOUR_S, MINUTE_S, Rate, take_within
from broadsheet.flow.talking.standing import found, open_to
from broadsheet.model.comment import EMOJI, Comment
from broadsheet.model.reader import Reader
from broadsheet.store import notices, reactions

RATES = (Rate(30, MINUTE_S), Rate(300, HOUR_S))


def react(house: House, reader: Reader, number: int, emoji: str) -> Comment:
    """Say an emoji to a comment; once is as good as twice. Who wrote it is told of each reader once.

    Raises Invalid for another emoji, NotFound, Refused for a comment that is not shown, and TooMany.
    """
    at = house.clock()
    if emoji not in EMOJI:
        raise Invalid(f"To a comment one can say {' '.join(EMOJI)}.", field="emoji")
    with house.store.writing() as connection:
        comment = found(connection, number)
        open_to(connection, reader, comment.paper_id)
        if comment.state != "shown":
            raise Refused("Nothing can be said to this comment.")
        take_within(connection, house, "reaction", str(reader.id), RATES)
        is_new = reactions.keep(connection, number, reader.id, emoji, at=at)
        told = comment.reader_id in {None, reader.id} or notices.told(connection, number, by_id=reader.id)
        if is_new and not told:
            matter = notices.Matter(emoji, at, reader.id, comment.paper_id, number)
            notices.tell(connection, {comment.reader_id or 0: "reaction"}, matter)
    return comment


def unreact(house: House, reader: Reader, number: int, emoji: str) -> Comment:
    """Take an emoji back; nothing happens where it was not said. Raises NotFound."""
    with house.store.writing() as connection:
        comment = found(connection, number)
        reactions.drop(connection, number, reader.id, emoji)
    return comment
