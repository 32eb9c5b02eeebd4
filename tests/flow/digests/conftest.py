"""A public house that mails into a folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.empty_store import empty_home

from broadsheet.flow.house import House
from broadsheet.mail.folder import FolderMailer
from broadsheet.settings import Settings
from broadsheet.wiring import open_house


@pytest.fixture
def site(tmp_path: Path) -> Iterator[House]:
    """A house without papers, where readers sign in."""
    settings = Settings(home=empty_home(tmp_path / "site"), public_url="https://papers.example")
    with open_house(settings, clock=lambda: NOW) as opened:
        yield replace(opened, mailer=FolderMailer(tmp_path / "mails"))
