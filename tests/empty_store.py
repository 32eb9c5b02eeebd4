"""A store with nothing in it: what the migrations make of a new file, made once a process and then copied."""

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from broadsheet.store.connect import open_store


@cache
def _content() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "papers.db"
        open_store(f"sqlite:///{file}", clock=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)).close()
        return file.read_bytes()


def empty_store(file: Path) -> str:
    """Make an empty store of a file, unless it is there, and give its URL."""
    if not file.exists():
        file.write_bytes(_content())
    return f"sqlite:///{file}"


def empty_home(folder: Path) -> Path:
    """Make a home with an empty store in it, and give its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    empty_store(folder / "broadsheet.db")
    return folder
