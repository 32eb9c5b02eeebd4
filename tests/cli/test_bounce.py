"""``broadsheet bounce`` as an operator types it, and as a mail server starts it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.empty_store import empty_home
from tests.flow.sending.coming_back import digest, report, somebody, state_of

from broadsheet.settings import Settings
from broadsheet.wiring import open_house

BROADSHEET = Path(sys.executable).with_name("broadsheet")


def bounce(home: Path, *words: str, mail: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Type the command, a mail on its standard input."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
    line = [BROADSHEET, "bounce", *words]
    env |= {"BROADSHEET_HOME": str(home)}
    return subprocess.run(line, env=env, input=mail, capture_output=True, timeout=120, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with nothing in it."""
    return empty_home(tmp_path / "home")


def test_a_mail_server_gives_a_mail_and_hears_nothing(home: Path) -> None:
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        ann = somebody(house)
        mail = report(house, ann, digest(house, ann, "2026-11-20"))
    done = bounce(home, mail=mail + b"x" * 3_000_000)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        assert state_of(house, ann)[0] == "suspended"


def test_files_and_folders_are_counted(home: Path, tmp_path: Path) -> None:
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        ann = somebody(house)
        mail = report(house, ann, digest(house, ann, "2026-11-20"), "4.2.2")
    (tmp_path / "mail" / "new").mkdir(parents=True)
    for name, content in {"one.eml": mail, "mail/new/1": b"To: ann\n\nHello.\n", "mail/new/2": mail}.items():
        (tmp_path / name).write_bytes(content)
    done = bounce(home, str(tmp_path / "one.eml"), str(tmp_path / "mail"), "--json")
    assert json.loads(done.stdout) == {"soft": 1, "nothing": 1, "again": 1}
    assert bounce(home, str(tmp_path / "none.eml")).returncode == 3


def test_a_mail_server_keeps_the_mail_where_the_house_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = bounce(tmp_path / "file" / "home", mail=b"To: ann\n\n")
    assert done.returncode == 75
    assert done.stderr.startswith(b"Error: ")
