"""What everybody may know of a reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.store import labels, readers


@dataclass(frozen=True, slots=True)
class Profile:
    """A reader, and how much of each there is of theirs in public: comments, and papers brought in."""

    reader: Reader
    counts: Mapping[str, int]


def show(house: House, handle: str) -> Profile:
    """Give a reader by handle, in any case; raises NotFound for nobody and for who has left. Two statements."""
    with house.store.reading() as connection:
        reader = readers.by_handle(connection, handle.lower().removeprefix("@"))
        if reader is None or reader.state == "gone":
            raise NotFound("There is no reader of this name.")
        return Profile(reader, labels.public_counts(connection, reader.id))
