"""What readers gave to a paper follows it when it becomes part of another, and goes back when both are parted.

So does what moderators decided about it.

Rows stay where they were given, and the paper that goes on gets copies; of two by one reader its own stays. So nothing
is lost when the papers are parted: the copies go, and what was given stands where it always stood.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from broadsheet.store import bulk, comments, reports
from broadsheet.store.schema import papers
from broadsheet.store.schema_digests import digest_papers
from broadsheet.store.schema_lists import label_papers, readings
from broadsheet.store.schema_moderating import paper_rulings
from broadsheet.store.schema_people import author_papers
from broadsheet.store.schema_voting import upvotes

Pair = tuple[int, int]


class Mover(NamedTuple):
    """How one table follows: ``move`` and ``back`` take ``(connection, winner, loser)``."""

    move: Callable[[Connection, int, int], None]
    back: Callable[[Connection, int, int], None]


def copied(table: Table) -> Mover:
    """Make the mover of a table with the columns ``paper_id`` and ``at`` that has one row for a paper and somebody."""
    others = [column.name for column in table.columns if column.name != "paper_id"]
    names = ", ".join(f'"{name}"' for name in others)
    who = [column.name for column in table.primary_key.columns if column.name != "paper_id"]
    same = " AND ".join(f'lost."{name}" = "{table.name}"."{name}"' for name in (*who, "at"))
    copy = (
        f'INSERT INTO "{table.name}" (paper_id, {names}) SELECT ?, {names} FROM "{table.name}" WHERE paper_id = ? '  # noqa: S608 - names of our own
        "ON CONFLICT DO NOTHING"
    )
    drop = (
        f'DELETE FROM "{table.name}" WHERE paper_id = ? AND EXISTS '  # noqa: S608 - as above
        f'(SELECT 1 FROM "{table.name}" AS lost WHERE lost.paper_id = ? AND {same})'
    )

    def move(connection: Connection, winner: int, loser: int) -> None:
        bulk.once(connection, copy, (winner, loser))

    def back(connection: Connection, winner: int, loser: int) -> None:
        bulk.once(connection, drop, (winner, loser))

    return Mover(move, back)


MOVERS = (
    copied(upvotes),
    copied(label_papers),
    copied(readings),
    copied(digest_papers),
    copied(author_papers),
    copied(paper_rulings),
    Mover(comments.move, comments.back),
    Mover(reports.move, reports.back),
)


def follow(connection: Connection, merged: Collection[Pair], parted: Collection[Pair]) -> set[int]:
    """Let all tables follow papers that were ``merged`` or ``parted``, given as ``(winner, loser)``.

    Runs in the transaction that merges, when the papers say already what they are part of. Gives the papers concerned.
    """
    for winner, loser in parted:
        for mover in MOVERS:
            mover.back(connection, winner, loser)
    # Two that were part of one paper may have brought the same: what goes on takes again what is still its own.
    again = [(winner, loser) for winner in {w for w, _ in parted} for loser in _part_of(connection, winner)]
    for winner, loser in dict.fromkeys((*merged, *again)):
        for mover in MOVERS:
            mover.move(connection, winner, loser)
    return {paper_id for pair in (*merged, *parted) for paper_id in pair}


def _part_of(connection: Connection, winner: int) -> list[int]:
    asked = select(papers.c.id).where(papers.c.merged_into == winner).order_by(papers.c.id)
    return list(connection.execute(asked).scalars())
