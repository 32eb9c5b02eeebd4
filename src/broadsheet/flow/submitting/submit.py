"""Bring a paper in by its id or address, look at what one brought in, and take it back."""

from dataclasses import dataclass
from datetime import timedelta

from broadsheet.errors import Conflict, NotFound, Refused, TooMany
from broadsheet.flow import limits
from broadsheet.flow.daily import today
from broadsheet.flow.house import House
from broadsheet.flow.limits import Rate
from broadsheet.flow.submitting import judging, placing
from broadsheet.model.daily import Turn
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.record import Record
from broadsheet.model.submission import Submission, as_asked, media_address, named, note_words
from broadsheet.net.addresses import read_url
from broadsheet.store import papers, rulings, submissions
from broadsheet.store.connect import Connection

# Looked at before anything is kept, so that no script fills the queue with what is refused anyway.
RATES = (Rate(10, limits.MINUTE_S), Rate(60, limits.HOUR_S))
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Slip:
    """What a reader fills in: an id or address, a note in plain text, the address of a picture or video.

    ``put_on_page`` puts a paper that is on the shelf on today's page, which works when it has never been on one.
    """

    asked: str
    note: str = ""
    media: str = ""
    put_on_page: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it: the submission that is on its way, or the paper that is here already and where it stands."""

    submission: Submission | None = None
    paper: Paper | None = None


def submit(house: House, reader: Reader, slip: Slip) -> Brought:
    """Bring in what an id or address names; what is on the shelf already is told of and not brought in again.

    Raises Invalid for what cannot be read, Conflict for what waits already, Refused for what a moderator has
    hidden and from who may not, TooMany beyond a day's quota.
    """
    name, address = named(slip.asked), as_asked(slip.asked)
    if name.scheme == "url":
        read_url(address)
    fresh = Submission(
        id=0,
        reader_id=reader.id,
        asked=address,
        day=today(house),
        at=house.clock(),
        note=note_words(slip.note),
        media=media_address(slip.media),
    )
    if not reader.may("reader"):
        raise Refused("This account may bring in nothing at present.")
    with house.store.writing() as connection:
        limits.take_within(connection, house, "submit", str(reader.id), RATES)
        paper = papers.find(connection, name, hidden=True)
        if paper is not None and (not slip.put_on_page or paper.days):
            if rulings.of_paper(connection, paper.id).hidden:
                raise Refused("A moderator has hidden this paper.")
            return Brought(paper=paper)
        _check_open(connection, fresh)
        _check_quota(connection, house, reader)
        kept = submissions.insert(connection, fresh)
        if paper is not None:
            judging.judge(connection, house, kept, _as_known(paper))
        return Brought(submissions.by_id(connection, kept.id))


def withdraw(house: House, reader: Reader, number: int) -> Submission:
    """Take one's own submission back: it leaves the queue or the day's page, and what is known of the paper stays.

    Raises NotFound for another's, Conflict for one that was refused or withdrawn.
    """
    with house.store.writing() as connection:
        submission = _own(connection, reader, number)
        if submission.state not in {"fetching", "held", "shown"}:
            raise Conflict(f"This submission is {submission.state} already.")
        if submission.state == "shown":
            placing.take_off(connection, submission, house.clock())
        judging.settle(connection, house, submission, "withdrawn", "")
    return submission


def try_again(house: House, reader: Reader, number: int) -> Submission:
    """Have the source of one's own submission asked anew at once; Conflict for one that does not wait for it."""
    with house.store.writing() as connection:
        submission = _own(connection, reader, number)
        if submission.state != "fetching":
            raise Conflict(f"This submission is {submission.state}; nothing is asked for it any more.")
        submissions.put_off(connection, number, submission.why, submission.tries, house.clock())
    return submission


def one(house: House, reader: Reader, number: int) -> tuple[Submission, Paper | None]:
    """Give a submission of one's own, or any for a moderator, and its paper once readers see that."""
    with house.store.reading() as connection:
        submission = submissions.by_id(connection, number)
        if submission is None or not (submission.reader_id == reader.id or reader.may("moderator")):
            raise NotFound(f"There is no submission {number} of yours.")
        found = papers.by_ids(connection, [submission.paper_id]) if submission.paper_id else ()
    return submission, found[0] if found else None


def mine(house: House, reader: Reader) -> tuple[tuple[Submission, Paper | None], ...]:
    """Give the newest of one's own submissions, each with its paper once readers see that; two statements."""
    with house.store.reading() as connection:
        own = submissions.of_reader(connection, reader.id, _SHOWN)
        found = papers.by_ids(connection, list({each.paper_id for each in own if each.paper_id}))
    by_id = {paper.id: paper for paper in found}
    return tuple((each, by_id.get(each.paper_id or 0)) for each in own)


def _own(connection: Connection, reader: Reader, number: int) -> Submission:
    submission = submissions.by_id(connection, number)
    if submission is None or submission.reader_id != reader.id:
        raise NotFound(f"There is no submission {number} of yours.")
    return submission


def _check_open(connection: Connection, fresh: Submission) -> None:
    waiting = submissions.open_for(connection, fresh.asked)
    if waiting is not None:
        how = "waits for a moderator" if waiting.state == "held" else "is being looked up"
        raise Conflict(f"Somebody has brought this in already; it {how}.")


def _check_quota(connection: Connection, house: House, reader: Reader) -> None:
    if reader.may("moderator"):
        return
    turn = Turn.read(house.settings.day_zone, house.settings.day_hour)
    day, quota = today(house), house.settings.submit_quota
    if submissions.count_since(connection, reader.id, turn.ends(day - timedelta(days=1))) >= quota:
        wait = turn.ends(day) - house.clock()
        raise TooMany(
            f"A reader brings in at most {quota} a day, and you have. Come back when the page has turned.",
            retry_after_s=max(1.0, wait.total_seconds()),
        )


def _as_known(paper: Paper) -> Record:
    """Say of a paper on the shelf what a submission is judged by."""
    return Record(
        source="", key="", title=paper.title, abstract=paper.abstract, ids=paper.ids, published=paper.published
    )
