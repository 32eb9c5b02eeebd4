"""What every store must do with what is a reader's, and with a whole house; ``tests/store`` runs this on each."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Float, LargeBinary, Text
from tests.papers import AT, house_around, record
from tests.readers import make_reader

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow.belongings.dump import dump, load
from broadsheet.flow.belongings.export import export
from broadsheet.flow.belongings.leave import leave
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.store import readers, rows_of, whole
from broadsheet.store.connect import Store
from broadsheet.store.tables import metadata

CANARY = "canary-b7e1"
ROW = 7_000


def furnish(store: Store) -> House:
    """A house with papers, and one row of every table, each with a canary wherever a text may stand.

    The row with the number ROW in ``readers`` is the reader whom all rows are about; whatever refers to a paper refers
    to one on the shelf.
    """
    house = house_around(store)
    keep(store, [record(number) for number in range(1, 4)], at=AT)
    ann = make_reader(house, "ann")
    with store.writing() as connection:
        for table in metadata.sorted_tables:
            if table.name in {"papers", "records", "changes", "external_ids", "editions"}:
                continue
            connection.execute(table.insert().values({c.name: _filler(table.name, c) for c in table.columns}))
        told = {"role": "admin", "invited_by": ann.id, "handle": "ro", "state": "active", "suspended_until": ""}
        connection.execute(
            metadata.tables["readers"].update().where(metadata.tables["readers"].c.id == ROW).values(told)
        )
    return house


def _filler(table: str, column: Any) -> Any:
    target = next((key.column.table.name for key in column.foreign_keys), "")
    if target:
        return 1 if target in {"papers", "records"} else ROW
    known = {Boolean: True, Float: 0.5, LargeBinary: b"\x00\xff"}
    if isinstance(column.type, Text):
        return _text(table, column.name)
    return known.get(type(column.type), ROW)


def _text(table: str, column: str) -> str:
    if column == "at" or column.endswith(("_at", "until")):
        return AT.isoformat()
    told = {"seen_by": "me", "state": "later", "day": AT.date().isoformat()}
    return told.get(column, f"{CANARY} {table} é")


def holder(store: Store) -> Any:
    with store.reading() as connection:
        return readers.by_id(connection, ROW)


def exported(house: House, reader: Any) -> tuple[dict[str, Any], zipfile.ZipFile]:
    with export(house, reader) as out:
        archive = zipfile.ZipFile(io.BytesIO(out.read()))
    return json.loads(archive.read("belongings.json")), archive


def everything(store: Store) -> dict[str, list[list[Any]]]:
    with store.reading() as connection:
        return {table.name: list(whole.rows(connection, table)) for table in metadata.sorted_tables}


class BelongingsContract:
    """Each test gets an empty store as ``store``."""

    def test_an_export_holds_every_row_with_the_readers_number(self, store: Store) -> None:
        house = furnish(store)
        told, _ = exported(house, holder(store))
        assert told["reader"]["handle"] == "ro"
        expected = {one.name for one in (*rows_of.BELONGINGS, *rows_of.BENEATH)} - {"invited"}
        assert {name for name, rows in told.items() if isinstance(rows, list) and len(rows) == 1} == expected
        assert told["upvotes"][0]["paper"] == "2401.00001"
        assert not {"hash"} & {key for name in ("sessions", "tokens", "letters") for key in told[name][0]}
        assert exported(house, make_reader(house, "bo"))[0].keys() == {
            "format", "edition", "broadsheet", "at", "reader",
        }  # fmt: skip

    def test_an_export_of_who_invited_tells_only_whom_and_when(self, store: Store) -> None:
        house = furnish(store)
        with store.reading() as connection:
            ann = readers.by_handle(connection, "ann")
        assert exported(house, ann)[0]["invited"] == [{"handle": "ro", "at": AT.isoformat()}]

    def test_an_export_cites_every_list(self, store: Store) -> None:
        house = furnish(store)
        bo = make_reader(house, "bo")
        labels.make(house, bo, Wanted("Tea"))
        labels.put(house, bo, "tea", "2401.00002")
        keeping.mark(house, bo, "2401.00003", "later")
        _, archive = exported(house, bo)
        assert "eprint = {2401.00002}" in archive.read("labels/tea.bib").decode()
        assert "eprint = {2401.00003}" in archive.read("reading/later.bib").decode()

    @pytest.mark.parametrize("words", ["withdraw", "keep"])
    def test_who_leaves_is_a_number_and_nothing_else(self, store: Store, words: str) -> None:
        house = furnish(store)
        make_reader(house, "bo", role="admin")
        leave(house, holder(store), handle="@RO ", words=words)
        kept = everything(store)
        (row,) = [row for row in kept["readers"] if row[0] == ROW]
        assert row[1:5] == [f"gone.{ROW}", "Somebody who left", "reader", "gone"]
        for belonging in rows_of.BELONGINGS:
            column, name = (
                whole.columns(belonging.column.table).index(belonging.column.name),
                belonging.column.table.name,
            )
            with_number = [one for one in kept[name] if one[column] == ROW]
            assert bool(with_number) == (belonging.name == "upvotes"), belonging.name
        assert kept["label_papers"] == []
        (vote,) = kept["upvotes"]
        assert vote[whole.columns(metadata.tables["upvotes"]).index("network")] == ""
        (comment,) = kept["comments"]
        assert any(CANARY in str(value) for value in comment[:-1]) == (words == "keep")
        assert len(kept["comment_editions"]) == (words == "keep")
        with pytest.raises(NotFound):
            leave(house, holder(store), handle=f"gone.{ROW}", words=words)

    def test_leaving_takes_the_readers_own_handle(self, store: Store) -> None:
        house = furnish(store)
        before = everything(store)
        for handle, words in (("bo", "keep"), ("", "keep"), ("ro", "burn")):
            with pytest.raises(Invalid):
                leave(house, holder(store), handle=handle, words=words)
        with pytest.raises(Refused, match="only administrator"):
            leave(house, holder(store), handle="ro", words="keep")
        assert everything(store) == before

    def test_others_mention_nobody_who_left(self, store: Store) -> None:
        house = furnish(store)
        make_reader(house, "bo", role="admin")
        comments = metadata.tables["comments"]
        with store.writing() as connection:
            told = "Thanks @ro, @Ro! @ro- and @roé too. Not @robin, @ro-2 or mail@ro."
            connection.execute(comments.update().values(body=told, reader_id=None))
        leave(house, holder(store), handle="ro", words="keep")
        with store.reading() as connection:
            body = connection.execute(comments.select()).one().body
        assert body == "Thanks @gone, @gone! @gone- and @goneé too. Not @robin, @ro-2 or mail@ro."


class MovingContract:
    """Each test gets an empty store as ``store`` and one to move to as ``other``."""

    def test_what_is_dumped_is_what_is_loaded(self, store: Store, other: Store, tmp_path: Path) -> None:
        house = furnish(store)
        heard: list[tuple[str, int, int]] = []
        first, second = tmp_path / "first.zip", tmp_path / "second.zip"
        manifest = dump(house, first, progress=lambda *told: heard.append(told))
        assert heard[-1][1] == heard[-1][2] == sum(manifest.rows.values())
        assert first.stat().st_mode & 0o777 == 0o600
        with other.writing() as connection:
            whole.clear(connection)
        moved = house_around(other)
        load(moved, first)
        here, there = everything(store), everything(other)
        assert {name for name in here if here[name] != there[name]} == whole.TRANSIENT
        assert not any(there[name] for name in whole.TRANSIENT)
        dump(moved, second)
        assert first.read_bytes() == second.read_bytes()

    def test_merged_papers_and_answers_find_what_they_refer_to(
        self, store: Store, other: Store, tmp_path: Path
    ) -> None:
        house = furnish(store)
        keep(store, [record(9, ids=("arxiv:2401.00001", "arxiv:2401.00002"))], at=AT)
        dump(house, tmp_path / "house.zip")
        with other.writing() as connection:
            whole.clear(connection)
        load(house_around(other), tmp_path / "house.zip")
        merged = whole.columns(metadata.tables["papers"]).index("merged_into")
        assert any(row[merged] for row in everything(other)["papers"])
        assert everything(other)["papers"] == everything(store)["papers"]

    def test_a_house_that_is_not_empty_takes_no_dump(self, store: Store, tmp_path: Path) -> None:
        house = furnish(store)
        dump(house, tmp_path / "house.zip")
        before = everything(store)
        with pytest.raises(Conflict, match="empty"):
            load(house, tmp_path / "house.zip")
        assert everything(store) == before
        with pytest.raises(Conflict, match="exists"):
            dump(house, tmp_path / "house.zip")

    def test_a_load_that_stops_leaves_an_empty_house(self, store: Store, tmp_path: Path) -> None:
        house = furnish(store)
        dump(house, tmp_path / "house.zip")
        with store.writing() as connection:
            whole.clear(connection)

        def stop(name: str, *_: int) -> None:
            if name == "upvotes":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            load(house, tmp_path / "house.zip", progress=stop)
        assert not any(everything(store).values())
        load(house, tmp_path / "house.zip")
        assert len(everything(store)["upvotes"]) == 1

    def test_times_are_the_clocks(self, store: Store, tmp_path: Path) -> None:
        manifest = dump(furnish(store), tmp_path / "house.zip")
        assert datetime.fromisoformat(manifest.at) == AT


def readers_row(store: Store) -> Any:
    with store.reading() as connection:
        return readers.by_id(connection, ROW)
