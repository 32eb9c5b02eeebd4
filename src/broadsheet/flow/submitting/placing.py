"""Put a submitted paper on the page of the day, and take it off again.

What puts it there is a record of its own, so that papers stay composed from records: taken back, the day is gone too.
"""

from dataclasses import replace
from datetime import datetime

from broadsheet.errors import NotFound
from broadsheet.flow.daily import today
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep_in
from broadsheet.model.paper import Paper
from broadsheet.model.record import Daily, Record
from broadsheet.model.submission import SOURCE, Submission
from broadsheet.store import papers, submissions
from broadsheet.store.connect import Connection


def on_shelf(connection: Connection, record: Record) -> Paper | None:
    """Give the paper that bears one of a record's ids, a hidden one too."""
    found = (papers.find(connection, one, hidden=True) for one in record.ids)
    return next((paper for paper in found if paper is not None), None)


def show(connection: Connection, house: House, submission: Submission) -> Paper:
    """Put what was found on the shelf and on today's page; a paper that has had a page stays on that one."""
    at, day = house.clock(), today(house)
    known = [] if submission.found is None else [submission.found]
    told = replace(_about(connection, submission), daily=(Daily(day, at.isoformat()),), observed=at)
    keep_in(connection, [*known, told], at=at)
    paper = on_shelf(connection, told)
    if paper is None:
        raise NotFound(f"Submission {submission.id} leads to no paper.")
    submissions.place(connection, submission.id, paper.id, paper.days[0] if paper.days else day)
    return paper


def take_off(connection: Connection, submission: Submission, at: datetime) -> None:
    """Take a submission's day back; what sources say of the paper stays."""
    keep_in(connection, [replace(_about(connection, submission), deleted=True, observed=at)], at=at)


def _about(connection: Connection, submission: Submission) -> Record:
    """Say in few words which paper is meant: enough to be taken for the same one, and nothing that is shown."""
    found = submission.found
    if found is None:
        paper = papers.find(connection, submission.name, hidden=True)
        if paper is None:
            raise NotFound("The paper is not on the shelf any more.")
        found = Record(source="", key="", title=paper.title, authors=paper.authors, ids=paper.ids)
    return Record(
        source=SOURCE,
        key=str(submission.id),
        title=found.title,
        authors=found.authors,
        ids=found.ids,
        published=found.published,
    )
