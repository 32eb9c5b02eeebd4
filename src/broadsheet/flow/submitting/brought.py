"""Who brought papers in, and what they said of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from broadsheet.flow.house import House
from broadsheet.model.paper import Paper
from broadsheet.store import readers, submissions


@dataclass(frozen=True, slots=True)
class Bringer:
    """A reader who brought a paper in, with a note and the address of a picture or video; empty for who has left."""

    handle: str = ""
    name: str = ""
    note: str = ""
    media: str = ""


def who_brought(house: House, shown: Iterable[Paper]) -> dict[int, Bringer]:
    """Give for each paper that a reader brought in who that was, by its number; two statements for any number."""
    with house.store.reading() as connection:
        found = submissions.shown_for(connection, [paper.id for paper in shown])
        who = readers.by_ids(connection, {each.reader_id for each in found.values() if each.reader_id})
    told = {}
    for paper_id, submission in found.items():
        reader = who.get(submission.reader_id or 0)
        is_here = reader is not None and reader.state != "gone"
        told[paper_id] = Bringer(
            handle=reader.handle if reader and is_here else "",
            name=reader.name if reader and is_here else "",
            note=submission.note,
            media=submission.media,
        )
    return told
