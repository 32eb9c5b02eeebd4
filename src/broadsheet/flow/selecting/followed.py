"""What a reader follows, as lists that every door can give."""

from collections.abc import Mapping

from broadsheet.flow.house import House
from broadsheet.flow.people.followed import followed
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Kind, Selection
from broadsheet.store.follows import Kind as Followable

_KINDS: Mapping[Followable, Kind] = {
    "author": "author",
    "organisation": "organisation",
    "category": "category",
    "label": "label",
    "search": "saved",
}


def followed_lists(house: House, reader: Reader) -> tuple[tuple[str, Selection], ...]:
    """Give the name and the list of all that a reader follows and may still see; a constant number of statements."""
    with house.store.reading() as connection:
        own = followed(connection, reader)
    return tuple((each.name, Selection(_KINDS[each.kind], each.target)) for each in own if each.name)
