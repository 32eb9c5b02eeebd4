"""See which records were taken for one paper, and part them again."""

from typing import Any

from broadsheet.errors import Conflict, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.shelf.settle import settle
from broadsheet.store import merges as store
from broadsheet.store import records
from broadsheet.store.merges import Merge


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
