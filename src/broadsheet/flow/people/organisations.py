"""Organisations: their page, who keeps it, and under which names papers are theirs."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urlsplit

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow import events, limits
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, Rate
from broadsheet.flow.people.authors import MOST, PER_PAGE, newest_first
from broadsheet.flow.people.rights import active
from broadsheet.model.author import Person, author_keys
from broadsheet.model.organisation import (
    INSIDE,
    MAX_ABOUT,
    MAX_LINK,
    MAX_NAME,
    MAX_NAMES,
    Organisation,
    OrganisationPage,
    organisation_key,
    organisation_slug,
)
from broadsheet.model.paper import Paper
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.saved_search import is_slug
from broadsheet.model.text import clean, prose
from broadsheet.store import authors, claims, members, papers
from broadsheet.store import organisations as store
from broadsheet.store.connect import Connection

RATES = (Rate(5, DAY_S),)
# Names that the index gives for the beginning of one, to find those that are the same.
_SUGGESTED = 20
_LOOKED_AT = 100
LISTED = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What a keeper says of an organisation; who may say what differs, see ``describe``."""

    name: str
    about: str = ""
    link: str = ""
    domain: str = ""
    names: Collection[str] = ()


def show(house: House, slug: str, *, page: int = 1) -> OrganisationPage:
    """Lay out an organisation's page: the papers that name it and those of its members' claimed authors.

    One that nobody keeps yet has a page if papers name it. Two searches of the index at most, and a constant number of
    statements. Raises NotFound.
    """
    if not is_slug(slug):
        raise absent(slug)
    with house.store.reading() as connection:
        known = store.find(connection, slug, organisation_key(slug))
        belonging = members.of(connection, known.id) if known else ()
        inside = [each.reader_id for each in belonging if each.role in INSIDE]
        people = authors.by_ids(connection, claims.authors_of(connection, inside)) if inside else ()
    organisation = known or _printed(house, slug)
    found = _papers(house, organisation, people)
    first = PER_PAGE * (max(page, 1) - 1)
    return OrganisationPage(
        organisation=organisation,
        members=belonging,
        papers=tuple(found[first : first + PER_PAGE]),
        all=tuple(found),
        total=len(found),
        at_least=len(found) >= MOST,
        page=max(page, 1),
    )


def listed(house: House, *, page: int = 1) -> tuple[tuple[str, str, int], ...]:
    """Give organisations that have members, LISTED on a page by name: slug, name and how many members."""
    with house.store.reading() as connection:
        return members.counts(connection, LISTED, LISTED * (max(page, 1) - 1))


def make(house: House, reader: Reader, name: str) -> Organisation:
    """Make an organisation, of which the reader is the keeper.

    Raises Invalid for what is no name, Conflict for one that is here or that papers print already: that is joined, and
    moderators say who keeps it. TooMany beyond RATES.
    """
    active(reader)
    called = _name(name)
    key, slug = organisation_key(called), organisation_slug(called)
    if _names_printed(house, slug):
        raise Conflict(f"Papers name {called} already. Open its page and ask to join.")
    with house.store.writing() as connection:
        if store.holders(connection, [key]):
            raise Conflict(f"There is an organisation called {called} already. Open its page and ask to join.")
        limits.take_within(connection, house, "organisation", str(reader.id), RATES)
        made = keep(house, connection, Organisation(0, slug, called, names={key: called}))
        members.put(connection, made.id, reader.id, "keeper", at=house.clock())
        events.tell(logging.INFO, "organisation made", reader=reader.handle, organisation=made.slug)
        return made


def describe(house: House, by: Reader, slug: str, told: Told) -> Organisation:
    """Let an organisation say something else of itself; its slug stays.

    Keepers say the name, about and the link; moderators the names under which papers are theirs, too, and an
    administrator the mail domain whose people join at once. What somebody may not say stays as it was. Raises Refused,
    Invalid, and Conflict for a name that is another's.
    """
    said = Told(_name(told.name), _about(told.about), _link(told.link), told.domain, told.names)
    with house.store.writing() as connection:
        known = may_keep(connection, by, slug)
        names = _names(connection, known, (said.name, *said.names)) if by.may("moderator") else known.names
        domain = _domain(said.domain) if by.may("admin") else known.domain
        # A keeper may spell the name otherwise, or moderators would not know whose page it is.
        if not by.may("moderator") and organisation_key(said.name) not in names:
            raise Refused("Another name is given by a moderator: papers are found by it.")
        store.change(connection, known.id, name=said.name, about=said.about, link=said.link, domain=domain)
        if by.may("moderator"):
            store.put_names(connection, known.id, names)
        events.tell(logging.INFO, "organisation described", reader=by.handle, organisation=known.slug)
    return replace(known, name=said.name, about=said.about, link=said.link, domain=domain, names=names)


def kept(house: House, connection: Connection, shown: Organisation) -> Organisation:
    """Give an organisation that was shown, kept from now on if it was not; in a transaction for writing."""
    known = store.find(connection, shown.slug, organisation_key(shown.name))
    return known or keep(house, connection, shown)


def keep(house: House, connection: Connection, told: Organisation) -> Organisation:
    """Keep a new organisation under a slug of its own; its names must be nobody else's."""
    numbered = (f"{told.slug}-{number}" if number > 1 else told.slug for number in count(1))
    slug = next(slug for slug in numbered if not store.is_taken(connection, slug))
    made = replace(told, slug=slug)
    return replace(made, id=store.insert(connection, made, at=house.clock()))


def may_keep(connection: Connection, by: Reader, slug: str) -> Organisation:
    """Give an organisation to whoever may say what it is: its keepers and moderators. Raises NotFound, Refused."""
    known = store.by_slugs(connection, [slug]).get(slug)
    if known is None:
        raise absent(slug)
    keeps = by.may("reader") and members.role_of(connection, known.id, by.id) == "keeper"
    if not (keeps or by.may("moderator")):
        raise Refused("This is for the keepers of the organisation.")
    return known


def absent(slug: str) -> NotFound:
    """Say that no organisation is known under a slug."""
    return NotFound(f"No organisation is known as {clean(slug[:MAX_NAME])!r}.")


def _printed(house: House, slug: str) -> Organisation:
    """Read off the papers what an organisation is called that nobody keeps; raises NotFound."""
    names = _names_printed(house, slug)
    if not names:
        raise absent(slug)
    return Organisation(0, slug, names[0], names={organisation_key(slug): names[0]})


def _names_printed(house: House, slug: str) -> list[str]:
    key = organisation_key(slug)
    words = slug.replace("-", " ")
    found = [each.name for each in house.text_index.suggest(words, _SUGGESTED).organisations]
    if not any(organisation_key(name) == key for name in found):
        # Of many that begin so not all are suggested.
        named = Query(text=f'org:"{words}"', sort="date", limit=_LOOKED_AT)
        hits = house.text_index.search(named, deadline_ms=house.settings.search_deadline_ms).hits
        with house.store.reading() as connection:
            read = papers.by_ids(connection, [paper_id for paper_id, _ in hits])
        found = list(dict.fromkeys(name for paper in read for name in paper.organisations))
    return [name for name in found if organisation_key(name) == key]


def _papers(house: House, organisation: Organisation, people: Collection[Person]) -> list[Paper]:
    named = tuple(dict.fromkeys((organisation.name, *organisation.names.values())))
    called = tuple(dict.fromkeys(name for person in people for name in person.spellings))
    queries = [Query(organisations=named, sort="date", limit=MOST)]
    queries += [Query(authors=called, sort="date", limit=MOST)] if called else []
    ids: dict[int, None] = {}
    for query in queries:
        found = house.text_index.search(query, deadline_ms=house.settings.search_deadline_ms)
        ids |= dict.fromkeys(paper_id for paper_id, _ in found.hits)
    with house.store.reading() as connection:
        marks = authors.marks_by_author(connection, [person.id for person in people]) if people else {}
        ids |= {paper_id: None for told in marks.values() for paper_id, theirs in told.items() if theirs}
        read = papers.by_ids(connection, list(ids))
    own = {organisation_key(name) for name in named}

    def is_theirs(paper: Paper) -> bool:
        keys = author_keys(paper)
        return any(marks.get(one.id, {}).get(paper.id, not keys.isdisjoint(one.names)) for one in people)

    return newest_first(
        paper for paper in read if own & {*map(organisation_key, paper.organisations)} or is_theirs(paper)
    )[:MOST]


def _names(connection: Connection, known: Organisation, told: Collection[str]) -> dict[str, str]:
    names = {organisation_key(name): name for name in (_name(each) for each in told if each.strip())}
    if len(names) > MAX_NAMES:
        raise Invalid(f"An organisation has at most {MAX_NAMES} names.", field="names")
    taken = {key for key, holder in store.holders(connection, names).items() if holder != known.id}
    if taken:
        raise Conflict(f"“{names[min(taken)]}” is the name of another organisation here.")
    return names


def _name(name: str) -> str:
    told = clean(name[: 20 * MAX_NAME])
    if not organisation_key(told) or len(told) > MAX_NAME:
        raise Invalid(f"An organisation has a name of 1 to {MAX_NAME} characters.", field="name")
    return told


def _about(about: str) -> str:
    told = prose(about[: 20 * MAX_ABOUT])
    if len(told) > MAX_ABOUT:
        raise Invalid(f"This takes at most {MAX_ABOUT:,} characters, not {len(told):,}.", field="about")
    return told


def _link(link: str) -> str:
    told = clean(link[: 20 * MAX_LINK])
    try:
        parts = urlsplit(told)
        fits = not told or (parts.scheme in {"http", "https"} and bool(parts.hostname))
    except ValueError:
        fits = False
    if not fits or len(told) > MAX_LINK:
        raise Invalid("A link begins with https:// and names a site.", field="link")
    return told


def _domain(domain: str) -> str:
    told = clean(domain[:MAX_NAME]).lower().removeprefix("@")
    return read_mail_address(f"somebody@{told}").domain if told else ""
