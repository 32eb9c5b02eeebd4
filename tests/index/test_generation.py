"""A damaged, foreign or half-made generation is never opened; an empty one takes its place."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contracts.text_index import ids
from tests.contracts.text_index_papers import PAPERS

from broadsheet.errors import Unavailable
from broadsheet.index import generation, integrity
from broadsheet.index.engine import open_index
from broadsheet.index.generation import Generation
from broadsheet.index.port import TextIndex
from broadsheet.model.query import Query

STAMPS = [(each.id, each.stamp) for each in PAPERS]
# tantivy locks by these files and never reads them.
EMPTY = {".tantivy-meta.lock", ".tantivy-writer.lock", "write.lock"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index with several segments and removed papers."""
    folder = tmp_path_factory.mktemp("whole")
    index = open_index(folder)
    index.write(PAPERS[:5], (), 1)
    index.write(PAPERS, (), 2)
    index.write((), [4], 3)
    index.write(PAPERS[3:4], (), 4)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return shutil.copytree(whole, tmp_path / "copy")


def files(folder: Path) -> Iterator[Path]:
    (current,) = folder.glob("gen-*")
    yield from (path for path in [folder / "current", *sorted(current.iterdir())] if path.name not in EMPTY)


def kinds(folder: Path) -> dict[str, Path]:
    """Give one file of each kind, the largest."""
    found = sorted(files(folder), key=lambda path: path.stat().st_size)
    return {path.suffix if len(path.stem) > 30 else path.name: path for path in found}


def is_whole_or_new(index: TextIndex) -> str:
    """Tell which of the only two good outcomes this is, after asking everything of the index."""
    found = ids(index.search(Query(text="kettle", facets=True), deadline_ms=60_000))
    stamps, seen = list(index.stamps()), index.seen()
    assert (stamps, seen, found) in ((STAMPS, 4, [1, 2]), ([], 0, []))
    return "whole" if stamps else "new"


KINDS = [".term", ".idx", ".pos", ".fast", ".fieldnorm", ".store", ".del", "meta.json", "state.json", "current"]


def test_every_kind_of_file_is_there_to_be_broken(whole: Path) -> None:
    assert set(kinds(whole)) == {*KINDS, ".managed.json"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_off_file_is_noticed_and_all_is_written_again(folder: Path, kind: str) -> None:
    path = kinds(folder)[kind]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    index = open_index(folder)
    assert is_whole_or_new(index) == "new"
    index.write(PAPERS, (), 4)
    assert is_whole_or_new(open_index(folder)) == "whole"


@pytest.mark.parametrize("kind", [*KINDS, ".managed.json"])
def test_a_lost_file_is_noticed(folder: Path, kind: str) -> None:
    kinds(folder)[kind].unlink()
    assert is_whole_or_new(open_index(folder)) in {"new", "whole" if kind == ".managed.json" else "new"}


@pytest.mark.parametrize("kind", [*KINDS, ".managed.json"])
@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("flip", [1, 0x40, 0xFF])
def test_a_changed_byte_is_noticed_or_does_no_harm(folder: Path, kind: str, place: float, flip: int) -> None:
    path = kinds(folder)[kind]
    content = bytearray(path.read_bytes())
    content[int(place * (len(content) - 1))] ^= flip
    path.write_bytes(content)
    # At the end of a file stand facts that nothing depends on, and some of these two files is not read.
    assert is_whole_or_new(open_index(folder)) == "new" or place or kind in {"meta.json", ".managed.json"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"0" * 10_000])
@pytest.mark.parametrize("kind", [*KINDS, ".managed.json"])
def test_a_file_with_something_else_in_it_is_noticed(folder: Path, kind: str, content: bytes) -> None:
    kinds(folder)[kind].write_bytes(content)
    assert is_whole_or_new(open_index(folder)) == "new" or kind == ".managed.json"


@pytest.mark.parametrize("name", ["gen-00000099", "gen-", "gen-x", "gen-²", "../copy/gen-00000001", "\0", "gen-1\n2"])
def test_a_name_of_no_generation_leads_nowhere(folder: Path, name: str) -> None:
    (folder / "current").write_text(name, "utf-8")
    assert is_whole_or_new(open_index(folder)) == "new"
    assert len(list(folder.glob("gen-*"))) == 1


def test_an_index_of_another_format_is_built_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "FORMAT", "of tomorrow")
    assert is_whole_or_new(open_index(folder)) == "new"


def test_the_reason_for_building_anew_is_logged_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    kinds(folder)[".idx"].unlink()
    with caplog.at_level(logging.WARNING):
        open_index(folder)
        open_index(folder)
    (record,) = caplog.records
    assert ".idx is missing" in record.getMessage()


def test_a_new_index_is_made_without_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    open_index(tmp_path / "a" / "b")
    assert caplog.records == []


def test_a_writer_killed_before_it_noted_its_commit_writes_again(folder: Path) -> None:
    (current,) = folder.glob("gen-*")
    before = (current / "state.json").read_text()
    open_index(folder).write((), [1, 2, 3], 5)
    (current / "state.json").write_text(before)
    index = open_index(folder)
    assert (index.seen(), index.count()) == (4, 7)
    index.write((), [1, 2, 3], 5)
    assert (index.seen(), index.count()) == (5, 7)


def test_damage_to_an_open_index_is_told_and_mended_by_building_anew(folder: Path) -> None:
    index = open_index(folder)
    path = kinds(folder)[".store"]
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    assert index.damage() == (f"The word index is damaged: {path.name} is damaged.",)
    fresh = index.beside()
    fresh.write(PAPERS, (), 4)
    index.become(fresh)
    assert index.damage() == ()
    assert is_whole_or_new(index) == "whole"


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_any_damage_to_an_open_index_is_told(folder: Path, kind: str) -> None:
    index = open_index(folder)
    path = kinds(folder)[kind]
    content = bytearray(path.read_bytes())
    content[len(content) // 5] ^= 1
    path.write_bytes(content)
    assert index.damage()


def test_a_lost_state_is_unavailable_until_built_anew(folder: Path) -> None:
    index = open_index(folder)
    kinds(folder)["state.json"].unlink()
    with pytest.raises(Unavailable, match="reindex --from-scratch"):
        index.seen()
    fresh = index.beside()
    fresh.write(PAPERS, (), 4)
    index.become(fresh)
    assert is_whole_or_new(index) == "whole"


def test_an_untouched_file_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (current,) = folder.glob("gen-*")
    known = integrity.fingerprints(current)
    read: list[str] = []
    monkeypatch.setattr(integrity, "_is_whole", lambda path: bool(read.append(path.name)) or True)
    assert integrity.faults(current, known=known) == ()
    assert read == []
    touched = kinds(folder)[".pos"]
    touched.write_bytes(touched.read_bytes())
    assert integrity.faults(current, known=known) == ()
    assert read == [touched.name]


def test_the_checksums_of_an_open_generation_are_right(whole: Path) -> None:
    assert Generation.open(whole).damage() == ()


def test_the_state_tells_its_own_checksum(folder: Path) -> None:
    state = kinds(folder)["state.json"]
    checksum, _, text = state.read_text().partition(" ")
    state.write_text(f"{checksum} {json.dumps(json.loads(text) | {'seen': 9})}")
    assert is_whole_or_new(open_index(folder)) == "new"
