"""Mails as files."""

from email import message_from_bytes
from pathlib import Path

import pytest
from tests.mail.test_port import mail

from broadsheet.errors import Unavailable
from broadsheet.mail.folder import FolderMailer


def test_a_mail_is_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "outbox")
    for _ in range(2):
        mailer.send(mail())
    (file,) = (tmp_path / "outbox").iterdir()
    assert (file.name, message_from_bytes(file.read_bytes())["Subject"]) == ("alert-1-begun.eml", "Trouble")


def test_a_key_never_leaves_the_folder(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "outbox").send(mail(key="../../etc/x"))
    assert [path.name for path in tmp_path.rglob("*.eml")] == ["..-..-etc-x.eml"]
    assert [path.parent.name for path in tmp_path.rglob("*.eml")] == ["outbox"]


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable):
        FolderMailer(tmp_path / "file" / "outbox").send(mail())
