"""Claims: readers say which author they are; what papers prove is granted at once, the rest moderators decide."""

import logging
from dataclasses import dataclass

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow import events, limits
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, Rate
from broadsheet.flow.people import authors as people
from broadsheet.flow.people.rights import active, moderating
from broadsheet.model.author import Claim, Person
from broadsheet.model.proof import Known, prove
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.store import addresses, moderation_log, notices
from broadsheet.store import claims as store
from broadsheet.store.claims import ShownClaim
from broadsheet.store.connect import Connection
from broadsheet.store.payload import moment

ORCID = "https://orcid.org"
MAX_WORDS = 1_000
SHOWN = 50
RATES = (Rate(5, DAY_S),)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who an author's page was granted to, and a viewer's own claims to it, newest first."""

    granted: tuple[ShownClaim, ...] = ()
    own: tuple[Claim, ...] = ()

    @property
    def may_claim(self) -> bool:
        """Whether the viewer may claim the page: not while a claim of theirs waits or stands."""
        return not any(claim.waits or claim.state == "granted" for claim in self.own)

    @property
    def may_appeal(self) -> bool:
        """Whether the viewer may appeal: once for a page, against the last refusal."""
        return self.may_claim and bool(self.own) and self.own[0].may_appeal and not any(c.appealed_at for c in self.own)


def claim(house: House, reader: Reader, slug: str, words: str) -> Claim:
    """Say that a reader is an author: granted at once where a paper proves it, else for a moderator to decide.

    Nothing is granted at once while somebody else is that author here. Who was refused may try again. Raises NotFound,
    Invalid for too many words, Conflict while an earlier claim waits or stands, TooMany.
    """
    active(reader)
    told, shown = _words(words), people.show(house, slug)
    with house.store.writing() as connection:
        person = people.kept(house, connection, shown)
        standing = Standing(store.granted(connection, person.id), store.to_author(connection, reader.id, person.id))
        if not standing.may_claim:
            raise Conflict("You have claimed this page already. It shows how that stands.")
        limits.take_within(connection, house, "claim", str(reader.id), RATES)
        proof = prove(person, shown.all, _known(connection, reader))
        at = house.clock()
        granted = proof.certain and not standing.granted
        made = Claim(
            id=0,
            reader_id=reader.id,
            author_id=person.id,
            method=proof.method,
            state="granted" if granted else "open",
            words=told,
            at=at,
            # A paper shown beside a claim makes the reader its author, so only a proof names one.
            paper_id=proof.paper_id if granted else None,
            evidence=proof.evidence,
            settled_at=at if granted else None,
        )
        number = store.insert(connection, made)
        events.tell(logging.INFO, "claimed", reader=reader.handle, author=person.id, state=made.state)
        return _claim(connection, number).claim


def appeal(house: House, reader: Reader, number: int, words: str) -> None:
    """Ask that somebody else looks at a refused claim again; once for a page. Raises NotFound, Conflict, Invalid."""
    active(reader)
    told = _words(words)
    with house.store.writing() as connection:
        shown = _own(connection, reader, number)
        own = store.to_author(connection, reader.id, shown.claim.author_id)
        if not Standing((), own).may_appeal or own[0].id != number:
            raise Conflict("This cannot be appealed against: there was an appeal, or it was not refused.")
        both = f"{shown.claim.words}\n{told}".strip() if told else shown.claim.words
        store.change(connection, number, "appealed", appealed_at=moment(house.clock()), words=both[: 2 * MAX_WORDS])
        events.tell(logging.INFO, "claim appealed", reader=reader.handle, claim=number)


def withdraw(house: House, reader: Reader, number: int) -> None:
    """Take a claim back, whether it waits or was granted; raises NotFound, Conflict when it stands no more."""
    with house.store.writing() as connection:
        shown = _own(connection, reader, number)
        if not (shown.claim.waits or shown.claim.state == "granted"):
            raise Conflict("This claim does not stand any more.")
        store.change(connection, number, "withdrawn", settled_at=moment(house.clock()))
        events.tell(logging.INFO, "claim withdrawn", reader=reader.handle, claim=number)


def decide(house: House, by: Reader, number: int, why: str, *, grant: bool) -> ShownClaim:
    """Grant or refuse a claim that waits, or take one back that was granted. For moderators, with a reason.

    Nobody decides on their own claim but an administrator, and an appeal is for somebody else than who refused, or an
    administrator. Raises Refused, NotFound, Invalid, and Conflict when it is decided already.
    """
    reason = moderating(by, why)
    with house.store.writing() as connection:
        shown = _claim(connection, number)
        _may_decide(connection, by, shown, grant=grant)
        state = "granted" if grant else "refused"
        store.change(
            connection, number, "granted" if grant else "refused", why=reason, settled_at=moment(house.clock())
        )
        act = moderation_log.Act(by.id, f"claim {state}", "claim", number, shown.author, reason, house.clock())
        moderation_log.note(connection, act)
        words = f"Your claim to be {shown.author} was {state}: {reason}"
        notices.tell(connection, {shown.claim.reader_id: "claim"}, notices.Matter(words, house.clock()))
        events.tell(logging.INFO, "claim decided", moderator=by.handle, claim=number, state=state)
        return _claim(connection, number)


def standing(house: House, person: Person, reader: Reader | None) -> Standing:
    """Tell who an author is here, and how a reader's own claims to the page stand; two statements."""
    if not person.id:
        return Standing()
    with house.store.reading() as connection:
        own = store.to_author(connection, reader.id, person.id) if reader else ()
        return Standing(store.granted(connection, person.id), own)


def of_reader(house: House, reader: Reader) -> tuple[ShownClaim, ...]:
    """Give a reader's newest claims."""
    with house.store.reading() as connection:
        return store.of_reader(connection, reader.id, SHOWN)


def queue(house: House, by: Reader) -> tuple[ShownClaim, ...]:
    """Give the claims that wait for a moderator, oldest first; raises Refused for anybody else."""
    if not by.may("moderator"):
        raise Refused("This is for moderators.")
    with house.store.reading() as connection:
        return store.waiting(connection, SHOWN)


def _may_decide(connection: Connection, by: Reader, shown: ShownClaim, *, grant: bool) -> None:
    claim = shown.claim
    if not (claim.waits or (claim.state == "granted" and not grant)):
        raise Conflict(f"This claim is {claim.state} already.")
    if by.may("admin"):
        return
    if claim.reader_id == by.id:
        raise Refused("Somebody else decides on your own claim.")
    if claim.state == "appealed" and moderation_log.last_by(connection, "claim", claim.id) == by.id:
        raise Refused("You refused this claim; somebody else decides on the appeal.")


def _known(connection: Connection, reader: Reader) -> Known:
    mails = [address.key for address in addresses.of_reader(connection, reader.id)]
    return Known(mails, store.subjects(connection, reader.id, ORCID))


def _claim(connection: Connection, number: int) -> ShownClaim:
    shown = store.by_id(connection, number)
    if shown is None:
        raise NotFound(f"There is no claim {number}.")
    return shown


def _own(connection: Connection, reader: Reader, number: int) -> ShownClaim:
    shown = _claim(connection, number)
    if shown.claim.reader_id != reader.id:
        raise NotFound(f"There is no claim {number}.")
    return shown


def _words(words: str) -> str:
    told = clean(words[: 20 * MAX_WORDS])
    if len(told) > MAX_WORDS:
        raise Invalid(f"This takes at most {MAX_WORDS:,} characters, not {len(told):,}.", field="words")
    return told
