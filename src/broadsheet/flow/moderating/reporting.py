"""Report papers and readers to the moderators, and set reports aside that need nothing."""

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.limits import DAY_S, HOUR_S, Rate, take_within
from broadsheet.flow.moderating import acts
from broadsheet.flow.moderating.acts import Subject
from broadsheet.flow.moderating.papers import found
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.text import clean
from broadsheet.store import readers, reports
from broadsheet.store.connect import Connection
from broadsheet.store.reports import KINDS, Kind, Report

# As often as comments may be reported; both count together.
RATES = (Rate(10, HOUR_S), Rate(30, DAY_S))


def report_paper(house: House, by: Reader, reference: str, why: str) -> Paper:
    """Tell the moderators what is wrong with a paper; while one's own report waits, another changes nothing."""
    words = _words(by, why)
    with house.store.writing() as connection:
        paper = found(connection, reference)
        _keep(connection, house, Report("paper", paper.id, by.id, words, house.clock()))
    return paper


def report_reader(house: House, by: Reader, handle: str, why: str) -> Reader:
    """Tell the moderators what is wrong with what a reader does here."""
    words = _words(by, why)
    with house.store.writing() as connection:
        reader = readers.by_handle(connection, handle)
        if reader is None or reader.state == "gone":
            raise NotFound(f"Nobody here is called @{handle[:40]}.")
        if reader.id == by.id:
            raise Refused("You cannot report yourself.")
        _keep(connection, house, Report("reader", reader.id, by.id, words, house.clock()))
    return reader


def dismiss(house: House, by: Reader, kind: str, target: int, why: str) -> None:
    """Settle all reports of a thing that needs nothing done; raises NotFound when none waits."""
    done = acts.deed(house, by, "dismiss", why)
    known: Kind | None = next((each for each in KINDS if each == kind), None)
    with house.store.writing() as connection:
        if known is None or not reports.any_waits(connection, known, target):
            raise NotFound("No report of this waits.")
        about = Subject(known, target, f"Reports of a {known}")
        reported = acts.record(connection, done, about)
        acts.tell(connection, reported, f"Your report of a {known} was looked at: {done.why}", done, about)


def _words(by: Reader, why: str) -> str:
    if not by.may("reader"):
        raise Refused("This account may report nothing at present.")
    words = clean(why)
    if not words or len(words) > acts.MAX_WHY:
        raise Invalid(f"Say in 1 to {acts.MAX_WHY} characters what is wrong.", field="why")
    return words


def _keep(connection: Connection, house: House, report: Report) -> None:
    if report.reader_id and not reports.is_reported(connection, report.kind, report.target, report.reader_id):
        take_within(connection, house, "report", str(report.reader_id), RATES)
        reports.insert(connection, report)
