"""Who is who: take two authors for one, tell two apart, name and mend; every act is kept and can be undone."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow import events
from broadsheet.flow import paper as shelf
from broadsheet.flow.house import House
from broadsheet.flow.people import authors as people
from broadsheet.flow.people.rights import may_shape, moderating, shaping
from broadsheet.model.author import Act, Change, Person, author_slug, depends, name_key, spoken
from broadsheet.model.names import fold
from broadsheet.model.namesakes import may_be_one
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.store import authors as store
from broadsheet.store import moderation_log
from broadsheet.store.connect import Connection

SHOWN = 50
_MAX_ACT = 160


class Another(NamedTuple):
    """What is another author's: names of one, and papers by any name they have."""

    names: Collection[str] = ()
    papers: Collection[str] = ()


class Verdict(NamedTuple):
    """Whether a paper, by any name it has, is an author's."""

    paper: str
    theirs: bool


def merge(house: House, by: Reader, into: str, other: str, why: str) -> Person:
    """Take the author ``other`` for ``into`` from now on: names, marks and claims are theirs, and the slug leads on.

    For moderators. Raises NotFound for either, Invalid for one and the same.
    """
    reason = moderating(by, why)
    pages = [people.show(house, slug) for slug in (into, other)]
    with house.store.writing() as connection:
        winner, loser = (people.kept(house, connection, page) for page in pages)
        if winner.id == loser.id:
            raise Invalid("These are one author already.", field="other")
        changes = [_stands(winner.id), Change("into", str(loser.id), None, winner.id)]
        led = store.merged_into(connection, loser.id)
        changes += [Change("into", str(each), loser.id, winner.id) for each in led]
        changes += [Change("name", key, (loser.id, name), (winner.id, name)) for key, name in loser.names.items()]
        changes += _copied(connection, loser.id, winner.id)
        moved = store.claim_rows(connection, loser.id)
        changes += [Change("claim", str(number), loser.id, winner.id) for number in moved]
        _do(house, connection, by, _act(winner, f"took {loser.name} for {winner.name}", changes, reason))
    return winner


def split(house: House, by: Reader, slug: str, another: Another, why: str) -> Person:
    """Make another author of some names and papers of one; gives the new one. For moderators.

    With papers alone the new author is called the same, and later papers under that name stay the first one's. Raises
    NotFound for the author or a paper, Invalid when nothing, or every name, is told apart.
    """
    reason, shown = moderating(by, why), people.show(house, slug)
    apart = [shelf.show(house, paper).id for paper in another.papers]
    with house.store.writing() as connection:
        person = people.kept(house, connection, shown)
        keys = sorted({name_key(name) for name in another.names} & person.names.keys())
        if not (keys or apart) or (keys and len(keys) == len(person.names)):
            raise Invalid("Choose papers, or some of the names, that are another's.", field="names")
        called = person.names[keys[0]] if keys else person.name
        other = people.keep(house, connection, called, {})
        # As if it had been part of the first one from the beginning, so that undoing leads its slug back.
        changes = [_stands(person.id), Change("into", str(other.id), person.id, None)]
        changes += [Change("name", key, (person.id, person.names[key]), (other.id, person.names[key])) for key in keys]
        changes += _marked(house, connection, person.id, apart, theirs=False)
        changes += _marked(house, connection, other.id, apart, theirs=True)
        _do(house, connection, by, _act(person, f"told {called} apart as {other.slug}", changes, reason))
    return replace(other, names={key: person.names[key] for key in keys})


def also(house: House, by: Reader, slug: str, name: str, why: str) -> Person:
    """Let an author be known under one more name. For moderators and whoever was granted to be the author.

    Raises Invalid for what is no name, Conflict for one that is somebody's already.
    """
    printed, shown = spoken(clean(name)), people.show(house, slug)
    key = name_key(printed)
    if not author_slug(printed):
        raise Invalid("Write a name as papers print it.", field="name")
    with house.store.writing() as connection:
        person = people.kept(house, connection, shown)
        reason = shaping(connection, by, person, why)
        _fits(by, person, [printed])
        holder = store.holders(connection, [key]).get(key)
        if holder == person.id:
            raise Conflict(f"{person.name} is known as {printed} already.")
        if holder:
            raise Conflict(f"{printed} is another author here. A moderator can take the two for one.")
        changes = [_stands(person.id), Change("name", key, None, (person.id, printed))]
        _do(house, connection, by, _act(person, f"also known as {printed}", changes, reason))
    return person


def rename(house: House, by: Reader, slug: str, name: str, why: str) -> Person:
    """Call an author by another of their names; the slug stays. For moderators and the author."""
    printed, shown = spoken(clean(name)), people.show(house, slug)
    with house.store.writing() as connection:
        person = people.kept(house, connection, shown)
        reason = shaping(connection, by, person, why)
        key = name_key(printed)
        if key not in person.names:
            raise Invalid("An author is called by one of their names. Add the name first.", field="name")
        held = Change("name", key, (person.id, person.names[key]), (person.id, person.names[key]))
        changes = [_stands(person.id), held, Change("called", str(person.id), person.name, printed)]
        _do(house, connection, by, _act(person, f"called {printed}", changes, reason))
    return replace(person, name=printed)


def mark(house: House, by: Reader, slug: str, verdict: Verdict, why: str) -> Person:
    """Say that a paper is an author's, or is not, whatever its names say. For moderators and the author."""
    found, shown = shelf.show(house, verdict.paper), people.show(house, slug)
    with house.store.writing() as connection:
        person = people.kept(house, connection, shown)
        reason = shaping(connection, by, person, why)
        if verdict.theirs:
            _fits(by, person, [author.name for author in found.authors])
        words = f"{'theirs' if verdict.theirs else 'not theirs'}: {found.slug}"
        changes = [_stands(person.id), *_marked(house, connection, person.id, [found.id], theirs=verdict.theirs)]
        _do(house, connection, by, _act(person, words, changes, reason))
    return person


def undo(house: House, by: Reader, number: int) -> Act:
    """Let everything be as it was before an act. For moderators, and for whoever did it while they may do so still.

    Raises NotFound, Refused, and Conflict when it was undone, or when something done later must be undone first.
    """
    with house.store.writing() as connection:
        act = store.act(connection, number)
        if act is None:
            raise NotFound(f"There is no act {number}.")
        if not (by.may("moderator") or (act.reader_id == by.id and _may_still(connection, by, act))):
            raise Refused("This is for moderators.")
        if act.undone_at:
            raise Conflict("This was undone already.")
        later = next((each for each in store.acts_after(connection, number) if depends(each, act)), None)
        if later:
            raise Conflict(f"Undo first what was done later: “{later.act}” (number {later.id}).")
        store.apply(connection, [replace(each, before=each.after, after=each.before) for each in act.changes[::-1]])
        store.mark_undone(connection, number, house.clock())
        _tell(house, connection, by, replace(act, act=f"undid: {act.act}"))
    return act


def history(house: House, person: Person) -> tuple[Act, ...]:
    """Give the newest acts on an author and on those merged into them, at most SHOWN."""
    if not person.id:
        return ()
    with house.store.reading() as connection:
        return store.history(connection, person.id, SHOWN)


def _fits(by: Reader, person: Person, printed: Collection[str]) -> None:
    """Let an author take only what a name like theirs is printed on; a moderator may know better."""
    own = (person.name, *person.names.values())
    alike = any(name_key(name) in person.names or _is_like(name, own) for name in printed)
    if not (alike or by.may("moderator")):
        raise Refused(f"No name here is like {person.name}. Ask a moderator: others could be meant.")


def _is_like(name: str, own: Collection[str]) -> bool:
    """Tell whether a name may be a person's: like one of theirs, and against none of the same family.

    Else *A. Lee* would lead from *Ann Lee* to *Amy Lee*.
    """
    family = fold(spoken(name).rpartition(" ")[2])
    same = [each for each in own if fold(spoken(each).rpartition(" ")[2]) == family]
    return bool(same) and all(may_be_one(name, each) for each in same)


def _may_still(connection: Connection, by: Reader, act: Act) -> bool:
    """Tell whether somebody may do what they did: be the author still, and none may take authors for one or apart."""
    (person,) = store.by_ids(connection, [act.author_id])
    ours = any(change.is_new and change.row in {"into", "claim"} for change in act.changes)
    return may_shape(connection, by, person) and not ours


def _stands(author_id: int) -> Change:
    """Look at whether an author stands for themselves."""
    return Change("into", str(author_id), None, None)


def _copied(connection: Connection, loser: int, winner: int) -> Iterator[Change]:
    """Let marks of one author be another's too; of two on one paper the other's own stays."""
    own = store.mark_rows(connection, winner)
    for paper_id, value in store.mark_rows(connection, loser).items():
        known = own.get(paper_id)
        yield Change("paper", f"{winner}/{paper_id}", known, known or value)


def _marked(
    house: House, connection: Connection, author_id: int, paper_ids: Collection[int], *, theirs: bool
) -> Iterator[Change]:
    known, at = store.mark_rows(connection, author_id), house.clock().isoformat()
    for paper_id in dict.fromkeys(paper_ids):
        before = known.get(paper_id)
        same = before is not None and before[0] == theirs
        yield Change("paper", f"{author_id}/{paper_id}", before, before if same else (theirs, at))


def _act(person: Person, words: str, changes: list[Change], why: str) -> Act:
    return Act(0, person.id, None, words[:_MAX_ACT], tuple(changes), why)


def _do(house: House, connection: Connection, by: Reader, act: Act) -> None:
    store.apply(connection, act.changes)
    store.note(connection, replace(act, reader_id=by.id, at=house.clock()))
    _tell(house, connection, by, act)


def _tell(house: House, connection: Connection, by: Reader, act: Act) -> None:
    """Note what a moderator did where everybody can read it, and what anybody did in the log."""
    if by.may("moderator"):
        told = moderation_log.Act(by.id, "author", "author", act.author_id, act.act[:_MAX_ACT], act.why, house.clock())
        moderation_log.note(connection, told)
    events.tell(logging.INFO, "author changed", reader=by.handle, author=act.author_id)
