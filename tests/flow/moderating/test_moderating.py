"""What moderators do, what it does to papers, comments and readers, and what everybody can read of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.flow.submitting.sites import Day, opened
from tests.papers import record
from tests.readers import make_reader

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow import daily
from broadsheet.flow.accounts.sessions import as_of
from broadsheet.flow.house import House
from broadsheet.flow.moderating import acts, comments, papers, readers, reporting, submissions
from broadsheet.flow.moderating.queue import queue
from broadsheet.flow.paper import show
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf import merge
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.submitting.submit import Slip, submit
from broadsheet.flow.talking import notices
from broadsheet.flow.talking.report import report
from broadsheet.flow.talking.say import say
from broadsheet.flow.upkeep.doctor import doctor
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.record import Daily
from broadsheet.store import comments as said
from broadsheet.store import readers as people

TODAY = date(2026, 11, 20)
SLUG, OTHER = "2401.00001", "2401.00002"
WHY = "It is an advertisement."


@dataclass
class World:
    """A house with two papers on today's page, a moderator, a reader and another one."""

    house: House
    mo: Reader
    ann: Reader
    bo: Reader

    def shown(self) -> list[str]:
        return [paper.slug for paper in daily.page(self.house, TODAY).papers]

    def found(self) -> tuple[list[str], int]:
        catch_up(self.house)
        results = search(self.house, Query(text="napkins", way="words"))
        return sorted(hit.paper.slug for hit in results.hits), results.total

    def told(self, reader: Reader) -> list[str]:
        return [notice.words for notice in notices.of_reader(self.house, reader)]

    def log(self) -> list[tuple[str, str, str]]:
        return [(act.by, act.act, act.words) for act in acts.log(self.house)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path / "home", Day()) as house:
        keep(house.store, [record(number, daily=(Daily(TODAY),)) for number in (1, 2)], at=house.clock())
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        yield World(house, make_reader(house, "mo", role="moderator"), ann, bo)


def test_a_hidden_paper_vanishes_and_comes_back_as_it_was(world: World) -> None:
    assert world.found() == ([SLUG, OTHER], 2)
    papers.hide(world.house, world.mo, SLUG, WHY)
    assert (world.shown(), world.found()) == ([OTHER], ([OTHER], 1))
    with pytest.raises(NotFound):
        show(world.house, SLUG)
    assert doctor(world.house).differences == 0
    with pytest.raises(Conflict):
        papers.hide(world.house, world.mo, SLUG, WHY)
    papers.restore(world.house, world.mo, SLUG, "It was a mistake.")
    assert (world.shown(), world.found()) == ([SLUG, OTHER], ([SLUG, OTHER], 2))
    assert doctor(world.house).differences == 0
    title = "Paper number 1 on the folding of napkins"
    assert world.log() == [("mo", "restore", title), ("mo", "hide", title)]


def test_a_day_whose_papers_are_all_hidden_is_no_page_to_turn_to(world: World) -> None:
    keep(world.house.store, [record(3, daily=(Daily(TODAY - timedelta(days=2)),))], at=world.house.clock())
    for slug in (SLUG, OTHER):
        papers.hide(world.house, world.mo, slug, WHY)
    latest = daily.page(world.house)
    assert (latest.day, latest.next) == (TODAY - timedelta(days=2), None)
    papers.restore(world.house, world.mo, OTHER, WHY)
    assert daily.page(world.house, latest.day).next == TODAY


def test_an_index_made_anew_leaves_hidden_papers_out(world: World) -> None:
    from broadsheet.flow.shelf.reindex import words_from_scratch

    papers.hide(world.house, world.mo, SLUG, WHY)
    assert words_from_scratch(world.house) == 1
    assert world.found() == ([OTHER], 1)


def test_a_paper_is_closed_for_comments_and_opened_again(world: World) -> None:
    papers.lock(world.house, world.mo, SLUG, "It has become heated.")
    with pytest.raises(Refused, match="heated"):
        say(world.house, world.ann, 1, "And another thing")
    papers.unlock(world.house, world.mo, SLUG, "A night has passed.")
    say(world.house, world.ann, 1, "Good morning")


def test_two_papers_become_one_and_two_again(world: World) -> None:
    keep(world.house.store, [record(3, title="Folding, revisited", ids=("doi:10.1000/fold",))], at=world.house.clock())
    going_on = papers.merge(world.house, world.mo, "10.1000/fold", SLUG, "The journal's version.")
    assert (going_on.slug, [str(i) for i in going_on.ids]) == (SLUG, ["arxiv:2401.00001", "doi:10.1000/fold"])
    assert show(world.house, "10.1000/fold").slug == SLUG
    [made] = merge.merges(world.house)
    merge.undo_merge(world.house, made.id)
    assert show(world.house, "10.1000/fold").title == "Folding, revisited"
    with pytest.raises(Conflict, match="parted"):
        papers.merge(world.house, world.mo, "10.1000/fold", SLUG, "Still.")
    assert papers.merge(world.house, world.mo, OTHER, SLUG, "Sent to arXiv twice.").slug == SLUG
    with pytest.raises(Invalid):
        papers.merge(world.house, world.mo, SLUG, SLUG, "One.")
    assert [act for _, act, _ in world.log()] == ["merge", "merge"]


def test_a_held_submission_is_approved_onto_the_page_of_that_day(world: World) -> None:
    keep(world.house.store, [record(3, published="2026-11-19")], at=world.house.clock())
    held = submit(world.house, world.ann, Slip("2401.00003", put_on_page=True)).submission
    assert held is not None
    assert (held.state, world.shown()) == ("held", [SLUG, OTHER])
    [waiting] = queue(world.house, world.mo).held
    assert (waiting.reader, waiting.title) == (world.ann, "Paper number 3 on the folding of napkins")
    assert submissions.approve(world.house, world.mo, held.id, "Welcome!").slug == "2401.00003"
    assert world.shown() == [SLUG, OTHER, "2401.00003"]
    assert world.told(world.ann) == ["Your submission is on the page of the day."]
    with pytest.raises(Conflict):
        submissions.refuse(world.house, world.mo, held.id, WHY)


def test_a_refused_submission_tells_why(world: World) -> None:
    keep(world.house.store, [record(3, published="2026-11-19")], at=world.house.clock())
    submit(world.house, world.ann, Slip("2401.00003", put_on_page=True))
    submissions.refuse(world.house, world.mo, 1, "No paper.")
    assert (world.told(world.ann), queue(world.house, world.mo).held) == (
        ["Your submission was refused: No paper."],
        (),
    )
    assert world.shown() == [SLUG, OTHER]


def test_a_reported_comment_is_hidden_and_all_concerned_are_told(world: World) -> None:
    comment = say(world.house, world.ann, 1, "You are a fool")
    report(world.house, world.bo, comment.id, "Rude")
    [one] = queue(world.house, world.mo).reported
    assert (one.comment, one.reports[0].why, one.paper and one.paper.slug) == (comment, "Rude", SLUG)
    comments.hide(world.house, world.mo, comment.id, "No insults.")
    assert queue(world.house, world.mo).reported == ()
    assert world.told(world.ann) == ["Your comment was hidden by a moderator: No insults."]
    assert world.told(world.bo) == ["A comment that you reported was hidden by a moderator: No insults."]
    assert world.log() == [("mo", "hide", "Comment by @ann on Paper number 1 on the folding of napkins")]
    comments.restore(world.house, world.mo, comment.id, "It was a quotation.")
    with pytest.raises(Conflict):
        comments.approve(world.house, world.mo, comment.id, "Twice.")


def test_a_held_comment_waits_in_the_queue_until_it_is_approved(world: World) -> None:
    comment = say(world.house, world.ann, 1, "Held words")
    with world.house.store.writing() as connection:
        said.set_state(connection, comment.id, "held")
    [waiting] = queue(world.house, world.mo).comments
    assert (waiting.comment.body, waiting.handle, waiting.slug) == ("Held words", "ann", SLUG)
    assert comments.approve(world.house, world.mo, comment.id, "Fine.").id == comment.id
    assert queue(world.house, world.mo).comments == ()


def test_reports_of_papers_and_readers_are_set_aside_together(world: World) -> None:
    reporting.report_paper(world.house, world.ann, SLUG, "Not a paper")
    reporting.report_paper(world.house, world.ann, SLUG, "Really not")
    reporting.report_paper(world.house, world.bo, SLUG, "I agree")
    reporting.report_reader(world.house, world.ann, "bo", "Sends me mails")
    about_paper, about_reader = queue(world.house, world.mo).reported
    assert [each.why for each in about_paper.reports] == ["Not a paper", "I agree"]
    assert about_reader.reader == world.bo
    reporting.dismiss(world.house, world.mo, "paper", 1, "It is one.")
    assert world.told(world.ann) == world.told(world.bo) == ["Your report of a paper was looked at: It is one."]
    assert len(queue(world.house, world.mo).reported) == 1
    for kind, target in (("paper", 1), ("planet", 1)):
        with pytest.raises(NotFound):
            reporting.dismiss(world.house, world.mo, kind, target, "Again.")
    with pytest.raises(Refused):
        reporting.report_reader(world.house, world.bo, "bo", "Me")


def test_a_suspended_reader_may_do_nothing_until_it_ends(world: World) -> None:
    readers.suspend(world.house, world.mo, "@Ann", WHY, days=3)
    with world.house.store.reading() as connection:
        ann = people.by_id(connection, world.ann.id)
    assert ann is not None
    at = world.house.clock()
    assert [as_of(ann, at + timedelta(days=days)).may("reader") for days in (0, 2, 3)] == [False, False, True]
    assert (ann.suspended_why, world.told(world.ann)) == (WHY, [f"Your account is suspended until 2026-11-23: {WHY}"])
    assert readers.suspended(world.house) == (ann,)
    readers.reinstate(world.house, world.mo, "ann", "Talked it over.")
    assert readers.suspended(world.house) == ()
    with pytest.raises(Conflict):
        readers.reinstate(world.house, world.mo, "ann", "Again.")
    assert [(act, words) for _, act, words in world.log()] == [("reinstate", "@ann"), ("suspend", "@ann")]


def test_nobody_is_suspended_by_an_equal(world: World) -> None:
    make_reader(world.house, "max", role="moderator")
    admin = make_reader(world.house, "root", role="admin")
    for handle in ("mo", "max", "root"):
        with pytest.raises(Refused):
            readers.suspend(world.house, world.mo, handle, WHY)
    readers.suspend(world.house, admin, "max", WHY)
    for days in (0, 9_999):
        with pytest.raises(Invalid):
            readers.suspend(world.house, world.mo, "ann", WHY, days=days)
    with pytest.raises(NotFound):
        readers.suspend(world.house, world.mo, "nobody", WHY)


ACTS: dict[str, Callable[[House, Reader, str], object]] = {
    "approve-submission": lambda house, by, why: submissions.approve(house, by, 1, why),
    "refuse-submission": lambda house, by, why: submissions.refuse(house, by, 1, why),
    "hide-paper": lambda house, by, why: papers.hide(house, by, SLUG, why),
    "restore-paper": lambda house, by, why: papers.restore(house, by, SLUG, why),
    "lock-paper": lambda house, by, why: papers.lock(house, by, SLUG, why),
    "unlock-paper": lambda house, by, why: papers.unlock(house, by, SLUG, why),
    "merge-papers": lambda house, by, why: papers.merge(house, by, SLUG, OTHER, why),
    "approve-comment": lambda house, by, why: comments.approve(house, by, 1, why),
    "hide-comment": lambda house, by, why: comments.hide(house, by, 1, why),
    "restore-comment": lambda house, by, why: comments.restore(house, by, 1, why),
    "suspend": lambda house, by, why: readers.suspend(house, by, "bo", why),
    "reinstate": lambda house, by, why: readers.reinstate(house, by, "bo", why),
    "dismiss": lambda house, by, why: reporting.dismiss(house, by, "paper", 1, why),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_every_act_is_refused_to_plain_readers_and_needs_a_reason(
    world: World, act: Callable[[House, Reader, str], object]
) -> None:
    for by in (world.ann, replace(world.mo, state="suspended")):
        with pytest.raises(Refused, match="for moderators"):
            act(world.house, by, WHY)
    for why in ("", " \n", "x" * 501):
        with pytest.raises(Invalid) as told:
            act(world.house, world.mo, why)
        assert told.value.field == "why"
    assert world.log() == []


def test_the_queue_is_refused_to_plain_readers(world: World) -> None:
    with pytest.raises(Refused):
        queue(world.house, world.ann)


def test_the_log_is_read_in_pages(world: World) -> None:
    for _ in range(26):
        papers.lock(world.house, world.mo, SLUG, WHY)
        papers.unlock(world.house, world.mo, SLUG, WHY)
    first = acts.log(world.house)
    assert [act.id for act in acts.log(world.house, before=first[-1].id)] == [2, 1]


def test_what_was_decided_about_a_paper_follows_it_when_papers_turn_out_to_be_one(world: World) -> None:
    papers.hide(world.house, world.mo, OTHER, WHY)
    papers.lock(world.house, world.mo, OTHER, WHY)
    keep(world.house.store, [record(9, ids=(f"arxiv:{SLUG}", f"arxiv:{OTHER}"))], at=world.house.clock())
    assert (world.shown(), world.found()) == ([], ([], 0))
    assert [paper.slug for paper in queue(world.house, world.mo).hidden] == [SLUG]
    with pytest.raises(NotFound):
        say(world.house, world.ann, 1, "Still here?")
    merge.undo_merge(world.house, merge.merges(world.house)[0].id)
    assert world.shown() == [SLUG]
    assert say(world.house, world.ann, 1, "Still here?").state == "shown"


def test_a_hidden_paper_is_taken_for_no_other_before_it_is_restored(world: World) -> None:
    papers.hide(world.house, world.mo, OTHER, WHY)
    with pytest.raises(Conflict, match="hidden"):
        papers.merge(world.house, world.mo, SLUG, OTHER, "The same work.")
    assert world.shown() == [SLUG]
    papers.restore(world.house, world.mo, OTHER, "To merge it.")
    assert papers.merge(world.house, world.mo, SLUG, OTHER, "The same work.").slug == SLUG


def test_reports_of_a_paper_are_about_the_one_that_it_is_part_of_now(world: World) -> None:
    reporting.report_paper(world.house, world.ann, OTHER, "Spam.")
    keep(world.house.store, [record(9, ids=(f"arxiv:{SLUG}", f"arxiv:{OTHER}"))], at=world.house.clock())
    (waiting,) = queue(world.house, world.mo).reported
    assert waiting.paper is not None
    assert waiting.paper.slug == SLUG
    reporting.report_paper(world.house, world.bo, SLUG, "Spam indeed.")
    (waiting,) = queue(world.house, world.mo).reported
    assert [each.why for each in waiting.reports] == ["Spam.", "Spam indeed."]
    papers.hide(world.house, world.mo, SLUG, WHY)
    assert queue(world.house, world.mo).reported == ()


def test_who_reported_a_paper_is_told_that_it_is_part_of_another_now(world: World) -> None:
    reporting.report_paper(world.house, world.ann, OTHER, "It is here twice.")
    papers.merge(world.house, world.mo, SLUG, OTHER, "The same work.")
    assert queue(world.house, world.mo).reported == ()
    assert world.told(world.ann) == ["A paper that you reported is part of another now: The same work."]
