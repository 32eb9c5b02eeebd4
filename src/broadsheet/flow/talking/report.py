"""Report a comment to the moderators."""

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, HOUR_S, Rate, take_within
from broadsheet.flow.talking.standing import found
from broadsheet.model.comment import MAX_WHY, Comment
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.store import reports
from broadsheet.store.reports import Report

RATES = (Rate(10, HOUR_S), Rate(30, DAY_S))


def report(house: House, reader: Reader, number: int, why: str) -> Comment:
    """Tell the moderators what is wrong with a comment, in 1 to MAX_WHY characters.

    While a report of the same reader waits, another one changes nothing.
    Raises Invalid (``why``), NotFound, Refused for a suspended reader and for one's own comment, and TooMany.
    """
    words = clean(why)
    if not words or len(words) > MAX_WHY:
        raise Invalid(f"Say in 1 to {MAX_WHY} characters what is wrong with it.", field="why")
    with house.store.writing() as connection:
        comment = found(connection, number)
        if comment.state != "shown":
            raise NotFound(f"There is no comment {number}.")
        if not reader.may("reader") or comment.reader_id == reader.id:
            raise Refused("You cannot report this comment.")
        if not reports.is_reported(connection, "comment", number, reader.id):
            take_within(connection, house, "report", str(reader.id), RATES)
            reports.insert(connection, Report("comment", number, reader.id, words, house.clock()))
    return comment
