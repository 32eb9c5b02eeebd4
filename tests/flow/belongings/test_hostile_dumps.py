"""A dump from elsewhere is read as a stranger's: what is not ours, or not whole, loads nothing."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.papers import AT, house_around, record

from broadsheet.errors import BroadsheetError
from broadsheet.flow.belongings import archive as archives
from broadsheet.flow.belongings.dump import dump, load
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.settings import Settings
from broadsheet.store import whole
from broadsheet.store.connect import open_store
from broadsheet.wiring import open_house

Members = dict[str, bytes]
KILLED = """
import os, sys
from pathlib import Path
from broadsheet.flow.belongings.dump import load
from broadsheet.settings import Settings
from broadsheet.wiring import open_house
with open_house(Settings(home=Path(sys.argv[1]))) as house:
    load(house, Path(sys.argv[2]), progress=lambda name, *_: os._exit(9) if name == sys.argv[3] else None)
"""


@pytest.fixture(scope="module")
def dumped(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A dump of a house with three papers."""
    folder = tmp_path_factory.mktemp("dumped")
    with closing(open_store(f"sqlite:///{folder / 'p.db'}", clock=lambda: AT)) as store:
        keep(store, [record(number) for number in range(1, 4)], at=AT)
        dump(house_around(store), folder / "house.zip")
    return (folder / "house.zip").read_bytes()


@pytest.fixture
def file(dumped: bytes, tmp_path: Path) -> Path:
    """A copy of the dump that a test may damage."""
    (tmp_path / "house.zip").write_bytes(dumped)
    return tmp_path / "house.zip"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with nothing in it, which no test fills."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty') / 'p.db'}"
    with closing(open_store(url, clock=lambda: AT)) as store:
        yield house_around(store)


def members(file: Path) -> Members:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(file: Path, change: Callable[[Members], object]) -> Path:
    """Write a dump anew with other members."""
    held = members(file)
    change(held)
    other = file.with_name("other.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return other


def manifest(held: Members, change: Callable[[Any], object]) -> None:
    told = json.loads(held["manifest.json"])
    change(told)
    held["manifest.json"] = json.dumps(told).encode()


def rows(held: Members, change: Callable[[list[Any]], object]) -> None:
    """Change the first paper's row."""
    first, *others = held["papers.jsonl"].splitlines(keepends=True)
    told = json.loads(first)
    change(told)
    held["papers.jsonl"] = b"".join([json.dumps(told).encode() + b"\n", *others])


CHANGES: dict[str, Callable[[Members], object]] = {
    "no manifest": lambda held: held.pop("manifest.json"),
    "a manifest that is no JSON": lambda held: held.update({"manifest.json": b"{"}),
    "a manifest that is a list": lambda held: held.update({"manifest.json": b"[]"}),
    "a manifest as deep as a well": lambda held: held.update({"manifest.json": b"[" * 100_000}),
    "a manifest without an end": lambda held: held.update({"manifest.json": b" " * (2 << 20)}),
    "another format": lambda held: manifest(held, lambda told: told.update(format="tea")),
    "another edition": lambda held: manifest(held, lambda told: told.update(edition=2)),
    "another schema": lambda held: manifest(held, lambda told: told.update(schema="0001")),
    "a table less": lambda held: manifest(held, lambda told: told["tables"].pop("papers")),
    "another column": lambda held: manifest(held, lambda told: told["tables"]["papers"]["columns"].append("x")),
    "more rows told than there are": lambda held: manifest(held, lambda told: told["tables"]["papers"].update(rows=4)),
    "fewer rows told than there are": lambda held: manifest(held, lambda told: told["tables"]["papers"].update(rows=2)),
    "rows told in words": lambda held: manifest(held, lambda told: told["tables"]["papers"].update(rows="three")),
    "a way out of the folder": lambda held: held.update({"../../etc/cron.d/x": b"* * * * * root reboot\n"}),
    "an absolute name": lambda held: held.update({"/etc/passwd": b"root::0:0\n"}),
    "a table of its own": lambda held: held.update({"sqlite_master.jsonl": b"[]\n"}),
    "a missing member": lambda held: held.pop("papers.jsonl"),
    "a row that is an object": lambda held: held.update({"papers.jsonl": b"{}\n"}),
    "a row that is no JSON": lambda held: held.update({"papers.jsonl": b"DROP TABLE papers;\n"}),
    "a row as deep as a well": lambda held: held.update({"papers.jsonl": b"[" * 100_000 + b"\n"}),
    "a row that is cut off": lambda held: held.update({"papers.jsonl": held["papers.jsonl"][:-5]}),
    "bytes that are no text": lambda held: held.update({"papers.jsonl": b"\xff\xfe\n"}),
    "a number where a text belongs": lambda held: rows(held, lambda told: told.__setitem__(1, 7)),
    "a text where a number belongs": lambda held: rows(held, lambda told: told.__setitem__(0, "1 OR 1")),
    "nothing where something belongs": lambda held: rows(held, lambda told: told.__setitem__(2, None)),
    "a number no database holds": lambda held: rows(held, lambda told: told.__setitem__(0, 2**63)),
    "a value too many": lambda held: rows(held, lambda told: told.append(1)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_dump_that_is_not_ours_loads_nothing(house: House, file: Path, change: Callable[[Members], object]) -> None:
    with pytest.raises(BroadsheetError):
        load(house, rewritten(file, change))
    with house.store.reading() as connection:
        assert whole.is_empty(connection)


def test_a_reference_to_nothing_loads_nothing(house: House, file: Path) -> None:
    with pytest.raises(BroadsheetError):
        load(house, rewritten(file, lambda held: rows(held, lambda told: told.__setitem__(0, 99))))
    with house.store.reading() as connection:
        assert whole.is_empty(connection)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_dump_that_is_cut_off_loads_nothing(house: House, file: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BroadsheetError):
        load(house, file)
    with house.store.reading() as connection:
        assert whole.is_empty(connection)


def test_a_dump_with_a_flipped_bit_loads_nothing(house: House, file: Path) -> None:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        start = archive.getinfo("papers.jsonl").header_offset
    content[start + 80] ^= 0x10
    file.write_bytes(content)
    with pytest.raises(BroadsheetError):
        load(house, file)
    with house.store.reading() as connection:
        assert whole.is_empty(connection)


def test_a_bomb_is_not_unpacked(house: House, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("papers.jsonl", "w") as member:
        for _ in range(80):
            member.write(b"\0" * (1 << 20))
    with pytest.raises(BroadsheetError, match="far more"):
        load(house, bomb)


def test_two_members_of_one_name_are_refused(house: House, file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("papers.jsonl", b"")
    with pytest.raises(BroadsheetError, match="two members"):
        load(house, file)


@pytest.mark.parametrize("content", [b"", b"PK", b"SQLite format 3\0", b"\x80\x04}"])
def test_any_other_file_is_refused(house: House, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd").write_bytes(content)
    with pytest.raises(BroadsheetError):
        load(house, tmp_path / "odd")
    with pytest.raises(BroadsheetError, match="no such file"):
        load(house, tmp_path / "nowhere")


def test_a_load_that_is_killed_leaves_an_empty_house(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "killed"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), str(file), "records"], check=False, env=dict(os.environ), timeout=120
    )
    assert killed.returncode == 9
    with open_house(Settings(home=home), clock=lambda: AT) as house:
        with house.store.reading() as connection:
            assert whole.is_empty(connection)
        assert load(house, file).rows["papers"] == 3


def test_a_dump_is_read_line_by_line(file: Path) -> None:
    with archives.opened(file) as archive:
        told = archives.read_rows(archive, "papers")
        assert next(told)[0] == 1
