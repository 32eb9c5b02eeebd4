"""Read what was said: under a paper, everywhere, and what a comment said before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.flow.talking.standing import found
from broadsheet.model.author import author_keys
from broadsheet.model.comment import Badge, Comment, Look, Said, Tally, mentions
from broadsheet.model.difference import Span, difference
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.store import comments, papers, reactions, readers, rulings, scores
from broadsheet.store.connect import Connection

PER_PAGE = 50
LATEST = 30


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it stands on a page: who said it in what capacity, what was said to it, and the answers."""

    said: Said
    badge: Badge | None = None
    tallies: tuple[Tally, ...] = ()
    answers: tuple["Remark", ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """A page of what was said of a paper.

    ``total`` counts all comments shown, ``handles`` are those mentioned that somebody has, ``closed`` says why nothing
    can be said any more; ``page`` counts from 1.
    """

    remarks: tuple[Remark, ...]
    total: int
    handles: frozenset[str]
    is_closed: bool
    closed: str
    newest_first: bool
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A comment beside the paper it is about."""

    said: Said
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a comment said from one edit to the next: the ``number`` of the text, from 1, and what is new in it."""

    number: int
    at: str
    spans: tuple[Span, ...]


def talk(house: House, paper: Paper, reader: Reader | None, *, newest_first: bool = False, page: int = 1) -> Talk:
    """Give a page of what was said of a paper, as one reader sees it; as many statements however much that is."""
    # One more than fit tells whether there is another page.
    look = _look(reader, newest_first=newest_first, offset=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    with house.store.reading() as connection:
        ruling = rulings.of_paper(connection, paper.id)
        said = comments.threads(connection, paper.id, look)
        roots = [each for each in said if each.comment.parent_id is None]
        kept = {each.comment.id for each in roots[:PER_PAGE]}
        shown = [each for each in said if (each.comment.parent_id or each.comment.id) in kept]
        return Talk(
            remarks=_remarks(connection, paper, reader, shown),
            total=comments.total(connection, paper.id) if said else 0,
            handles=_handles(connection, shown),
            is_closed=ruling.locked,
            closed=ruling.why,
            newest_first=newest_first,
            page=page,
            has_more=len(roots) > PER_PAGE,
        )


def counts(house: House, shown: Collection[Paper]) -> dict[int, int]:
    """Count what is said here of papers that anything is said of, by their numbers; one statement."""
    with house.store.reading() as connection:
        return scores.comment_counts(connection, [paper.id for paper in shown])


def place(house: House, number: int, reader: Reader | None) -> tuple[Paper, int]:
    """Tell on which paper's page, and on which page of its comments, a comment stands; raises NotFound."""
    look = _look(reader)
    with house.store.reading() as connection:
        comment = found(connection, number)
        if not _may_see(comment, look):
            raise NotFound(f"There is no comment {number}.")
        on = papers.by_ids(connection, (comment.paper_id,))
        if not on:
            raise NotFound(f"There is no comment {number}.")
        return on[0], comments.place(connection, comment, look) // PER_PAGE + 1


def about(house: House, comment: Comment) -> Paper | None:
    """Give the paper that a comment stands under; None where readers do not see it any more."""
    with house.store.reading() as connection:
        return next(iter(papers.by_ids(connection, (comment.paper_id,))), None)


def latest(
    house: House, *, before: int | None = None, paper: Paper | None = None
) -> tuple[tuple[Told, ...], frozenset[str]]:
    """Give the newest comments of the house, or of a paper, below a number, and the handles in them somebody has."""
    with house.store.reading() as connection:
        told = comments.latest(connection, before=before, limit=LATEST, paper_id=paper.id if paper else None)
        return tuple(Told(*each) for each in told), _handles(connection, [each[0] for each in told])


def history(house: House, paper: Paper, number: int, reader: Reader | None) -> tuple[Said, tuple[Change, ...]]:
    """Give a comment of a paper and all it ever said, newest first; raises NotFound."""
    with house.store.reading() as connection:
        comment = found(connection, number)
        if comment.paper_id != paper.id or not _may_see(comment, _look(reader)):
            raise NotFound(f"There is no comment {number} on this paper.")
        before = comments.editions(connection, number)
        by = readers.by_id(connection, comment.reader_id) if comment.reader_id else None
    texts = [*(edition.body for edition in before), comment.body]
    times = [comment.at, *(edition.until for edition in before)]
    changes = [
        Change(at + 1, times[at].isoformat(), difference(texts[at - 1] if at else text, text))
        for at, text in enumerate(texts)
    ]
    is_here = by is not None and by.state != "gone"
    said = Said(comment, by.handle if by and is_here else "", by.name if by and is_here else "")
    return said, tuple(reversed(changes))


def known_handles(house: House, body: str) -> frozenset[str]:
    """Give the handles mentioned in a text that somebody has, for a text that is not kept yet."""
    with house.store.reading() as connection:
        return frozenset(comments.active(connection, mentions(body)))


def _look(reader: Reader | None, *, newest_first: bool = False, offset: int = 0, limit: int = PER_PAGE) -> Look:
    sees_all = reader is not None and reader.may("moderator")
    return Look(reader.id if reader else None, sees_all, newest_first, limit, offset)


def _may_see(comment: Comment, look: Look) -> bool:
    own = comment.state == "held" and look.viewer_id is not None and comment.reader_id == look.viewer_id
    return comment.state == "shown" or look.sees_all or own


def _remarks(connection: Connection, paper: Paper, reader: Reader | None, said: Sequence[Said]) -> tuple[Remark, ...]:
    if not said:
        return ()
    badges = comments.bearers(connection, paper.id, author_keys(paper))
    numbers = [each.comment.id for each in said]
    tallies = reactions.tallies(connection, numbers, reader.id if reader else None)
    look = _look(reader)
    answers: dict[int, list[Remark]] = {}
    for each in said:
        if each.comment.parent_id is not None:
            made = _remark(each, badges.get(each.comment.reader_id or 0), tallies, look, ())
            answers.setdefault(each.comment.parent_id, []).append(made)
    return tuple(
        _remark(each, badges.get(each.comment.reader_id or 0), tallies, look, answers.get(each.comment.id, ()))
        for each in said
        if each.comment.parent_id is None
    )


def _remark(
    said: Said, badge: Badge | None, tallies: dict[int, tuple[Tally, ...]], look: Look, answers: Sequence[Remark]
) -> Remark:
    """Make a remark; of one that the viewer may not see only the place is left."""
    comment = said.comment
    if not _may_see(comment, look):
        blank = Comment(comment.id, comment.paper_id, None, comment.parent_id, "", comment.at, None, comment.state)
        return Remark(Said(blank, "", ""), answers=tuple(answers))
    return Remark(said, badge, tallies.get(comment.id, ()), tuple(answers))


def _handles(connection: Connection, said: Collection[Said]) -> frozenset[str]:
    named = {handle for each in said if each.comment.state != "withdrawn" for handle in mentions(each.comment.body)}
    return frozenset(comments.active(connection, named))
