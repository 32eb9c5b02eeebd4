"""A folder in which files appear: each is imported once, and nothing in it is touched."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.empty_store import empty_home
from tests.papers import AT, shown

from broadsheet.errors import Invalid, Unavailable
from broadsheet.flow.harvesting import sources
from broadsheet.flow.harvesting.harvest import harvest
from broadsheet.flow.harvesting.sources import Order
from broadsheet.flow.harvesting.watched import SETTLED_S, Watched
from broadsheet.flow.house import House
from broadsheet.model.harvest import Run
from broadsheet.settings import Settings
from broadsheet.sources.adapter import Want
from broadsheet.store import problems
from broadsheet.wiring import open_house

OLD = AT - timedelta(hours=1)
Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    return made


@pytest.fixture
def house(tmp_path: Path, folder: Path) -> Iterator[House]:
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=lambda: AT) as opened:
        sources.add(opened, Order(kind="folder", target=str(folder), name="inbox"))
        yield opened


@pytest.fixture
def write(folder: Path) -> Write:
    """Put a file with one paper, or with these bytes, into the folder as it was left at some time."""

    def put(name: str, number: int = 1, *, at: float = OLD.timestamp(), raw: bytes | None = None) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {"id": f"2401.{number:05d}", "title": f"Folding napkin {number}"}
        path.write_bytes(json.dumps(told).encode() + b"\n" if raw is None else raw)
        os.utime(path, (at, at))
        return path

    return put


def look(house: House) -> Run:
    found = harvest(house, "inbox")
    assert found.outcome == "done", found.message
    return found


def titles(house: House) -> list[str]:
    return [paper.title for paper in shown(house.store)]


def told(house: House) -> list[tuple[str, str]]:
    with house.store.reading() as connection:
        return sorted((one.where, one.kind) for one in problems.page(connection, 100))


def test_files_that_appear_are_imported_once(house: House, write: Write) -> None:
    assert look(house).records == 0
    write("one.jsonl", 1)
    write("deep/er/two.jsonl", 2)
    assert look(house).records == 2
    assert look(house).records == 0
    write("three.jsonl", 3)
    assert look(house).records == 1
    assert titles(house) == [f"Folding napkin {number}" for number in (1, 2, 3)]


def test_a_file_that_changes_is_imported_again(house: House, write: Write) -> None:
    write("one.jsonl", 1)
    look(house)
    # The same size and time, other bytes.
    write("one.jsonl", 2)
    assert look(house).records == 1
    assert titles(house) == ["Folding napkin 1", "Folding napkin 2"]


@pytest.mark.parametrize(
    "name", [".hidden.jsonl", ".git/one.jsonl", "one.jsonl.part", "one.TMP", "one.jsonl~", "one.crdownload"]
)
def test_hidden_and_unfinished_files_are_left_alone(house: House, write: Write, name: str) -> None:
    write(name)
    assert look(house).records == 0
    assert told(house) == []


def test_a_file_that_is_still_being_written_is_waited_for(house: House, write: Write) -> None:
    write("one.jsonl", at=AT.timestamp() - SETTLED_S / 2)
    assert look(house).records == 0
    write("one.jsonl", at=AT.timestamp() - SETTLED_S)
    assert look(house).records == 1


def test_a_file_of_a_wrong_clock_is_not_waited_for_for_ever(house: House, write: Write) -> None:
    write("one.jsonl", at=(AT + timedelta(days=400)).timestamp())
    assert look(house).records == 1


def test_broken_files_are_problems_once_and_until_they_change(house: House, write: Write) -> None:
    path = write("one.jsonl", raw=b'{"title": "Cut o')
    write("photo.png", raw=b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert look(house).problems == 2
    assert [kind for _, kind in told(house)] == ["truncated", "unknown-format"]
    assert (look(house).pages, look(house).problems) == (0, 0)
    write(path.name, 1)
    assert look(house).records == 1


def test_links_that_lead_out_of_the_folder_are_refused(
    house: House, folder: Path, write: Write, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_text('{"title": "A secret"}\n')
    os.utime(secret, (OLD.timestamp(), OLD.timestamp()))
    inside = write("one.jsonl")
    (folder / "out.jsonl").symlink_to(secret)
    (folder / "outside").symlink_to(tmp_path)
    (folder / "in.jsonl").symlink_to(inside)
    (folder / "gone.jsonl").symlink_to(folder / "nothing")
    (folder / "loop.jsonl").symlink_to(folder / "loop.jsonl")
    assert look(house).records == 1
    assert told(house) == [("out.jsonl", "refused"), ("outside", "refused")]
    assert look(house).pages == 0


def test_what_is_no_file_is_left_alone(house: House, folder: Path) -> None:
    os.mkfifo(folder / "pipe.jsonl")
    assert look(house).pages == 0


def test_nothing_in_the_folder_is_touched(house: House, folder: Path, write: Write) -> None:
    write("one.jsonl")
    write("broken.xml", raw=b"<x")
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}
    look(house)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()} == before


def test_what_is_remembered_goes_with_the_files(house: House, write: Write) -> None:
    path = write("one.jsonl")
    write("two.jsonl", 2)
    look(house)
    path.unlink()
    write("three.jsonl", 3)
    look(house)
    [source] = sources.list_sources(house)
    assert sorted(source.mark["files"]) == ["three.jsonl", "two.jsonl"]
    assert titles(house) == [f"Folding napkin {number}" for number in (1, 2, 3)]


def test_many_files_come_in_several_pages(house: House, write: Write) -> None:
    for number in range(1, 451):
        write(f"{number}.jsonl", number)
    found = look(house)
    assert (found.pages, found.records) == (3, 450)


def test_a_name_of_any_bytes_is_read(house: House, folder: Path) -> None:
    path = folder / os.fsdecode(b"na\xefve\n.jsonl")
    path.write_bytes(b'{"title": "A paper"}\nbroken\n')
    os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    found = look(house)
    assert (found.records, found.problems) == (1, 1)
    assert look(house).pages == 0


@pytest.mark.parametrize("target", ["", "papers", "../papers", "/srv/\0papers"])
def test_a_folder_is_named_by_its_whole_path(target: str) -> None:
    with pytest.raises(Invalid):
        Watched().begin(Want(target=target), {}, AT)


def test_a_folder_that_is_not_there_is_said_to_be(house: House, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read: No such file"):
        sources.add(house, Order(kind="folder", target=str(tmp_path / "nowhere")))
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(Unavailable, match="cannot be read: Not a directory"):
        Watched().begin(Want(target=str(file)), {}, AT)
    folder.rmdir()
    assert harvest(house, "inbox").outcome == "waiting"
    assert "cannot be read" in sources.list_sources(house)[0].trouble


def test_what_may_not_be_read_is_a_problem_and_the_rest_is_imported(house: House, folder: Path, write: Write) -> None:
    write("one.jsonl", 1)
    locked = write("locked.jsonl", 2)
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        pytest.skip("this user may read everything")
    write("closed/three.jsonl", 3).parent.chmod(0)
    assert look(house).records == 1
    assert told(house) == [("closed", "refused"), ("locked.jsonl", "unreadable")]
    (folder / "closed").chmod(0o700)
    (folder / "locked.jsonl").chmod(0o600)
    assert look(house).records == 2
