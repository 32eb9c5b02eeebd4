"""ARCHITECTURE.md is true: every room is on the map, and every place on the map exists."""

import re
import tomllib
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "src" / "broadsheet"
MAP = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", MAP))
# A path has a slash inside or at its end, or ends like a file; commands, URLs and types are none.
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
FILE_ENDS = (".py", ".md", ".toml", ".txt", ".jsonl", ".html", ".css", ".js", ".svg")


def rooms() -> set[str]:
    """Name every package (``store/``) and module (``wiring.py``) on the top floor of the package."""
    folders = {f"{p.name}/" for p in PACKAGE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    return folders | {p.name for p in PACKAGE.glob("*.py") if p.name != "__init__.py"}


def is_path(name: str) -> bool:
    return PATH.fullmatch(name) is not None and ("/" in name or name.endswith(FILE_ENDS))


def exists(name: str) -> bool:
    return any(next(base.glob(name.rstrip("/")), None) is not None for base in (ROOT, PACKAGE))


def test_every_room_is_on_the_map() -> None:
    assert rooms() - NAMED == set()


def test_every_path_on_the_map_exists() -> None:
    paths = {name for name in NAMED if is_path(name)}
    assert len(paths) > len(rooms())
    assert {name for name in paths if not exists(name)} == set()


def test_every_room_with_code_has_a_floor() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    floors = next(contract for contract in linter["contracts"] if contract["type"] == "layers")
    assert floors["exhaustive"] is True
    placed = {room.strip() for floor in floors["layers"] for room in re.split(r"[|:]", floor)}
    with_code = {r.removesuffix(".py").rstrip("/") for r in rooms() if r.endswith(".py") or any_code(PACKAGE / r)}
    assert placed == with_code


def any_code(folder: Path) -> bool:
    return next(folder.rglob("*.py"), None) is not None
