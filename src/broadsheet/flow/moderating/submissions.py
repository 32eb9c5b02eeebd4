"""Approve or refuse a submission that is held."""

from broadsheet.errors import Conflict, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.moderating import acts
from broadsheet.flow.moderating.acts import Subject
from broadsheet.flow.submitting import judging, placing
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.submission import Submission
from broadsheet.store import papers, submissions
from broadsheet.store.connect import Connection


def approve(house: House, by: Reader, number: int, why: str) -> Paper:
    """Put a held submission on today's page; raises Conflict for one that is not held, or stands already."""
    done = acts.deed(house, by, "approve", why)
    with house.store.writing() as connection:
        submission = _held(connection, number)
        known = None if submission.found is None else placing.on_shelf(connection, submission.found)
        if against := judging.stands_against(connection, known):
            raise Conflict(f"{against} Refuse it instead.")
        paper = placing.show(connection, house, submission)
        judging.settle(connection, house, submission, "shown", "")
        about = Subject("submission", number, acts.called(paper.title), paper.id)
        acts.record(connection, done, about)
        acts.tell(connection, [submission.reader_id], "Your submission is on the page of the day.", done, about)
    return paper


def refuse(house: House, by: Reader, number: int, why: str) -> None:
    """Refuse a held submission; raises Conflict for one that is not held."""
    done = acts.deed(house, by, "refuse", why)
    with house.store.writing() as connection:
        submission = _held(connection, number)
        judging.settle(connection, house, submission, "refused", done.why)
        about = Subject("submission", number, acts.called(_title(connection, submission)))
        acts.record(connection, done, about)
        acts.tell(connection, [submission.reader_id], f"Your submission was refused: {done.why}", done, about)


def _held(connection: Connection, number: int) -> Submission:
    submission = submissions.by_id(connection, number)
    if submission is None:
        raise NotFound(f"There is no submission {number}.")
    if submission.state != "held":
        raise Conflict(f"Submission {number} is {submission.state}; only held ones are decided about.")
    return submission


def _title(connection: Connection, submission: Submission) -> str:
    if submission.found is not None:
        return submission.found.title
    paper = papers.find(connection, submission.name, hidden=True)
    return paper.title if paper else submission.asked
