"""Mails through a program of the machine."""

from pathlib import Path

import pytest
from tests.mail.test_port import mail

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.sendmail import SendmailMailer


def program(folder: Path, ends: str) -> SendmailMailer:
    """Write a program that keeps what it is given, and how it was called, and ends so."""
    file = folder / "sendmail"
    file.write_text(f'#!/bin/sh\necho "$@" > {folder}/called\ncat > {folder}/given\n{ends}\n')
    file.chmod(0o700)
    return SendmailMailer(str(file), timeout_s=60)


def test_a_program_is_told_both_addresses_and_given_the_whole_mail(tmp_path: Path) -> None:
    program(tmp_path, "exit 0").send(mail(text="one\n.\ntwo\n", return_path="back@papers.example"))
    assert (tmp_path / "called").read_text() == "-i -f back@papers.example -- me@papers.example\n"
    given = (tmp_path / "given").read_bytes()
    assert given.endswith(b"\n\none\n=2E\ntwo\n")
    assert b"\r" not in given


@pytest.mark.parametrize(
    ("ends", "kind", "field"),
    [
        ("echo 'no such user' >&2; exit 67", Invalid, "to"),
        ("exit 68", Invalid, "to"),
        ("exit 75", Unavailable, ""),
        ("exit 69", Unavailable, ""),
        ("kill -9 $$", InDoubt, ""),
    ],
)
def test_how_a_program_ends_says_what_became_of_a_mail(
    tmp_path: Path, ends: str, kind: type[Exception], field: str
) -> None:
    with pytest.raises(kind) as raised:
        program(tmp_path, ends).send(mail())
    assert type(raised.value) is kind
    assert getattr(raised.value, "field", "") == field


def test_a_program_that_never_ends_leaves_a_doubt(tmp_path: Path) -> None:
    slow = SendmailMailer(program(tmp_path, "exec sleep 60").program, timeout_s=0.2)
    with pytest.raises(InDoubt):
        slow.send(mail())


def test_a_program_that_is_not_there_is_for_the_operator_to_mend(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as raised:
        SendmailMailer(str(tmp_path / "none")).send(mail())
    assert raised.value.field == "mail_through"


def test_the_end_is_told_before_the_program_starts(tmp_path: Path) -> None:
    def stop() -> None:
        raise KeyError

    with pytest.raises(KeyError), program(tmp_path, "exit 0").line() as line:
        line.send(mail(), before_end=stop)
    assert not (tmp_path / "called").exists()
