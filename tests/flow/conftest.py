"""An open house in a temporary folder, and papers to put in it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.empty_store import empty_home

from broadsheet.clock import Clock
from broadsheet.flow.house import House
from broadsheet.mail.folder import FolderMailer
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

PAPERS = [
    {
        "id": "2401.00001",
        "title": "Folding Napkins with Graph Networks",
        "abstract": "We fold napkins with graph networks. Code: https://github.com/example/napkins.",
        "authors": ["Ann Lee", "Bo Chen"],
        "published": "2024-01-02",
        "daily_dates": ["2024-01-03"],
        "upvotes": 3,
        "snapshot_at": "2024-01-03T20:00:00Z",
        "categories": ["cs.LG"],
    },
    {
        "id": "2401.00002",
        "title": "Counting Sheep at Scale",
        "abstract": "A corpus of sheep, counted by transformers.",
        "authors": ["Cy Young"],
        "published": "2024-01-02",
        "daily_dates": ["2024-01-03"],
        "upvotes": 9,
        "snapshot_at": "2024-01-03T20:00:00Z",
    },
    {
        "id": "2402.00003",
        "title": "Tea Kettles as Reward Models",
        "abstract": "Kettles whistle when the policy is good.",
        "authors": ["Di Ng"],
        "published": "2024-02-02",
        "daily_dates": ["2024-02-05"],
    },
]


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house with nothing in it."""
    with open_house(Settings(home=empty_home(tmp_path / "home")), clock=clock) as opened:
        yield opened


@pytest.fixture
def write_papers(tmp_path: Path) -> Callable[..., Path]:
    """Write papers as JSON Lines and give the file."""

    def write(*rows: object, name: str = "papers.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows or PAPERS), "utf-8")
        return path

    return write


@pytest.fixture
def site(tmp_path: Path) -> Iterator[House]:
    """A house without papers, where readers sign in, and which mails into a folder."""
    settings = Settings(home=empty_home(tmp_path / "site"), public_url="https://papers.example")
    with open_house(settings, clock=lambda: NOW) as opened:
        yield replace(opened, mailer=FolderMailer(tmp_path / "mails"))
