"""Folders and Maildirs as spools: a mail is there whole, once, or not at all."""

import shutil
from email import message_from_bytes
from pathlib import Path

import pytest
from tests.mail.test_port import mail

from broadsheet.errors import Unavailable
from broadsheet.mail.folder import FolderMailer
from broadsheet.mail.maildir import MaildirMailer

Spooling = FolderMailer | MaildirMailer


@pytest.fixture(params=[FolderMailer, MaildirMailer])
def mailer(request: pytest.FixtureRequest, tmp_path: Path) -> Spooling:
    made: Spooling = request.param(tmp_path / "spool")
    return made


def there(mailer: Spooling) -> list[str]:
    """Name what whoever empties the spool sees."""
    into = mailer.folder if isinstance(mailer, FolderMailer) else mailer.folder / "new"
    return sorted(file.name.removesuffix(".eml") for file in into.iterdir() if not file.name.startswith("."))


def test_what_is_staged_is_seen_only_once_it_is_handed_over_and_once(mailer: Spooling) -> None:
    spool = mailer.spool()
    spool.identity()
    spool.stage("digest-1", "abc", mailer.content(mail()))
    assert (there(mailer), list(spool.staged())) == ([], [("digest-1", "abc")])
    spool.settle()
    assert [spool.hand_over("digest-1", "abc") for _ in range(2)] == [True, False]
    assert (there(mailer), list(spool.staged())) == (["digest-1"], [])


def test_what_is_dropped_is_never_seen(mailer: Spooling) -> None:
    spool = mailer.spool()
    spool.identity()
    spool.stage("digest-1", "abc", b"x")
    for _ in range(2):
        spool.drop("digest-1", "abc")
    assert (spool.hand_over("digest-1", "abc"), there(mailer)) == (False, [])


def test_a_spool_keeps_its_name_and_one_that_is_made_anew_has_another(mailer: Spooling) -> None:
    name = mailer.spool().identity()
    assert mailer.spool().identity() == name
    shutil.rmtree(mailer.folder)
    assert mailer.spool().identity() != name


def test_a_disk_that_is_full_keeps_a_spool_its_name_and_leaves_nothing_in_it(
    mailer: Spooling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(Unavailable, match="No space"):
            mailer.spool().identity()
    name = mailer.spool().identity()
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        assert mailer.spool().identity() == name
    assert [file.name for file in mailer.spool().beside.iterdir()] == ["spool-id"]


def test_a_spool_that_is_gone_does_not_say_that_anything_was_handed_over(mailer: Spooling) -> None:
    spool = mailer.spool()
    spool.identity()
    spool.stage("digest-1", "abc", b"x")
    shutil.rmtree(mailer.folder)
    with pytest.raises(Unavailable):
        spool.hand_over("digest-1", "abc")
    with pytest.raises(Unavailable):
        spool.stage("digest-2", "abc", b"x")


def test_a_file_begins_with_where_it_returns_to_and_only_its_owner_reads_it(mailer: Spooling) -> None:
    spool = mailer.spool()
    spool.identity()
    spool.stage("digest-1", "abc", mailer.content(mail(return_path="back@papers.example")))
    spool.hand_over("digest-1", "abc")
    (file,) = (path for path in mailer.folder.rglob("digest-1*"))
    assert file.stat().st_mode & 0o077 == 0
    assert message_from_bytes(file.read_bytes()).items()[0] == ("Return-Path", "<back@papers.example>")


def test_a_maildir_takes_letters_too(tmp_path: Path) -> None:
    mailer = MaildirMailer(tmp_path / "spool")
    for _ in range(2):
        mailer.send(mail())
    assert len(there(mailer)) == 2
    assert sorted(path.name for path in mailer.folder.iterdir()) == ["cur", "new", "staged", "tmp"]
