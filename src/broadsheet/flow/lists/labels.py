"""Labels: make, change and delete them; put papers on them and take papers off."""

from dataclasses import dataclass
from itertools import count

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.paper import find
from broadsheet.model.label import (
    MAX_ABOUT,
    MAX_LABELS,
    MAX_NAME,
    MAX_NOTE,
    MAX_PAPERS,
    SEEN_BY,
    KeptPaper,
    Label,
    SeenBy,
    label_slug,
)
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.saved_search import folded
from broadsheet.model.text import clean
from broadsheet.store import labels as store
from broadsheet.store.connect import Connection

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants a label to be; ``organisation_id`` counts where ``seen_by`` is ``group``."""

    name: str
    about: str = ""
    seen_by: SeenBy = "me"
    organisation_id: int | None = None


def make(house: House, reader: Reader, wanted: Wanted) -> Label:
    """Make a label without papers.

    Raises Invalid for what cannot be kept, Conflict for a name that another label of the reader's has (compared
    without case), Refused beyond MAX_LABELS and for a group that the reader is no member of.
    """
    with house.store.writing() as connection:
        return make_in(house, connection, reader, wanted)


def make_in(house: House, connection: Connection, reader: Reader, wanted: Wanted) -> Label:
    """Make a label as ``make`` does, in a transaction that holds more."""
    told, at = _sound(wanted), house.clock()
    known = store.names(connection, reader.id)
    if _held(known, told.name) is not None:
        raise Conflict(f"You have a label called “{told.name}” already. Choose another name.")
    if len(known) >= MAX_LABELS:
        raise Refused(f"You have {MAX_LABELS:,} labels, and no more can be kept. Delete one first.")
    group = _group(connection, reader, told)
    slug = _free(label_slug(told.name), known)
    return store.insert(connection, Label(0, reader.id, slug, told.name, at, at, told.about, told.seen_by, group))


def change(house: House, reader: Reader, slug: str, wanted: Wanted) -> Label:
    """Let a label of the reader's be called and seen otherwise; its address stays. Raises as ``make``, and NotFound."""
    told = _sound(wanted)
    with house.store.writing() as connection:
        label = own(connection, reader, slug)
        if _held(store.names(connection, reader.id), told.name) not in {None, slug}:
            raise Conflict(f"You have another label called “{told.name}”. Choose another name.")
        group = _group(connection, reader, told)
        row = {"name": told.name, "about": told.about, "seen_by": told.seen_by, "organisation_id": group}
        store.update(connection, label.id, row, at=house.clock())
        return own(connection, reader, slug)


def delete(house: House, reader: Reader, slug: str) -> None:
    """Delete a label of the reader's with its notes; raises NotFound."""
    with house.store.writing() as connection:
        store.remove(connection, own(connection, reader, slug).id)


def put(house: House, reader: Reader, slug: str, paper: str, note: str = "") -> Label:
    """Put a paper, by whatever name it has, on a label of the reader's, or give it another note there.

    Raises NotFound for either, Invalid for a long note, Refused beyond MAX_PAPERS.
    """
    told = _within(note, MAX_NOTE, "note")
    with house.store.writing() as connection:
        label, found = own(connection, reader, slug), find(connection, paper)
        if label.papers >= MAX_PAPERS and slug not in store.holding(connection, reader.id, found.id):
            raise Refused(f"A label takes at most {MAX_PAPERS:,} papers. Begin another one.")
        store.put(connection, label.id, found.id, told, at=house.clock())
        return own(connection, reader, slug)


def put_named(house: House, reader: Reader, name: str, paper: str, note: str = "") -> tuple[Label, Paper]:
    """Put a paper on the reader's label of a name, made if there is none; without a ``note`` the one there stays.

    Raises what ``make`` and ``put`` do; then nothing is changed.
    """
    told = _within(note, MAX_NOTE, "note")
    with house.store.writing() as connection:
        found = find(connection, paper)
        label = named(house, connection, reader, Wanted(name))
        is_there = label.slug in store.holding(connection, reader.id, found.id)
        if label.papers >= MAX_PAPERS and not is_there:
            raise Refused(f"A label takes at most {MAX_PAPERS:,} papers. Begin another one.")
        if told or not is_there:
            store.put(connection, label.id, found.id, told, at=house.clock())
        return own(connection, reader, label.slug), found


def take_off(house: House, reader: Reader, slug: str, paper: str) -> Label:
    """Take a paper off a label of the reader's; one that is not on it stays so. Raises NotFound."""
    with house.store.writing() as connection:
        label = own(connection, reader, slug)
        store.take_off(connection, label.id, find(connection, paper).id)
        return own(connection, reader, slug)


def of_reader(house: House, reader: Reader, viewer: Reader | None) -> tuple[Label, ...]:
    """Give those labels of a reader that the viewer may see, by name."""
    with house.store.reading() as connection:
        found = store.of_reader(connection, reader.id, viewer_id=viewer.id if viewer else None)
    return tuple(sorted(found, key=lambda label: (folded(label.name), label.id)))


def show(
    house: House, reader: Reader, slug: str, viewer: Reader | None, *, page: int = 1
) -> tuple[Label, tuple[KeptPaper, ...]]:
    """Give a label and PER_PAGE of its papers, newest first; raises NotFound for one that the viewer may not see."""
    with house.store.reading() as connection:
        label = _present(store.by_slug(connection, reader.id, slug, viewer_id=viewer.id if viewer else None))
        return label, store.kept(connection, label.id, limit=PER_PAGE, offset=PER_PAGE * (max(page, 1) - 1))


def kept(house: House, label: Label, *, limit: int, offset: int = 0) -> tuple[KeptPaper, ...]:
    """Give a piece of the papers of a label that was shown, in the order of its page."""
    with house.store.reading() as connection:
        return store.kept(connection, label.id, limit=limit, offset=offset)


def groups(house: House, reader: Reader) -> dict[int, str]:
    """Give the organisations a label of the reader's can be shared with: their names by number."""
    with house.store.reading() as connection:
        return store.groups(connection, reader.id)


def own(connection: Connection, reader: Reader, slug: str) -> Label:
    """Give a label of the reader's own; raises NotFound."""
    label = store.by_slug(connection, reader.id, slug, viewer_id=reader.id)
    return _present(label)


def named(house: House, connection: Connection, reader: Reader, wanted: Wanted) -> Label:
    """Give the reader's label of a name as it is, made as wanted if there is none; raises as ``make``."""
    slug = _held(store.names(connection, reader.id), clean(wanted.name))
    return make_in(house, connection, reader, wanted) if slug is None else own(connection, reader, slug)


def _sound(wanted: Wanted) -> Wanted:
    name = _within(wanted.name, MAX_NAME, "name")
    if not any(character.isprintable() and not character.isspace() for character in name):
        raise Invalid("A label needs a name.", field="name")
    if wanted.seen_by not in SEEN_BY:
        raise Invalid("A label is seen by you, by a group or by all.", field="seen_by")
    return Wanted(name, _within(wanted.about, MAX_ABOUT, "about"), wanted.seen_by, wanted.organisation_id)


def _within(text: str, most: int, field: str) -> str:
    told = clean(text[: 20 * most])
    if len(told) > most:
        raise Invalid(f"This takes at most {most:,} characters, not {len(told):,}.", field=field)
    return told


def _group(connection: Connection, reader: Reader, wanted: Wanted) -> int | None:
    if wanted.seen_by != "group":
        return None
    if wanted.organisation_id not in store.groups(connection, reader.id):
        raise Refused("Choose an organisation that you are a member of to share a label with.")
    return wanted.organisation_id


def _held(known: dict[str, str], name: str) -> str | None:
    wanted = folded(name)
    return next((slug for slug, held in known.items() if folded(held) == wanted), None)


def _free(slug: str, known: dict[str, str]) -> str:
    numbered = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
    return next(candidate for candidate in numbered if candidate not in known)


def _present(label: Label | None) -> Label:
    if label is None:
        raise NotFound("There is no such label, or it is not shared with you.")
    return label
