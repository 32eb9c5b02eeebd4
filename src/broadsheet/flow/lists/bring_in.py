"""Bring in lists from elsewhere: labels, notes, and what is read or put off; bringing them twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.errors import Refused
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels as flow
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep_in
from broadsheet.model.identity import title_key
from broadsheet.model.label import MAX_ABOUT, MAX_NAME, MAX_NOTE, MAX_PAPERS, STATES, Label, State
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.sources.lists import Listed, Listing, read_lists
from broadsheet.store import labels, readings, whereabouts
from broadsheet.store.connect import Connection

MISSING_SHOWN = 200
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brings: what is in it, its name, and the label for papers that stand on none."""

    content: bytes
    name: str = "text"
    label: str = ""


@dataclass(slots=True)
class BroughtIn:
    """What was found in a file and what came of it.

    ``papers`` are named in it and ``known`` of them are on the shelf, ``new`` of these only since now; ``labels`` are
    those that papers came on, each with how many, ``stated`` how many papers were noted as read, later or hidden.
    ``missing`` names at most MISSING_SHOWN papers that are not here.
    """

    kind: str
    papers: int = 0
    known: int = 0
    new: int = 0
    labels: list[tuple[Label, int]] = field(default_factory=list)
    stated: int = 0
    missing: list[str] = field(default_factory=list)
    missing_count: int = 0
    problems: int = 0


def bring_in(house: House, reader: Reader, brought: Brought, *, keeping_papers: bool = False) -> BroughtIn:
    """Read a file as ``sources.lists`` does and take in what it lists; raises Invalid for what cannot be read."""
    listing = read_lists(brought.content, name=brought.name)
    return take_in(house, reader, listing, brought.label, keeping_papers=keeping_papers)


def take_in(
    house: House, reader: Reader, listing: Listing, label: str = "", *, keeping_papers: bool = False
) -> BroughtIn:
    """Put papers on the reader's labels, all private, in one go; those that stand on none on ``label``.

    With ``keeping_papers`` records of papers that are not here are kept
    as any import keeps them; without, those papers are named as missing: what a stranger says of a paper must not
    change it. Raises Refused when a label would hold too much; then nothing is changed.
    """
    done = BroughtIn(listing.kind, problems=len(listing.problems))
    with house.store.writing() as connection:
        if keeping_papers:
            done.new = _keep(house, connection, listing)
        found = _found(connection, listing.papers)
        _count(done, listing.papers, found)
        for told, notes in _by_label(listing, found, label or "Imported").items():
            wanted = Wanted(told, listing.labels.get(told, ""))
            done.labels.append(_put(house, connection, reader, wanted, notes))
        states = _states(listing.papers, found)
        done.stated = readings.set_new(connection, reader.id, states, at=house.clock())
    return done


def _keep(house: House, connection: Connection, listing: Listing) -> int:
    records = [one.record for one in listing.papers if one.record is not None]
    at = house.clock()
    parts = (records[start : start + _AT_ONCE] for start in range(0, len(records), _AT_ONCE))
    return sum(keep_in(connection, part, at=at).new for part in parts)


def _found(connection: Connection, papers: list[Listed]) -> list[int | None]:
    """Give the paper that each one listed is here, in their order."""
    bearers = whereabouts.by_ids(connection, {external_id for one in papers for external_id in one.ids})
    keys = [title_key(one.record.title) if one.record else 0 for one in papers]
    titled = whereabouts.by_titles(connection, keys)
    return [
        next((bearers[external_id] for external_id in one.ids if external_id in bearers), titled.get(key))
        for one, key in zip(papers, keys, strict=True)
    ]


def _count(done: BroughtIn, papers: list[Listed], found: list[int | None]) -> None:
    missing = {one.called: None for one, paper_id in zip(papers, found, strict=True) if paper_id is None}
    done.known = len({paper_id for paper_id in found if paper_id is not None})
    done.missing_count = len(missing)
    done.missing = [clean(name)[:200] for name in list(missing)[:MISSING_SHOWN]]
    done.papers = done.known + done.missing_count


def _by_label(listing: Listing, found: list[int | None], default: str) -> dict[str, dict[int, str]]:
    """Give for each label the papers with their notes; one that stands on none, and as nothing, goes on the default."""
    told: dict[str, dict[int, str]] = {name: {} for name in listing.labels}
    for one, paper_id in zip(listing.papers, found, strict=True):
        for name in one.labels or ((default,) if not one.state else ()):
            if paper_id is not None:
                told.setdefault(name, {}).setdefault(paper_id, clean(one.note[: 2 * MAX_NOTE])[:MAX_NOTE])
    return told


def _put(
    house: House, connection: Connection, reader: Reader, wanted: Wanted, notes: Mapping[int, str]
) -> tuple[Label, int]:
    name = clean(wanted.name)[:MAX_NAME].strip() or "Imported"
    about = clean(wanted.about[: 2 * MAX_ABOUT])[:MAX_ABOUT]
    label = flow.named(house, connection, reader, Wanted(name, about))
    came = labels.put_new(connection, label.id, notes, at=house.clock())
    if label.papers + came > MAX_PAPERS:
        raise Refused(f"The label “{name}” would hold more than {MAX_PAPERS:,} papers. Nothing was brought in.")
    return label, came


def _states(papers: list[Listed], found: list[int | None]) -> dict[int, State]:
    known: dict[str, State] = {state: state for state in STATES}
    told = zip(papers, found, strict=True)
    return {number: known[one.state] for one, number in told if number is not None and one.state in known}
