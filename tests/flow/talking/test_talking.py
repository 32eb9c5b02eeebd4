"""Saying something, answering, changing and taking it back; who may, how often, and who is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.empty_store import empty_home
from tests.hostile import HOSTILE
from tests.papers import record
from tests.readers import make_reader

from broadsheet.errors import Invalid, NotFound, Refused, TooMany
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.talking import notices, thread
from broadsheet.flow.talking.edit import edit, withdraw
from broadsheet.flow.talking.react import RATES as REACTION_RATES
from broadsheet.flow.talking.react import react, unreact
from broadsheet.flow.talking.report import report
from broadsheet.flow.talking.say import RATES, TWICE_WITHIN, say
from broadsheet.flow.talking.standing import rule
from broadsheet.model.comment import EMOJI, MAX_BODY, MAX_EDITIONS, MAX_WHY, NEW_FOR
from broadsheet.model.names import fold
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.store import bulk, papers, reports, rulings
from broadsheet.store.rulings import Ruling
from broadsheet.store.schema_moderating import submissions
from broadsheet.store.schema_people import author_names, authors, claims
from broadsheet.store.schema_talking import comment_editions, comments, reactions
from broadsheet.wiring import open_house

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(slots=True)
class Hours:
    """A clock that a test turns."""

    now: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def house(tmp_path: Path, hours: Hours) -> Iterator[House]:
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=hours) as opened:
        keep(opened.store, [record(1), record(2, title="Quite another", authors=("Cy Young",))], at=START)
        yield opened


@pytest.fixture
def paper(house: House) -> Paper:
    with house.store.reading() as connection:
        return papers.stream(connection, 0, 1)[0]


@pytest.fixture
def reader(house: House, hours: Hours) -> Callable[[str], Reader]:
    """Make a reader who has been here for long."""

    def made(handle: str, *, role: str = "reader", for_: timedelta = 2 * NEW_FOR) -> Reader:
        return replace(make_reader(house, handle, role=role), at=hours.now - for_)  # type: ignore[arg-type]

    return made


Readers = Callable[..., Reader]


def told(house: House, reader: Reader) -> list[tuple[str, str, str]]:
    return [(notice.kind, notice.handle, notice.words) for notice in notices.of_reader(house, reader)]


@pytest.mark.parametrize("body", ["", " \n\t ", "\u200b\u2060", "\x00\x1b", "x" * (MAX_BODY + 1)])
def test_a_body_says_something_and_not_too_much(house: House, paper: Paper, reader: Readers, body: str) -> None:
    with pytest.raises(Invalid) as error:
        say(house, reader("ann"), paper.id, body)
    assert error.value.field == "body"


def test_hostile_bodies_are_kept_clean_and_read_back(house: House, paper: Paper, reader: Readers) -> None:
    ann = reader("ann")
    kept = say(house, ann, paper.id, "  Indented\r\n\r\n\x1b[31mred\u202e  \n\n")
    assert kept.body == "  Indented\n\n[31mred"
    for number, text in enumerate(HOSTILE):
        other = reader(f"eve{number}")
        assert "\x1b" not in say(house, other, paper.id, f"Words {text}").body


@pytest.mark.parametrize("state", ["suspended", "gone"])
def test_who_is_suspended_says_nothing(house: House, paper: Paper, reader: Readers, state: str) -> None:
    ann = reader("ann")
    said = say(house, ann, paper.id, "Before")
    out = replace(ann, state=state)  # type: ignore[arg-type]
    for act in (
        lambda: say(house, out, paper.id, "Words"),
        lambda: edit(house, out, said.id, "Words"),
        lambda: react(house, out, said.id, EMOJI[0]),
        lambda: report(house, out, said.id, "Words"),
    ):
        with pytest.raises(Refused):
            act()
    withdraw(house, out, said.id)
    assert thread.talk(house, paper, None).total == 0


def test_nothing_is_said_of_a_paper_that_is_locked(house: House, paper: Paper, reader: Readers) -> None:
    ann = reader("ann")
    said = say(house, ann, paper.id, "Before")
    with house.store.writing() as connection:
        rulings.keep(connection, paper.id, Ruling(locked=True, why="Too heated."), START)
    for act in (
        lambda: say(house, ann, paper.id, "Words"),
        lambda: say(house, ann, paper.id, "Words", answers=said.id),
        lambda: edit(house, ann, said.id, "Words"),
        lambda: react(house, ann, said.id, EMOJI[0]),
    ):
        with pytest.raises(Refused, match=r"closed\. Too heated"):
            act()
    talk = thread.talk(house, paper, ann)
    assert (talk.is_closed, talk.closed, talk.total) == (True, "Too heated.", 1)
    with house.store.writing() as connection:
        rulings.keep(connection, paper.id, Ruling(hidden=True), START)
    with pytest.raises(NotFound):
        say(house, ann, paper.id, "Words")


def test_an_answer_belongs_to_a_comment_of_the_paper(house: House, paper: Paper, reader: Readers) -> None:
    ann, bo = reader("ann"), reader("bo")
    with house.store.reading() as connection:
        other = papers.stream(connection, paper.id, 1)[0]
    there = say(house, ann, other.id, "There")
    held = say(house, reader("new", for_=timedelta(0)), paper.id, "https://buy.example")
    for number in (there.id, 99, held.id):
        with pytest.raises((NotFound, Refused)):
            say(house, bo, paper.id, "Words", answers=number)


def test_what_is_sent_twice_is_said_once(house: House, paper: Paper, reader: Readers, hours: Hours) -> None:
    ann = reader("ann")
    first = say(house, ann, paper.id, "So")
    assert say(house, ann, paper.id, "So\n") == first
    assert say(house, reader("bo"), paper.id, "So").id != first.id
    assert say(house, ann, paper.id, "So", answers=first.id).id != first.id
    hours.now += TWICE_WITHIN + timedelta(minutes=1)
    assert say(house, ann, paper.id, "So").id != first.id


def test_nobody_says_too_much_at_once(house: House, paper: Paper, reader: Readers, hours: Hours) -> None:
    ann = reader("ann")
    for number in range(RATES[0].times):
        say(house, ann, paper.id, f"Number {number}")
    with pytest.raises(TooMany) as error:
        say(house, ann, paper.id, "One more")
    assert error.value.retry_after_s
    say(house, reader("bo"), paper.id, "Another reader")
    hours.now += timedelta(minutes=1)
    said = say(house, ann, paper.id, "One more")
    for _ in range(REACTION_RATES[0].times):
        react(house, ann, said.id, EMOJI[0])
    with pytest.raises(TooMany):
        react(house, ann, said.id, EMOJI[0])


def test_links_of_new_readers_wait_for_a_moderator(house: House, paper: Paper, reader: Readers, hours: Hours) -> None:
    new, old, mo = reader("new", for_=timedelta(hours=23)), reader("old"), reader("mo", role="moderator")
    plain = say(house, new, paper.id, "No link here.")
    linked = say(house, new, paper.id, "@old see https://buy.example")
    assert (plain.state, linked.state) == ("shown", "held")
    assert say(house, old, paper.id, "See https://good.example").state == "shown"
    assert edit(house, new, plain.id, "Now at www.buy.example").state == "held"
    assert [thread.talk(house, paper, who).total for who in (None, new)] == [1, 1]
    assert [len(thread.talk(house, paper, who).remarks) for who in (None, old, new, mo)] == [1, 1, 3, 3]
    with pytest.raises(NotFound):
        thread.place(house, linked.id, old)
    assert told(house, old) == []
    with house.store.writing() as connection:
        rule(connection, linked.id, "shown", hours.now)
    assert told(house, old) == [("mention", "new", "@old see https://buy.example")]
    with house.store.writing() as connection:
        rule(connection, linked.id, "hidden", hours.now)
    assert told(house, old) == []
    with pytest.raises(Refused, match="hidden"):
        edit(house, new, linked.id, "Other words")


def test_an_edit_is_kept_and_is_ones_own(house: House, paper: Paper, reader: Readers, hours: Hours) -> None:
    ann, bo = reader("ann"), reader("bo")
    said = say(house, ann, paper.id, "Tea is hot")
    hours.now += timedelta(hours=1)
    assert edit(house, ann, said.id, "Tea is cold @bo").edited_at == hours.now
    assert told(house, bo) == [("mention", "ann", "Tea is cold @bo")]
    edit(house, ann, said.id, "Tea is lukewarm @bo")
    assert len(told(house, bo)) == 1
    shown, changes = thread.history(house, paper, said.id, None)
    assert (shown.name, [change.number for change in changes]) == ("Ann", [3, 2, 1])
    assert [(span.kind, span.text) for span in changes[1].spans][1:] == [("removed", "hot "), ("added", "cold @bo")]
    for act in (lambda: edit(house, bo, said.id, "Mine"), lambda: withdraw(house, bo, said.id)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        thread.history(house, paper, 99, None)


def test_a_comment_is_not_changed_for_ever(house: House, paper: Paper, reader: Readers, hours: Hours) -> None:
    ann = reader("ann")
    said = say(house, ann, paper.id, "0")
    for number in range(1, MAX_EDITIONS + 1):
        hours.now += timedelta(hours=1)
        edit(house, ann, said.id, str(number))
    with pytest.raises(Refused, match="times"):
        edit(house, ann, said.id, "Once more")


def test_what_is_taken_back_is_gone(house: House, paper: Paper, reader: Readers) -> None:
    ann, bo = reader("ann"), reader("bo")
    said = say(house, ann, paper.id, "Secret @bo")
    edit(house, ann, said.id, "Still secret @bo")
    react(house, bo, said.id, EMOJI[0])
    withdraw(house, ann, said.id)
    assert (told(house, ann), told(house, bo)) == ([], [])
    with house.store.reading() as connection:
        kept = [connection.execute(table.select()).all() for table in (comment_editions, reactions, comments)]
    assert (kept[:2], "secret" in str(kept[2]).lower()) == ([[], []], False)
    for act in (lambda: edit(house, ann, said.id, "Again"), lambda: thread.history(house, paper, said.id, ann)):
        with pytest.raises(NotFound):
            act()
    assert say(house, ann, paper.id, "Next").id == said.id + 1


def test_a_reaction_is_told_once_and_can_be_taken_back(house: House, paper: Paper, reader: Readers) -> None:
    ann, bo = reader("ann"), reader("bo")
    said = say(house, ann, paper.id, "Nice")
    react(house, ann, said.id, EMOJI[1])
    for _ in range(3):
        react(house, bo, said.id, EMOJI[0])
        unreact(house, bo, said.id, EMOJI[0])
    assert told(house, ann) == [("reaction", "bo", EMOJI[0])]
    with pytest.raises(Invalid):
        react(house, bo, said.id, "🦆")
    with pytest.raises(NotFound):
        react(house, bo, 99, EMOJI[0])


def test_everybody_concerned_is_told_once(house: House, paper: Paper, reader: Readers) -> None:
    ann, bo, wrote, brought, open_ = (reader(handle) for handle in ("ann", "bo", "wrote", "brought", "open"))
    with house.store.writing() as connection:
        row = {column.name: "" for column in submissions.columns} | {"id": 1, "tries": 0, "state": "shown"}
        connection.execute(submissions.insert().values(row | {"reader_id": brought.id, "paper_id": paper.id}))
        bulk.insert(connection, authors, [(1, "a", "Ann Lee", "", None)])
        bulk.insert(connection, author_names, [(fold(paper.authors[0].name), 1, "Ann Lee")])
        rows = [
            (1, wrote.id, 1, None, "orcid", "granted", *[""] * 6),
            (2, open_.id, 1, None, "orcid", "open", *[""] * 6),
        ]
        bulk.insert(connection, claims, rows)
    first = say(house, ann, paper.id, "A word, @bo and @bo and @nobody and @ann, not `@open`")
    assert told(house, bo) == [("mention", "ann", first.body)]
    assert [told(house, each)[0][:2] for each in (wrote, brought)] == [("comment", "ann")] * 2
    say(house, wrote, paper.id, "@ann thanks @brought", answers=first.id)
    assert told(house, ann) == [("answer", "wrote", "@ann thanks @brought")]
    assert [kind for kind, _, _ in told(house, brought)] == ["mention", "comment"]
    assert [len(told(house, each)) for each in (wrote, open_, ann)] == [1, 0, 1]
    badges = {remark.said.handle: remark.badge for remark in thread.talk(house, paper, None).remarks[0].answers}
    assert badges == {"wrote": "author"}


def test_notices_are_seen_up_to_what_was_shown(house: House, paper: Paper, reader: Readers) -> None:
    ann, bo = reader("ann"), reader("bo")
    for number in range(3):
        say(house, ann, paper.id, f"@bo {number}")
    shown = notices.of_reader(house, bo)
    say(house, ann, paper.id, "@bo while it was read")
    assert notices.unseen(house, bo) == 4
    assert notices.mark_seen(house, bo, shown[0].id) == 3
    assert (notices.unseen(house, bo), notices.mark_seen(house, ann, 99)) == (1, 0)


def test_a_report_waits_for_moderators(house: House, paper: Paper, reader: Readers) -> None:
    ann, bo = reader("ann"), reader("bo")
    said = say(house, ann, paper.id, "Rude")
    for why in ("", " ", "x" * (MAX_WHY + 1)):
        with pytest.raises(Invalid):
            report(house, bo, said.id, why)
    with pytest.raises(Refused):
        report(house, ann, said.id, "Mine")
    for _ in range(2):
        report(house, bo, said.id, "It is\nrude.")
    with house.store.reading() as connection:
        assert [(each.target, each.why) for each in reports.waiting(connection, 9)] == [(said.id, "It is rude.")]
    withdraw(house, ann, said.id)
    with pytest.raises(NotFound):
        report(house, bo, said.id, "Rude")


def test_threads_come_in_pages_and_each_comment_knows_its_own(house: House, paper: Paper, reader: Readers) -> None:
    readers = [reader(f"r{number}") for number in range(12)]
    numbers = [say(house, readers[n // 5], paper.id, f"Word {n}").id for n in range(thread.PER_PAGE + 3)]
    first, second = thread.talk(house, paper, None), thread.talk(house, paper, None, page=2)
    assert [(len(t.remarks), t.has_more, t.total) for t in (first, second)] == [(50, True, 53), (3, False, 53)]
    assert [thread.place(house, number, None)[1] for number in (numbers[0], numbers[49], numbers[50])] == [1, 1, 2]
    assert thread.talk(house, paper, None, newest_first=True).remarks[0].said.comment.id == numbers[-1]
