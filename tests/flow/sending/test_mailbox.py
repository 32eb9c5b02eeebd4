"""The Maildir that mails return to."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.flow.sending.coming_back import digest, report, somebody, state_of

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.sending.mailbox import MOST_BYTES, read_maildir


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A Maildir."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


def reading(house: House, folder: Path) -> House:
    return replace(house, settings=replace(house.settings, bounce_maildir=str(folder)))


def test_new_mails_are_taken_in_and_put_aside(house: House, folder: Path) -> None:
    ann = somebody(house)
    (folder / "new" / "1.a.host").write_bytes(report(house, ann, digest(house, ann, "2026-11-20")))
    (folder / "new" / "2.b.host:2,").write_bytes(b"From: bo@lab.example\n\nHello.\n")
    house = reading(house, folder)
    assert read_maildir(house) == {"hard": 1, "nothing": 1}
    assert sorted(file.name for file in (folder / "cur").iterdir()) == ["1.a.host:2,S", "2.b.host:2,"]
    assert read_maildir(house) == {}
    assert state_of(house, ann)[0] == "suspended"


def test_what_is_no_plain_file_is_left_alone(house: House, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("To: somebody")
    (folder / "new" / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "new" / "pipe")
    (folder / "new" / "folder").mkdir()
    assert read_maildir(reading(house, folder)) == {}
    assert len(list((folder / "new").iterdir())) == 3


def test_of_a_long_mail_the_beginning_counts(house: House, folder: Path) -> None:
    ann = somebody(house)
    mail = report(house, ann, digest(house, ann, "2026-11-20"))
    (folder / "new" / "1").write_bytes(mail + b"x" * 2 * MOST_BYTES)
    assert read_maildir(reading(house, folder)) == {"hard": 1}


def test_without_the_setting_nothing_is_read_and_a_folder_that_is_none_is_told(house: House, tmp_path: Path) -> None:
    assert read_maildir(house) == {}
    with pytest.raises(Invalid, match="no Maildir"):
        read_maildir(reading(house, tmp_path))
