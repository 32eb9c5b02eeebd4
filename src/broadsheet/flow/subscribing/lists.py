"""Which lists can be subscribed to, by whom, and what they are called."""

from collections.abc import Mapping
from dataclasses import replace

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.reading.saved_searches import sound
from broadsheet.flow.selecting.select import select, words_of
from broadsheet.flow.voting.trending import span_of
from broadsheet.model.places import list_url
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Kind, Selection, Stretch
from broadsheet.model.subscription import RHYTHMS, Rhythm

# What a list is called in a mail to somebody who may not have asked for it: in words of ours alone, so that nobody can
# have us mail theirs to others.
_NAMED: Mapping[Kind, str] = {
    "day": "the papers of the day",
    "trending": "the papers that trend",
    "search": "what is new for a search",
    "similar": "papers like another one",
    "author": "new papers of an author",
    "organisation": "new papers of an organisation",
    "category": "new papers of a category",
    "label": "papers that a reader puts on a list",
    "saved": "what is new for a saved search",
    "following": "what is new of all you follow",
}
_OWN: frozenset[Kind] = frozenset({"saved", "following"})
# They change all day long, so that nothing of them is new at once.
_UNHURRIED: frozenset[Kind] = frozenset({"day", "trending"})
_ONE = Stretch(0, 1)


def check(house: House, selection: Selection, reader: Reader | None) -> Selection:
    """Give a list as it is subscribed to, if ``reader`` may: a day's page stands for that of each day.

    Raises Invalid (field ``list``, or one of a search) for what brings nothing new, Refused for what only its reader
    may see while nobody is signed in, NotFound for what is not there or not for them to see.
    """
    if selection.kind not in _NAMED:
        raise Invalid("A week or month that is over brings nothing new: choose the page of the day.", field="list")
    if selection.kind != "search" and selection.query is not None:
        raise Invalid("A list is subscribed to as it is. To narrow it, subscribe to a search.", field="list")
    if selection.kind in _OWN and reader is None:
        raise Refused("Only a reader can get this list, for it is theirs. Sign in first.")
    if selection.kind in _UNHURRIED:
        return Selection("day") if selection.kind == "day" else _trending(selection.name)
    kept = replace(selection, query=sound(selection.query or Query())) if selection.kind == "search" else selection
    if kept.kind != "following":
        select(house, kept, _ONE, reader)
    return kept


def check_rhythm(selection: Selection, rhythm: str) -> Rhythm:
    """Read a rhythm that a list can come in; raises Invalid (field ``rhythm``)."""
    found = next((known for known in RHYTHMS if known == rhythm), None)
    if found is None:
        raise Invalid(f"A digest comes in one of these rhythms: {', '.join(RHYTHMS)}.", field="rhythm")
    if found == "now" and selection.kind in _UNHURRIED:
        raise Invalid("This list changes all day: get it daily or weekly.", field="rhythm")
    return found


def titled(house: House, selection: Selection, reader: Reader | None) -> tuple[str, str]:
    """Give what a list is called and the path of its page; raises NotFound and Refused as ``check`` does."""
    if selection.kind == "following" and reader is None:
        raise NotFound("This list is a reader's, who is not here.")
    if selection.kind == "day":
        title = "Papers of the day"
    elif selection.kind == "trending":
        title = "Trending papers" + {"week": " of seven days", "day": " of today"}.get(selection.name, "")
    elif selection.kind == "search":
        title = words_of(selection.query or Query())
    elif selection.kind == "following":
        title = "What you follow"
    else:
        title = select(house, selection, _ONE, reader).title
    return title, list_url(selection)


def named(selection: Selection) -> str:
    """Say what kind of list it is in words of ours alone, for mails to who may not have asked."""
    return _NAMED[selection.kind]


def _trending(name: str) -> Selection:
    span = span_of(name or "all")
    return Selection("trending", "" if span == "all" else span)
