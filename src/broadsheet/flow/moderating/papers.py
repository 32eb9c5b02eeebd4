"""Hide and restore papers, close and open them for words, and take two for one."""

from collections.abc import Callable

from broadsheet.errors import Conflict
from broadsheet.flow.house import House
from broadsheet.flow.moderating import acts
from broadsheet.flow.moderating.acts import Deed, Subject
from broadsheet.flow.paper import find
from broadsheet.flow.shelf.merge import join
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.store import changes, rulings, submissions
from broadsheet.store.connect import Connection
from broadsheet.store.rulings import OPEN, Ruling

__all__ = ["OPEN", "found", "hide", "lock", "merge", "restore", "ruling", "unlock"]


def hide(house: House, by: Reader, reference: str, why: str) -> Paper:
    """Let a paper vanish for readers: from its page, lists, days and search; nothing of it is lost."""
    return _rule(house, acts.deed(house, by, "hide", why), reference, lambda now: now._replace(hidden=True))


def restore(house: House, by: Reader, reference: str, why: str) -> Paper:
    """Show a hidden paper again."""
    return _rule(house, acts.deed(house, by, "restore", why), reference, lambda now: now._replace(hidden=False))


def lock(house: House, by: Reader, reference: str, why: str) -> Paper:
    """Close a paper for comments."""
    return _rule(house, acts.deed(house, by, "lock", why), reference, lambda now: now._replace(locked=True))


def unlock(house: House, by: Reader, reference: str, why: str) -> Paper:
    """Open a paper for comments again."""
    return _rule(house, acts.deed(house, by, "unlock", why), reference, lambda now: now._replace(locked=False))


def merge(house: House, by: Reader, reference: str, other: str, why: str) -> Paper:
    """Take two papers for one from now on; the one that was here first goes on. It can be undone as any merge.

    Raises Conflict where somebody has parted them before, and while only one of them is hidden.
    """
    done = acts.deed(house, by, "merge", why)
    with house.store.writing() as connection:
        one, two = found(connection, reference), found(connection, other)
        decided = rulings.of_papers(connection, (one.id, two.id))
        if decided.get(one.id, OPEN).hidden != decided.get(two.id, OPEN).hidden:
            raise Conflict("One of these is hidden and would hide the other. Restore it first, or hide both.")
        going_on = join(connection, one, two, done.at)
        ended = two if going_on.id == one.id else one
        words = acts.called(f"{ended.title} ({ended.slug}) into {going_on.slug}")
        about = Subject("paper", going_on.id, words, going_on.id)
        reported = acts.record(connection, done, about)
        acts.tell(connection, reported, f"A paper that you reported is part of another now: {done.why}", done, about)
    return going_on


def ruling(house: House, paper: Paper) -> Ruling:
    """Tell what was decided about a paper."""
    with house.store.reading() as connection:
        return rulings.of_paper(connection, paper.id)


def found(connection: Connection, reference: str) -> Paper:
    """Find a paper by any of its names, a hidden one too; raises NotFound."""
    return find(connection, reference, hidden=True)


def _rule(house: House, done: Deed, reference: str, ruled: Callable[[Ruling], Ruling]) -> Paper:
    with house.store.writing() as connection:
        paper = found(connection, reference)
        now = rulings.of_paper(connection, paper.id)
        then = ruled(now)
        if then == now:
            raise Conflict(f"There is nothing to {done.act}: the paper is so already.")
        rulings.keep(connection, paper.id, then._replace(why=done.why), done.at)
        if then.hidden != now.hidden:
            changes.note(connection, [paper.id], done.at)
        about = Subject("paper", paper.id, acts.called(paper.title), paper.id)
        reported = acts.record(connection, done, about)
        brought = submissions.shown_for(connection, [paper.id]).get(paper.id)
        _tell(connection, done, about, [brought.reader_id if brought else None], reported)
    return paper


def _tell(connection: Connection, done: Deed, about: Subject, brought: list[int | None], reported: list[int]) -> None:
    happened = {"hide": "hidden", "restore": "restored", "lock": "closed for comments", "unlock": "opened again"}
    words = f"“{about.words}” was {happened[done.act]} by a moderator: {done.why}"
    acts.tell(connection, [*brought, *reported], words, done, about)
