"""What waits for a moderator: held submissions and comments, and what readers reported."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from broadsheet.errors import Refused
from broadsheet.flow.house import House
from broadsheet.model.comment import Comment
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.submission import Submission
from broadsheet.store import comments, papers, readers, reports, rulings, submissions, whereabouts
from broadsheet.store.connect import Connection
from broadsheet.store.reports import Report

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A submission that is held, who brought it, and its title as far as that is known."""

    submission: Submission
    reader: Reader | None
    title: str


@dataclass(frozen=True, slots=True)
class HeldComment:
    """A comment that is held, by whom (empty for one who left), and the paper it is on."""

    comment: Comment
    handle: str
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Reported:
    """One thing with all reports of it that wait; what it is where that is still here."""

    reports: tuple[Report, ...]
    paper: Paper | None = None
    comment: Comment | None = None
    reader: Reader | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """All that waits, oldest first, at most SHOWN of each; the papers hidden last."""

    held: tuple[Held, ...]
    comments: tuple[HeldComment, ...]
    reported: tuple[Reported, ...]
    hidden: tuple[Paper, ...]


def queue(house: House, by: Reader) -> Queue:
    """Lay out what waits; raises Refused for whoever is no moderator."""
    if not by.may("moderator"):
        raise Refused("This is for moderators.")
    with house.store.reading() as connection:
        return Queue(
            _held(connection),
            tuple(
                HeldComment(said.comment, said.handle, slug, title)
                for said, slug, title in comments.in_state(connection, "held", SHOWN)
            ),
            _reported(connection, reports.waiting(connection, SHOWN)),
            papers.by_ids(connection, rulings.hidden(connection, SHOWN), hidden=True),
        )


def _held(connection: Connection) -> tuple[Held, ...]:
    waiting = submissions.in_state(connection, "held", SHOWN)
    who = readers.by_ids(connection, {each.reader_id for each in waiting if each.reader_id})
    known = whereabouts.by_ids(connection, {each.name for each in waiting if each.found is None})
    titles = {paper.id: paper.title for paper in papers.by_ids(connection, list(set(known.values())), hidden=True)}
    return tuple(
        Held(
            each,
            who.get(each.reader_id or 0),
            each.found.title if each.found else titles.get(known.get(each.name, 0), each.asked),
        )
        for each in waiting
    )


def _reported(connection: Connection, waiting: Iterable[Report]) -> tuple[Reported, ...]:
    together: dict[tuple[str, int], list[Report]] = defaultdict(list)
    for report in waiting:
        together[report.kind, report.target].append(report)
    targets = {kind: [target for of, target in together if of == kind] for kind in ("paper", "comment", "reader")}
    said = comments.by_ids(connection, targets["comment"])
    about = {comment.paper_id for comment in said.values()}
    shelf = {paper.id: paper for paper in papers.by_ids(connection, [*targets["paper"], *about], hidden=True)}
    who = readers.by_ids(connection, targets["reader"])
    return tuple(_one(key, tuple(all_), shelf, said, who) for key, all_ in together.items())


def _one(
    key: tuple[str, int],
    all_: tuple[Report, ...],
    shelf: Mapping[int, Paper],
    said: Mapping[int, Comment],
    who: Mapping[int, Reader],
) -> Reported:
    kind, target = key
    comment = said.get(target) if kind == "comment" else None
    paper = shelf.get(comment.paper_id if comment else target) if kind in {"paper", "comment"} else None
    return Reported(all_, paper, comment, who.get(target) if kind == "reader" else None)
