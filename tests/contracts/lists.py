"""What every store must do with labels and readings; ``tests/store`` runs this against each database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert
from tests.filling import filled
from tests.papers import AT, house_around, record
from tests.readers import make_reader

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.keeping import Wish
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.merge import merges, undo_merge
from broadsheet.model import label as model
from broadsheet.model.reader import Reader
from broadsheet.store import labels as kept
from broadsheet.store.connect import Connection, Store
from broadsheet.store.schema_people import members, organisations


def shelf(store: Store) -> House:
    """A house with five papers."""
    keep(store, [record(number) for number in range(1, 6)], at=AT)
    return house_around(store)


def join(house: House, reader: Reader, role: str) -> int:
    """Make an organisation, unless it is there, that the reader is in as ``role``."""
    with house.store.writing() as connection:
        if not connection.execute(organisations.select()).first():
            told = {"slug": "tea-lab", "name": "Tea Lab"}
            connection.execute(insert(organisations).values(filled(organisations, told)))
        connection.execute(insert(members).values(filled(members, {"reader_id": reader.id, "role": role})))
    return 1


class _Hasty(Store):
    """A store in which somebody else writes just before one does."""

    def __init__(self, store: Store, meanwhile: Callable[[], object]) -> None:
        self.__dict__.update(store.__dict__)
        self._real, self._meanwhile = store, meanwhile

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._meanwhile()
        with self._real.writing() as connection:
            yield connection


def slugs(house: House, reader: Reader, slug: str) -> list[str]:
    return [one.paper.slug for one in labels.show(house, reader, slug, reader)[1]]


class ListsContract:
    """Each test gets an empty store as ``store``."""

    def test_a_label_holds_papers_with_notes_newest_first(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        label = labels.make(house, ann, Wanted("Napkins!", "All on folding."))
        labels.put(house, ann, label.slug, "2401.00001", "Read the proof.")
        labels.put(house, ann, label.slug, "2401.00003")
        found, papers = labels.show(house, ann, "napkins", ann)
        assert (found.name, found.about, found.papers) == ("Napkins!", "All on folding.", 2)
        assert [(one.paper.slug, one.note) for one in papers] == [
            ("2401.00003", ""),
            ("2401.00001", "Read the proof."),
        ]
        labels.put(house, ann, label.slug, "2401.00001", "Read it twice.")
        assert labels.show(house, ann, "napkins", ann)[1][1].note == "Read it twice."
        assert labels.take_off(house, ann, label.slug, "2401.00003").papers == 1

    def test_names_are_one_readers_own(self, store: Store) -> None:
        house = shelf(store)
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        labels.make(house, ann, Wanted("Napkins"))
        assert labels.make(house, bo, Wanted("Napkins")).slug == "napkins"
        with pytest.raises(Conflict, match="already"):
            labels.make(house, ann, Wanted("NAPKINS"))
        assert [labels.make(house, ann, Wanted(name)).slug for name in ("Napkins?", "!!", "Search")] == [
            "napkins-2",
            "label",
            "search",
        ]

    def test_a_change_keeps_the_address(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Napkins"))
        labels.make(house, ann, Wanted("Tea"))
        changed = labels.change(house, ann, "napkins", Wanted("Folding", "Why not", "all"))
        assert (changed.slug, changed.name, changed.about, changed.seen_by) == ("napkins", "Folding", "Why not", "all")
        with pytest.raises(Conflict):
            labels.change(house, ann, "napkins", Wanted("tea"))

    @pytest.mark.parametrize("wanted", [Wanted(""), Wanted(" \u200b"), Wanted("x" * 81), Wanted("x", "y" * 2_001)])
    def test_what_cannot_be_kept_is_refused(self, store: Store, wanted: Wanted) -> None:
        house = shelf(store)
        with pytest.raises(Invalid):
            labels.make(house, make_reader(house, "ann"), wanted)

    def test_who_may_see_a_label(self, store: Store) -> None:
        house = shelf(store)
        ann, bo, cy, di = (make_reader(house, handle) for handle in ("ann", "bo", "cy", "di"))
        group = join(house, ann, "keeper")
        join(house, bo, "member")
        join(house, cy, "asked")
        for wanted in (Wanted("Mine"), Wanted("Ours", "", "group", group), Wanted("Open", "", "all")):
            labels.make(house, ann, wanted)
        seen = {
            viewer.handle if viewer else "": [label.slug for label in labels.of_reader(house, ann, viewer)]
            for viewer in (ann, bo, cy, di, None)
        }
        assert seen == {
            "ann": ["mine", "open", "ours"],
            "bo": ["open", "ours"],
            "cy": ["open"],
            "di": ["open"],
            "": ["open"],
        }
        assert labels.show(house, ann, "ours", bo)[0].organisation_id == group
        for viewer in (cy, di, None):
            with pytest.raises(NotFound):
                labels.show(house, ann, "ours", viewer)

    def test_a_label_is_shared_with_groups_of_ones_own_only(self, store: Store) -> None:
        house = shelf(store)
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        group = join(house, ann, "member")
        with pytest.raises(Refused, match="member"):
            labels.make(house, bo, Wanted("Ours", "", "group", group))
        assert labels.groups(house, ann) == {group: "Tea Lab"}

    def test_nobody_changes_anothers_label(self, store: Store) -> None:
        house = shelf(store)
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        labels.make(house, ann, Wanted("Open", "", "all"))
        for act in (
            lambda: labels.put(house, bo, "open", "2401.00001"),
            lambda: labels.take_off(house, bo, "open", "2401.00001"),
            lambda: labels.change(house, bo, "open", Wanted("Shut")),
            lambda: labels.delete(house, bo, "open"),
            lambda: keeping.keep(house, bo, "2401.00001", Wish(on=["open"])),
        ):
            with pytest.raises(NotFound):
                act()
        assert labels.show(house, ann, "open", None)[0].name == "Open"

    def test_one_form_says_where_a_paper_is_kept(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea"))
        keeping.keep(house, ann, "2401.00001", Wish(on=["tea"], state="later", also_on="Napkins"))
        paper = labels.show(house, ann, "tea", ann)[1][0].paper
        told = keeping.keeping(house, ann, paper)
        assert (told.holding, told.state) == (frozenset({"tea", "napkins"}), "later")
        labels.put(house, ann, "napkins", "2401.00001", "A note that stays.")
        keeping.keep(house, ann, "2401.00001", Wish(on=["napkins"]))
        told = keeping.keeping(house, ann, paper)
        assert (told.holding, told.state) == (frozenset({"napkins"}), None)
        assert labels.show(house, ann, "napkins", ann)[1][0].note == "A note that stays."

    def test_a_wish_that_cannot_be_met_changes_nothing(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea"))
        for wish in (Wish(on=["tea", "coffee"]), Wish(on=["tea"], also_on="x" * 99), Wish(on=["tea"], state="lost")):
            with pytest.raises((NotFound, Invalid)):
                keeping.keep(house, ann, "2401.00001", wish)
        assert slugs(house, ann, "tea") == []

    def test_papers_are_put_off_read_and_hidden(self, store: Store) -> None:
        house = shelf(store)
        ann, bo = make_reader(house, "ann"), make_reader(house, "bo")
        for paper, state in (("2401.00001", "later"), ("2401.00002", "hidden"), ("2401.00003", "later")):
            keeping.mark(house, ann, paper, state)
        assert keeping.counts(house, ann) == {"later": 2, "hidden": 1}
        assert [one.paper.slug for one in keeping.reading_list(house, ann, "later")] == ["2401.00003", "2401.00001"]
        gone = keeping.mark(house, ann, "2401.00002", "hidden")
        assert keeping.hidden(house, ann) == {gone.id}
        assert keeping.hidden(house, bo) == keeping.hidden(house, None) == frozenset()
        keeping.mark(house, ann, "2401.00002", "")
        assert keeping.hidden(house, ann) == frozenset()

    def test_there_is_an_end_to_labels_and_papers(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        monkeypatch.setattr(labels, "MAX_LABELS", 1)
        monkeypatch.setattr(labels, "MAX_PAPERS", 1)
        labels.make(house, ann, Wanted("Tea"))
        with pytest.raises(Refused):
            labels.make(house, ann, Wanted("Coffee"))
        labels.put(house, ann, "tea", "2401.00001")
        labels.put(house, ann, "tea", "2401.00001", "Again")
        with pytest.raises(Refused):
            labels.put(house, ann, "tea", "2401.00002")
        assert model.MAX_PAPERS > 1

    def test_a_deleted_label_leaves_nothing(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea"))
        labels.put(house, ann, "tea", "2401.00001")
        labels.delete(house, ann, "tea")
        with store.reading() as connection:
            assert connection.execute(kept.label_papers.select()).all() == []
        with pytest.raises(NotFound):
            labels.delete(house, ann, "tea")

    def test_what_is_kept_follows_a_merged_paper(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea"))
        labels.make(house, ann, Wanted("Both"))
        for number in (1, 2):
            labels.put(house, ann, "both", f"2401.0000{number}", f"note {number}")
        labels.put(house, ann, "tea", "2401.00002", "on tea")
        keeping.mark(house, ann, "2401.00002", "later")
        keep(store, [record(9, ids=("arxiv:2401.00001", "arxiv:2401.00002"))], at=AT)
        label, papers = labels.show(house, ann, "tea", ann)
        assert [(one.paper.slug, one.note) for one in papers] == [("2401.00001", "on tea")]
        assert label.papers == 1
        assert [one.note for one in labels.show(house, ann, "both", ann)[1]] == ["note 1"]
        assert slugs(house, ann, "both") == ["2401.00001"]
        assert keeping.counts(house, ann) == {"later": 1}
        undo_merge(house, merges(house)[0].id)
        assert slugs(house, ann, "tea") == ["2401.00002"]

    def test_what_is_taken_off_a_merged_paper_does_not_come_back_when_it_is_parted(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea"))
        labels.put(house, ann, "tea", "2401.00002")
        keeping.mark(house, ann, "2401.00002", "hidden")
        keep(store, [record(9, ids=("arxiv:2401.00001", "arxiv:2401.00002"))], at=AT)
        labels.take_off(house, ann, "tea", "2401.00001")
        keeping.mark(house, ann, "2401.00001", "")
        undo_merge(house, merges(house)[0].id)
        assert slugs(house, ann, "tea") == []
        assert keeping.hidden(house, ann) == frozenset()

    def test_a_paper_is_looked_up_where_nobody_else_can_write(self, store: Store) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea"))
        meanwhile = [record(9, ids=("arxiv:2401.00001", "arxiv:2401.00002"))]
        hasty = replace(house, store=_Hasty(store, lambda: keep(store, meanwhile, at=AT)))
        labels.put(hasty, ann, "tea", "2401.00002", "in time")
        assert [(one.paper.slug, one.note) for one in labels.show(house, ann, "tea", ann)[1]] == [
            ("2401.00001", "in time")
        ]

    def test_a_page_takes_as_many_statements_however_much_is_on_it(self, store: Store, statements: list[str]) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        counted = []
        for number in range(1, 6):
            labels.make(house, ann, Wanted(f"Tea {number}"))
            labels.put(house, ann, "tea-1", f"2401.0000{number}")
            paper = labels.show(house, ann, "tea-1", ann)[1][0].paper
            statements.clear()
            keeping.keeping(house, ann, paper)
            labels.of_reader(house, ann, None)
            labels.show(house, ann, "tea-1", ann)
            counted.append(len(statements))
        assert set(counted) == {6}

    def test_pages_of_a_label_hold_each_paper_once(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        house = shelf(store)
        ann = make_reader(house, "ann")
        monkeypatch.setattr(labels, "PER_PAGE", 2)
        labels.make(house, ann, Wanted("Tea"))
        for number in range(1, 6):
            labels.put(house, ann, "tea", f"2401.0000{number}")
        pages = [labels.show(house, ann, "tea", ann, page=page)[1] for page in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [2, 2, 1, 0]
        assert len({one.paper.id for page in pages for one in page}) == 5
        assert pages[0][0].at - pages[2][0].at == timedelta(0)
