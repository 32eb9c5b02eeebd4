"""See which records were taken for one paper, part them again, and take two papers for one."""

from datetime import datetime
from typing import Any

from broadsheet.errors import Conflict, Invalid, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep_in
from broadsheet.flow.shelf.settle import settle
from broadsheet.model.paper import Paper
from broadsheet.model.record import Record
from broadsheet.sources.fields import own_key
from broadsheet.store import merges as store
from broadsheet.store import papers, records
from broadsheet.store.connect import Connection
from broadsheet.store.merges import Merge

# The source of the records by which a person took two papers for one.
SOURCE = "joined"


def merges(house: House, *, limit: int = 50) -> tuple[Merge, ...]:
    """Give the newest merges first, at most ``limit``."""
    with house.store.reading() as connection:
        return store.page(connection, limit)


def as_dict(merge: Merge) -> dict[str, Any]:
    """Show a merge to machines."""
    return {
        "id": merge.id,
        "paper": merge.winner,
        "title": merge.title,
        "was": merge.loser,
        "reason": merge.reason,
        "records_kept": list(merge.kept),
        "records_moved": list(merge.moved),
        "at": merge.at,
        "undone": merge.undone,
    }


def join(connection: Connection, one: Paper, two: Paper, at: datetime) -> Paper:
    """Take two papers for one from now on, in the transaction that is open; the one that was here first goes on.

    A record that bears an id of both says so, so that the papers stay composed from records. Raises Invalid for one and
    the same paper, Conflict where a person has parted them, or their ids cannot be one work's.
    """
    if one.id == two.id:
        raise Invalid("These are one paper already.", field="other")
    first, second = sorted((one, two), key=lambda paper: paper.id)
    bridge = Record(
        source=SOURCE,
        key=own_key(f"{first.ids[0]} {second.ids[0]}"),
        title=first.title,
        authors=first.authors,
        ids=(first.ids[0], second.ids[0]),
        published=first.published,
        observed=at,
    )
    keep_in(connection, [bridge], at=at)
    standing = papers.standing(connection, (first.id, second.id))
    if standing[second.id].merged_into != first.id:
        raise Conflict("These cannot be one paper: somebody parted them before, or their ids are those of two works.")
    found = papers.by_ids(connection, [first.id], hidden=True)
    return found[0]


def undo_merge(house: House, merge_id: int) -> None:
    """Part the two sides of a merge: both papers show what they showed before, and stay apart from now on.

    A paper that the merge ended stands for itself again under its old number. Raises NotFound for an unknown merge
    and Conflict for one that is undone already.
    """
    at = house.clock()
    with house.store.writing() as connection:
        merge = store.by_id(connection, merge_id)
        if merge is None:
            raise NotFound(f"There is no merge {merge_id}.")
        if merge.undone:
            raise Conflict(f"Merge {merge_id} is undone already.")
        store.part(connection, merge, at)
        tellings = records.by_ids(connection, (*merge.kept, *merge.moved))
        settle(connection, list(tellings.values()), (), at)
