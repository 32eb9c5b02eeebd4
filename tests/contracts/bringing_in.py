"""What every store must do with lists from elsewhere; ``tests/store`` runs this against each database."""

import io
import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.papers import AT, house_around, record
from tests.readers import make_reader
from tests.sources.test_scholar_csv import TABLE
from tests.sources.test_zotero_rdf import LIBRARY

from broadsheet.errors import Invalid, Refused
from broadsheet.flow.belongings.export import export
from broadsheet.flow.house import House
from broadsheet.flow.lists import bring_in as verbs
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.bring_in import Brought, BroughtIn, bring_in
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.reader import Reader
from broadsheet.store import papers
from broadsheet.store.connect import Store

BIBTEX = """@article{a, title={Paper number 1 on the folding of napkins}, author={Ann Lee and Bo Chen}}
@misc{b, title={Another}, eprint={2401.00002}, archiveprefix={arXiv}}
@misc{c, title={Nobody has this}, author={X Y}, year=2020}
@misc{d, author={No Title}}"""
CSL = [{"id": "x", "type": "article", "title": "Sheep", "DOI": "10.48550/arXiv.2401.00003", "issued": {"raw": "2024"}}]
TAGS = {"napkins": ["2401.00001", "2401.00002v2"], "sleep": ["2401.00003", "9912.99999", "not an id"]}


def shelf(store: Store) -> tuple[House, Reader]:
    house = house_around(store)
    keep(store, [record(number) for number in range(1, 6)], at=AT)
    return house, make_reader(house, "ann")


def on(house: House, reader: Reader) -> dict[str, list[str]]:
    """Give each label's papers."""
    return {
        label.name: sorted(one.paper.slug for one in labels.show(house, reader, label.slug, reader)[1])
        for label in labels.of_reader(house, reader, reader)
    }


def bring(house: House, reader: Reader, content: Any, **told: Any) -> BroughtIn:
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    held = text.encode() if isinstance(text, str) else text
    return bring_in(house, reader, Brought(held, label=told.pop("label", "")), **told)


class BringingInContract:
    """Each test gets an empty store as ``store``."""

    @pytest.mark.parametrize("tags", [TAGS, {"root": TAGS}, {tag: dict.fromkeys(ids, 1) for tag, ids in TAGS.items()}])
    def test_tags_become_labels(self, store: Store, tags: Any) -> None:
        house, ann = shelf(store)
        done = bring(house, ann, tags)
        assert on(house, ann) == {"napkins": ["2401.00001", "2401.00002"], "sleep": ["2401.00003"]}
        assert (done.papers, done.known, done.missing) == (5, 3, ["9912.99999", "not an id"])
        again = bring(house, ann, tags)
        assert [came for _, came in again.labels] == [0, 0]
        assert all(label.seen_by == "me" for label in labels.of_reader(house, ann, ann))

    def test_a_bibliography_goes_on_one_label(self, store: Store) -> None:
        house, ann = shelf(store)
        done = bring(house, ann, BIBTEX, label="Thesis")
        assert on(house, ann) == {"Thesis": ["2401.00001", "2401.00002"]}
        assert (done.kind, done.problems, done.missing, done.new) == ("BibTeX", 1, ["Nobody has this"], 0)

    def test_what_a_stranger_says_changes_no_paper(self, store: Store) -> None:
        house, ann = shelf(store)
        with store.reading() as connection:
            before = papers.stream(connection, 0, 100)
        bring(house, ann, "@misc{b, title={Buy tea}, eprint={2401.00002}, url={https://spam.example/}}")
        with store.reading() as connection:
            assert papers.stream(connection, 0, 100) == before

    def test_who_operates_the_house_brings_papers_too(self, store: Store) -> None:
        house, ann = shelf(store)
        done = bring(house, ann, BIBTEX, keeping_papers=True)
        assert (done.new, done.missing) == (1, [])
        assert len(on(house, ann)["Imported"]) == 3
        again = bring(house, ann, BIBTEX, keeping_papers=True)
        assert (again.new, [came for _, came in again.labels]) == (0, [0])

    def test_collections_of_zotero_become_labels(self, store: Store) -> None:
        house, ann = shelf(store)
        done = bring(house, ann, LIBRARY)
        assert (done.kind, done.missing) == ("Zotero RDF", ["Folding Napkins"])
        assert on(house, ann) == {"Sleep": ["2401.00002"]}
        bring(house, ann, LIBRARY, keeping_papers=True)
        assert on(house, ann) == {"Napkins": ["doi/10.1000/napkin"], "Sleep": ["2401.00002"]}

    @pytest.mark.parametrize(("content", "paper"), [(CSL, "2401.00003"), (TABLE, "2401.00001")])
    def test_other_lists_are_read(self, store: Store, content: Any, paper: str) -> None:
        house, ann = shelf(store)
        bring(house, ann, content)
        assert on(house, ann) == {"Imported": [paper]}

    def test_an_export_comes_back_whole(self, store: Store) -> None:
        house, ann = shelf(store)
        labels.make(house, ann, Wanted("Tea", "On kettles", "all"))
        labels.put(house, ann, "tea", "2401.00001", "A note.")
        keeping.mark(house, ann, "2401.00002", "hidden")
        with export(house, ann) as out:
            packed = out.read()
        bo = make_reader(house, "bo")
        done = bring(house, bo, packed)
        assert done.stated == 1
        label, (one,) = labels.show(house, bo, "tea", bo)
        assert (label.about, label.seen_by, one.note) == ("On kettles", "me", "A note.")
        assert keeping.counts(house, bo) == {"hidden": 1}
        again = bring(house, bo, packed)
        assert (again.stated, [came for _, came in again.labels]) == (0, [0])

    def test_what_is_there_stays_as_it_is(self, store: Store) -> None:
        house, ann = shelf(store)
        labels.make(house, ann, Wanted("napkins", "Mine", "all"))
        labels.put(house, ann, "napkins", "2401.00001", "My note")
        bring(house, ann, TAGS)
        label, papers_ = labels.show(house, ann, "napkins", ann)
        assert (label.about, label.seen_by) == ("Mine", "all")
        assert {one.note for one in papers_} == {"My note", ""}

    def test_a_pickle_is_never_opened(self, store: Store, tmp_path: Path) -> None:
        house, ann = shelf(store)

        class Bomb:
            def __reduce__(self) -> tuple[Any, ...]:
                return os.mkdir, (str(tmp_path / "opened"),)

        with pytest.raises(Invalid, match="python -c"):
            bring(house, ann, pickle.dumps({"tag": Bomb()}))
        assert not (tmp_path / "opened").exists()

    @pytest.mark.parametrize(
        "content",
        ["", "hello", "[]", "{", pytest.param("[" * 100_000, id="deep"), '{"a": 1}', "\0", b"PK\3\4", b"\xff"],
    )
    def test_anything_else_is_refused(self, store: Store, content: str | bytes) -> None:
        house, ann = shelf(store)
        with pytest.raises(Invalid):
            bring(house, ann, content)

    def test_a_bomb_in_a_zip_is_not_unpacked(self, store: Store) -> None:
        house, ann = shelf(store)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("belongings.json", b" " * (40 << 20))
        with pytest.raises(Invalid, match="more than 32 MB"):
            bring(house, ann, packed.getvalue())

    def test_a_label_that_would_hold_too_much_brings_nothing(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house, ann = shelf(store)
        monkeypatch.setattr(verbs, "MAX_PAPERS", 1)
        with pytest.raises(Refused):
            bring(house, ann, TAGS)
        assert on(house, ann) == {}

    def test_a_large_list_takes_few_statements(self, store: Store, statements: list[str]) -> None:
        house, ann = shelf(store)
        statements.clear()
        bring(house, ann, {"all": [f"2401.{number:05d}" for number in range(1, 1_500)]})
        assert len(statements) < 20
