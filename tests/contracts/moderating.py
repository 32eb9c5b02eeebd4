"""What stores must do with submissions, reports, rulings and the log; ``tests/store`` runs this on each database."""

from datetime import date, timedelta

import pytest
from tests.hostile import HOSTILE
from tests.papers import AT, house_around, record
from tests.readers import make_reader

from broadsheet.errors import NotFound
from broadsheet.flow.moderating.queue import queue
from broadsheet.flow.paper import several, show
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.comment import Comment
from broadsheet.model.ids import ExternalId
from broadsheet.model.paper import Paper
from broadsheet.model.reader import Reader
from broadsheet.model.submission import Submission
from broadsheet.store import comments, conduct, moderation_log, papers, reports, rulings, submissions
from broadsheet.store.conduct import Conduct
from broadsheet.store.connect import Store
from broadsheet.store.moderation_log import Act
from broadsheet.store.reports import Report
from broadsheet.store.rulings import Ruling

DAY = date(2026, 11, 20)


def slip(reader: Reader, number: int = 1, **told: object) -> Submission:
    facts = {"id": 0, "reader_id": reader.id, "asked": f"arxiv:2611.{number:05d}", "day": DAY, "at": AT, **told}
    return Submission(**facts)  # type: ignore[arg-type]


class ModeratingContract:
    """Each test gets an empty store as ``store``."""

    @pytest.fixture
    def ann(self, store: Store) -> Reader:
        return make_reader(house_around(store), "ann")

    def test_a_submission_comes_back_as_it_was_and_as_it_was_settled(self, store: Store, ann: Reader) -> None:
        found = record(7, key="arxiv:2611.00001", observed=None)
        with store.writing() as connection:
            first = submissions.insert(connection, slip(ann, note="Look!", media="https://a.example/b.png"))
            submissions.insert(connection, slip(ann, 2))
            submissions.note_found(connection, first.id, found)
            submissions.settle(connection, first.id, "held", "new", AT)
            kept = submissions.by_id(connection, first.id)
            assert kept is not None
            assert (kept.note, kept.media, kept.state, kept.why) == ("Look!", "https://a.example/b.png", "held", "new")
            assert (kept.found, kept.settled_at, kept.name) == (found, AT, ExternalId("arxiv", "2611.00001"))
            assert [each.id for each in submissions.of_reader(connection, ann.id, 9)] == [2, 1]
            assert submissions.outcomes(connection, ann.id) == {"held": 1, "fetching": 1}
            assert submissions.count(connection, "held") == 1
            assert [each.id for each in submissions.in_state(connection, "held", 9)] == [1]
            assert submissions.by_id(connection, 3) is None

    def test_several_papers_are_found_as_each_alone_would_be(self, store: Store) -> None:
        house = house_around(store)
        volume = [
            record(n, ids=(f"acl:2024.acl-long.{n}", "doi:10.1000/volume"), authors=(f"Ann Lee{n}",))
            for n in range(1, 9)
        ]
        page = [record(n, ids=("url:https://a.example/b",), authors=(f"Bo Lee{n}",)) for n in range(11, 19)]
        merged = [record(21, ids=("doi:10.1/one", "arxiv:2401.00021")), record(22, ids=("doi:10.1/two",))]
        keep(store, [*volume, *page, *merged, record(23, ids=("doi:10.1/two", "arxiv:2401.00021"))], at=AT)
        names = ["10.1000/volume", "https://a.example/b", "10.1/one", "10.1/two", "9999.99999", "nothing"]
        names += [f"acl/2024.acl-long.{n}" for n in (1, 2, 3)] + ["2401.00021v3", "10.1000/VOLUME", ""]
        for _ in range(3):
            alone: list[Paper | None] = []
            for name in names:
                try:
                    alone.append(show(house, name))
                except NotFound:
                    alone.append(None)
            assert list(several(house, names)) == alone
            assert alone[0] is not None
            with store.writing() as connection:
                rulings.keep(connection, alone[0].id, Ruling(hidden=True), AT)

    def test_any_words_come_back(self, store: Store, ann: Reader) -> None:
        texts = [*(text for text in HOSTILE if text not in {"\0", "\ud800"}), "學" * 1_000]
        with store.writing() as connection:
            for text in texts:
                assert submissions.insert(connection, slip(ann, note=text)).note == text
                reports.insert(connection, Report("paper", 1, ann.id, text, AT))
                moderation_log.note(connection, Act(ann.id, "hide", "paper", 1, text, text, AT))
            assert [each.why for each in reports.waiting(connection, 99)] == texts
            assert [each.words for each in moderation_log.page(connection, 99)] == texts[::-1]

    def test_one_process_alone_asks_for_a_submission_that_is_due(self, store: Store, ann: Reader) -> None:
        soon, later = AT + timedelta(minutes=1), AT + timedelta(minutes=15)
        with store.writing() as connection:
            number = submissions.insert(connection, slip(ann)).id
            assert submissions.due(connection, AT, 9) == [number]
            assert submissions.claim(connection, number, AT, later)
            assert not submissions.claim(connection, number, soon, later)
            assert submissions.due(connection, soon, 9) == []
            assert submissions.due(connection, later, 9) == [number]
            submissions.put_off(connection, number, "Nobody is there.", 1, soon)
            assert submissions.claim(connection, number, soon, later)
            submissions.settle(connection, number, "withdrawn", "", soon)
            assert not submissions.claim(connection, number, later, later)

    def test_what_waits_under_a_name_is_found_and_what_is_settled_is_not(self, store: Store, ann: Reader) -> None:
        with store.writing() as connection:
            first = submissions.insert(connection, slip(ann))
            assert submissions.open_for(connection, first.asked) == first
            submissions.settle(connection, first.id, "refused", "no", AT)
            assert submissions.open_for(connection, first.asked) is None

    def test_submissions_are_counted_from_a_moment_on(self, store: Store, ann: Reader) -> None:
        with store.writing() as connection:
            for hours in range(3):
                submissions.insert(connection, slip(ann, hours, at=AT + timedelta(hours=hours)))
            assert [submissions.count_since(connection, ann.id, AT + timedelta(hours=h)) for h in range(4)] == [
                3,
                2,
                1,
                0,
            ]

    def test_the_first_that_showed_a_paper_is_known_also_after_it_became_part_of_another(
        self, store: Store, ann: Reader
    ) -> None:
        keep(store, [record(1), record(2, title="Something else", ids=("doi:10.1/b",))], at=AT)
        with store.writing() as connection:
            for number in (1, 2):
                kept = submissions.insert(connection, slip(ann, number))
                submissions.place(connection, kept.id, 2, DAY)
                submissions.settle(connection, kept.id, "shown", "", AT)
            assert {k: v.id for k, v in submissions.shown_for(connection, [1, 2]).items()} == {2: 1}
        keep(store, [record(3, title="A bridge", ids=("arxiv:2401.00001", "doi:10.1/b"))], at=AT)
        with store.reading() as connection:
            assert {k: v.id for k, v in submissions.shown_for(connection, [1, 2]).items()} == {1: 1}

    def test_a_site_is_known_once_a_paper_of_it_is_shown(self, store: Store, ann: Reader) -> None:
        keep(store, [record(1, ids=("url:https://lab.example/papers/1",))], at=AT)
        with store.writing() as connection:
            assert submissions.has_come_from(connection, "lab.example")
            assert not submissions.has_come_from(connection, "lab.exampl")
            assert not submissions.has_come_from(connection, "")
            rulings.keep(connection, 1, Ruling(hidden=True), AT)
            assert not submissions.has_come_from(connection, "lab.example")

    def test_a_hidden_paper_is_found_by_nobody_but_who_asks_for_hidden_ones(self, store: Store, ann: Reader) -> None:
        keep(store, [record(1), record(2)], at=AT)
        name = ExternalId("arxiv", "2401.00001")
        with store.writing() as connection:
            rulings.keep(connection, 1, Ruling(hidden=True, why="spam"), AT)
            assert papers.find(connection, name) is None
            hidden = papers.find(connection, name, hidden=True)
            assert hidden is not None
            assert hidden.id == 1
            assert [paper.id for paper in papers.by_ids(connection, [1, 2])] == [2]
            assert [paper.id for paper in papers.stream(connection, 0, 9)] == [2]
            assert papers.shown(connection, [1, 2, 3]) == {2}
            assert papers.numbers(connection, 0, 9) == [2]
            assert [number for number, _ in papers.stamps(connection)] == [2]
            assert papers.counts(connection)["papers"] == 1
            assert rulings.hidden(connection, 9) == [1]
            rulings.keep(connection, 1, Ruling(locked=True), AT)
            assert rulings.of_papers(connection, [1, 2]) == {1: Ruling(locked=True)}
            assert papers.shown(connection, [1, 2]) == {1, 2}
            assert papers.faults(connection) == ()

    def test_reports_of_one_thing_are_settled_together(self, store: Store, ann: Reader) -> None:
        bo = make_reader(house_around(store), "bo")
        with store.writing() as connection:
            for who in (ann, bo):
                reports.insert(connection, Report("comment", 5, who.id, "rude", AT))
            reports.insert(connection, Report("paper", 5, bo.id, "spam", AT))
            assert reports.is_reported(connection, "comment", 5, ann.id)
            assert reports.settle(connection, "comment", 5, "hidden", AT) == [ann.id, bo.id]
            assert [(each.kind, each.target) for each in reports.waiting(connection, 9)] == [("paper", 5)]
            assert not reports.is_reported(connection, "comment", 5, ann.id)

    def test_the_log_is_read_newest_first_and_on_from_a_number(self, store: Store, ann: Reader) -> None:
        with store.writing() as connection:
            for number in range(1, 4):
                by = ann.id if number < 3 else None
                moderation_log.note(connection, Act(by, "hide", "paper", number, f"Paper {number}", "spam", AT))
            assert [(act.target, act.by) for act in moderation_log.page(connection, 2)] == [(3, ""), (2, "ann")]
            assert [act.target for act in moderation_log.page(connection, 2, before=2)] == [1]

    def test_what_became_of_things_speaks_for_and_against_who_brought_them(self, store: Store, ann: Reader) -> None:
        keep(store, [record(1)], at=AT)
        with store.writing() as connection:
            kept = [submissions.insert(connection, slip(ann, number, note="Buy now")) for number in range(3)]
            submissions.settle(connection, kept[0].id, "shown", "", AT)
            submissions.settle(connection, kept[1].id, "refused", "too old", AT)
            assert conduct.of_reader(connection, ann.id, AT) == Conduct(good=1, bad=0, lately=3)
            moderation_log.note(connection, Act(None, "refuse", "submission", kept[2].id, "", "spam", AT))
            said = [Comment(0, 1, ann.id, None, "Buy now", AT, None, state) for state in ("shown", "hidden", "held")]
            for each in said:
                comments.insert(connection, each, 1)
            assert conduct.of_reader(connection, ann.id, AT) == Conduct(good=2, bad=2, lately=6)
            assert conduct.of_reader(connection, ann.id, AT + timedelta(hours=1)) == Conduct(good=2, bad=2, lately=0)
            assert conduct.same_words(connection, "Buy now", AT) == 6
            assert conduct.same_words(connection, "Buy", AT) == conduct.same_words(connection, "", AT) == 0

    @pytest.mark.parametrize("count", [2, 20])
    def test_the_queue_takes_as_many_statements_however_much_waits(
        self, store: Store, ann: Reader, statements: list[str], count: int
    ) -> None:
        house = house_around(store)
        mo = make_reader(house, "mo", role="moderator")
        keep(store, [record(1), record(2)], at=AT)
        with store.writing() as connection:
            for number in range(count):
                said = comments.insert(connection, Comment(0, 1, ann.id, None, f"Comment {number}", AT), 1)
                reports.insert(connection, Report("comment", said.id, ann.id, "Rude.", AT))
                asked = f"arxiv:2401.0000{1 + number % 3}"
                submissions.insert(connection, slip(ann, asked=asked, state="held"))
        statements.clear()
        found = queue(house, mo)
        assert (len(found.held), len(found.reported)) == (count, count)
        assert [each.title for each in found.held[:3]] == [
            "Paper number 1 on the folding of napkins",
            "Paper number 2 on the folding of napkins",
            "arxiv:2401.00003",
        ][:count]
        assert found.reported[0].comment is not None
        assert found.reported[0].paper is not None
        assert len(statements) <= 12
