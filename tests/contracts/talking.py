"""What every store must do with comments, reactions and notices; ``tests/store`` runs this against each database."""

from datetime import timedelta

import pytest
from tests.hostile import HOSTILE
from tests.papers import AT, house_around, record
from tests.readers import make_reader

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.flow.talking.edit import edit, withdraw
from broadsheet.flow.talking.react import react, unreact
from broadsheet.flow.talking.say import say
from broadsheet.flow.talking.standing import rule
from broadsheet.flow.talking.thread import Talk, history, latest, talk
from broadsheet.model.comment import EMOJI, Comment, Look, Tally, fit
from broadsheet.model.names import fold
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.store import bulk, comments, notices, papers, reactions, scores
from broadsheet.store.connect import Store
from broadsheet.store.schema_moderating import submissions
from broadsheet.store.schema_people import author_names, author_papers, authors, claims

LATER = AT + timedelta(hours=1)


def shelf(house: House, *numbers: int) -> list[Paper]:
    keep(house.store, [record(number, authors=(f"Ann Lee{number}",)) for number in numbers], at=AT)
    with house.store.reading() as connection:
        return list(papers.stream(connection, 0, 10))


def spoken(said: Talk) -> list[tuple[str, list[str]]]:
    return [(r.said.comment.body, [a.said.comment.body for a in r.answers]) for r in said.remarks]


class TalkingContract:
    """Each test gets an empty store as ``store``, and the SQL run as ``statements``."""

    @pytest.fixture
    def house(self, store: Store) -> House:
        return house_around(store)

    @pytest.fixture
    def ann(self, house: House) -> Reader:
        return make_reader(house, "ann")

    @pytest.fixture
    def bo(self, house: House) -> Reader:
        return make_reader(house, "bo")

    def test_any_words_come_back_as_they_were(self, store: Store, ann: Reader, house: House) -> None:
        paper = shelf(house, 1)[0]
        for text in ("Good.", *HOSTILE):
            body = fit(text)
            with store.writing() as connection:
                kept = comments.insert(connection, Comment(0, paper.id, ann.id, None, body, AT), paper.id)
                comments.rewrite(connection, kept.id, f"{body}!", "shown", at=LATER)
                found = comments.by_id(connection, kept.id)
                assert [edition.body for edition in comments.editions(connection, kept.id)] == [body]
            assert found == Comment(kept.id, paper.id, ann.id, None, f"{body}!", AT, LATER)

    def test_answers_stand_under_what_they_answer(self, house: House, ann: Reader, bo: Reader) -> None:
        paper = shelf(house, 1)[0]
        first = say(house, ann, paper.id, "First")
        say(house, bo, paper.id, "Second")
        answer = say(house, bo, paper.id, "To the first", answers=first.id)
        say(house, ann, paper.id, "To the answer", answers=answer.id)
        assert spoken(talk(house, paper, None)) == [("First", ["To the first", "To the answer"]), ("Second", [])]
        assert spoken(talk(house, paper, None, newest_first=True))[0] == ("Second", [])
        with house.store.reading() as connection:
            second = comments.by_id(connection, 2)
            assert second is not None
            assert [comments.place(connection, each, Look()) for each in (first, second, answer)] == [0, 1, 0]

    def test_of_what_is_not_shown_only_the_place_of_what_was_answered_is_left(
        self, house: House, ann: Reader, bo: Reader
    ) -> None:
        paper = shelf(house, 1)[0]
        answered = say(house, ann, paper.id, "Answered")
        say(house, bo, paper.id, "Why?", answers=answered.id)
        alone = say(house, ann, paper.id, "Alone")
        hidden = say(house, bo, paper.id, "Rude")
        withdraw(house, ann, answered.id)
        withdraw(house, ann, alone.id)
        with house.store.writing() as connection:
            rule(connection, hidden.id, "hidden", AT)
        shown = talk(house, paper, bo)
        assert spoken(shown) == [("", ["Why?"])]
        assert (shown.remarks[0].said.handle, shown.remarks[0].said.comment.reader_id) == ("", None)
        assert shown.total == 1
        moderator = make_reader(house, "mo", role="moderator")
        assert spoken(talk(house, paper, moderator)) == [("", ["Why?"]), ("Rude", [])]

    def test_a_count_is_kept_with_the_comments(self, house: House, ann: Reader, bo: Reader) -> None:
        paper = shelf(house, 1)[0]

        def counted() -> int:
            with house.store.reading() as connection:
                score = scores.by_ids(connection, [paper.id]).get(paper.id)
                assert (score.comments if score else 0) == comments.total(connection, paper.id)
            return score.comments if score else 0

        first, second = say(house, ann, paper.id, "One"), say(house, bo, paper.id, "Two")
        assert counted() == 2
        with house.store.writing() as connection:
            rule(connection, first.id, "hidden", AT)
        assert counted() == 1
        withdraw(house, bo, second.id)
        assert counted() == 0
        with house.store.writing() as connection:
            rule(connection, first.id, "shown", AT)
        assert counted() == 1

    def test_reactions_count_each_reader_once(self, house: House, ann: Reader, bo: Reader) -> None:
        paper = shelf(house, 1)[0]
        said = say(house, ann, paper.id, "Nice")
        for reader, emoji in ((ann, EMOJI[3]), (bo, EMOJI[0]), (bo, EMOJI[3]), (bo, EMOJI[3])):
            react(house, reader, said.id, emoji)
        with house.store.reading() as connection:
            told = reactions.tallies(connection, [said.id, 99], ann.id)
        assert told == {said.id: (Tally(EMOJI[0], 1), Tally(EMOJI[3], 2, mine=True))}
        unreact(house, bo, said.id, EMOJI[0])
        assert talk(house, paper, bo).remarks[0].tallies == (Tally(EMOJI[3], 2, mine=True),)

    def test_notices_are_new_until_they_are_seen(self, store: Store, ann: Reader, bo: Reader, house: House) -> None:
        with store.writing() as connection:
            for number in range(3):
                matter = notices.Matter(f"Word {number}", AT, by_id=bo.id)
                notices.tell(connection, {ann.id: "mention", bo.id: "comment"}, matter)
            assert (notices.unseen(connection, ann.id), notices.unseen(connection, 99)) == (3, 0)
            newest = notices.page(connection, ann.id, before=None, limit=2)
            assert [(each.words, each.handle, each.is_new) for each in newest] == [
                ("Word 2", "bo", True),
                ("Word 1", "bo", True),
            ]
            assert notices.page(connection, ann.id, before=newest[-1].id, limit=2)[0].words == "Word 0"
            assert notices.mark_seen(connection, ann.id, newest[-1].id, at=AT) == 2
            assert (notices.unseen(connection, ann.id), notices.unseen(connection, bo.id)) == (1, 3)

    def test_badges_tell_who_wrote_the_paper_and_who_brought_it(self, house: House, ann: Reader, bo: Reader) -> None:
        paper, other = shelf(house, 1, 2)
        cy, di, ed = (make_reader(house, handle) for handle in ("cy", "di", "ed"))
        with house.store.writing() as connection:
            brought = [(1, bo.id, paper.id, "shown"), (2, cy.id, paper.id, "held"), (3, ann.id, paper.id, "shown")]
            for number, reader_id, paper_id, state in brought:
                row = {column.name: "" for column in submissions.columns}
                told = {"id": number, "reader_id": reader_id, "paper_id": paper_id, "state": state, "tries": 0}
                connection.execute(submissions.insert().values(row | told))
            bulk.insert(connection, authors, [(n, f"a{n}", f"A{n}", "", None) for n in (1, 2, 3)])
            names = [(fold("Ann Lee1"), 1, "Ann Lee1"), (fold("Ann Lee2"), 2, "Ann Lee2"), (fold("Ann Lee1"), 3, "")]
            bulk.insert(connection, author_names, names)
            bulk.insert(connection, author_papers, [(3, paper.id, False, ""), (2, paper.id, True, "")])
            granted = [(ann.id, 1, "granted"), (di.id, 3, "granted"), (ed.id, 2, "granted"), (cy.id, 1, "open")]
            rows = [
                (n, *who, None, "orcid", state, "", "", "", "", "", "") for n, (*who, state) in enumerate(granted, 1)
            ]
            bulk.insert(connection, claims, rows)
            assert comments.bearers(connection, paper.id, {fold("Ann Lee1")}) == {
                ann.id: "author",
                ed.id: "author",
                bo.id: "submitter",
            }
            assert comments.bearers(connection, other.id, {fold("Ann Lee2")}) == {ed.id: "author"}
            assert comments.bearers(connection, other.id, ()) == {}

    def test_comments_follow_a_paper_that_becomes_part_of_another_and_go_back(
        self, house: House, ann: Reader, bo: Reader
    ) -> None:
        keep(house.store, [record(1), record(2, title="Quite another work on tea", authors=("Cy Young",))], at=AT)
        with house.store.reading() as connection:
            stays, goes = papers.stream(connection, 0, 10)
        one = say(house, ann, stays.id, "On the first")
        two = say(house, ann, goes.id, "On the second")
        both = (*record(1).ids, *record(2).ids)
        keep(house.store, [record(3, ids=both)], at=AT)
        with house.store.reading() as connection:
            (paper,) = papers.stream(connection, 0, 10)
            assert scores.by_ids(connection, [paper.id])[paper.id].comments == 2
        say(house, bo, paper.id, "An answer", answers=two.id)
        assert spoken(talk(house, paper, None)) == [("On the first", []), ("On the second", ["An answer"])]
        for merge in merges(house):
            undo_merge(house, merge.id)
        with house.store.reading() as connection:
            kept = [comments.by_id(connection, number) for number in (one.id, two.id)]
        assert [comment.paper_id for comment in kept if comment] == [stays.id, goes.id]
        assert spoken(talk(house, goes, None)) == [("On the second", ["An answer"])]

    def test_what_is_said_while_papers_become_one_stands_under_the_one_that_goes_on(
        self, house: House, ann: Reader
    ) -> None:
        keep(house.store, [record(1), record(2, title="Quite another work on tea", authors=("Cy Young",))], at=AT)
        with house.store.reading() as connection:
            stays, goes = papers.stream(connection, 0, 10)
        keep(house.store, [record(3, ids=(*record(1).ids, *record(2).ids))], at=AT)
        said = say(house, ann, goes.id, "Written on the page of the second")
        say(house, ann, goes.id, "An answer", answers=said.id)
        assert spoken(talk(house, stays, None)) == [("Written on the page of the second", ["An answer"])]
        for merge in merges(house):
            undo_merge(house, merge.id)
        assert spoken(talk(house, stays, None)) == []
        assert spoken(talk(house, goes, None)) == [("Written on the page of the second", ["An answer"])]

    @pytest.mark.parametrize("count", [2, 200])
    def test_a_page_of_comments_takes_the_same_statements_however_many_there_are(
        self, house: House, ann: Reader, bo: Reader, statements: list[str], count: int
    ) -> None:
        paper = shelf(house, 1)[0]
        with house.store.writing() as connection:
            first = comments.insert(connection, Comment(0, paper.id, ann.id, None, "@bo first", AT), paper.id)
            for number in range(count - 1):
                parent = first.id if number % 5 else None
                comments.insert(connection, Comment(0, paper.id, bo.id, parent, "@ann so", AT), paper.id)
        statements.clear()
        assert talk(house, paper, ann).total == count
        assert len(statements) == 6

    def test_the_latest_comments_are_one_statement(self, house: House, ann: Reader, statements: list[str]) -> None:
        for paper in shelf(house, 1, 2, 3):
            say(house, ann, paper.id, f"On {paper.slug}")
        statements.clear()
        told, _ = latest(house)
        assert [(each.said.comment.body, each.slug) for each in told] == [
            (f"On 2401.0000{number}", f"2401.0000{number}") for number in (3, 2, 1)
        ]
        assert len(statements) == 1
        assert len(latest(house, before=told[0].said.comment.id)[0]) == 2

    def test_an_edit_keeps_what_was_said(self, house: House, ann: Reader) -> None:
        paper = shelf(house, 1)[0]
        said = say(house, ann, paper.id, "Wrong")
        edit(house, ann, said.id, "Right")
        edit(house, ann, said.id, "Right")
        with house.store.reading() as connection:
            assert [each.body for each in comments.editions(connection, said.id)] == ["Wrong"]

    def test_what_was_held_when_it_was_changed_is_shown_to_nobody(self, house: House, ann: Reader) -> None:
        paper = shelf(house, 1)[0]
        said = say(house, ann, paper.id, "Good")
        for body in ("Buy https://pills.example/", "Better"):
            assert edit(house, ann, said.id, body).state == "held"
        with house.store.writing() as connection:
            rule(connection, said.id, "shown", AT)
        _, changes = history(house, paper, said.id, None)
        told = ["".join(span.text for span in change.spans if span.kind != "removed") for change in changes]
        assert told == ["Better", "Good"]
        assert "pills" not in str(changes)
