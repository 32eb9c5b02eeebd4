"""``broadsheet bounce``: takes in what came back by mail."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broadsheet.cli.output import HomeOption, JsonOption, counted, open_home, print_json
from broadsheet.errors import BroadsheetError, NotFound

if TYPE_CHECKING:
    from broadsheet.flow.house import House
    from broadsheet.flow.sending.returned import Taken

# sysexits.h: a mail server keeps the mail and tries again.
_LATER = 75


def bounce(
    mails: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of one mail each, or Maildir folders; one mail on standard input without any."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in bounces, complaints and mails that unsubscribe, from files or, as from a mail server, standard input."""
    try:
        with open_home(home, as_it_is=True) as house:
            found = _given(house) if not mails else sum((_taken(house, each) for each in mails), Counter())
    except BroadsheetError as error:
        if mails:
            raise
        typer.secho(f"Error: {error}", fg="red", err=True)
        raise typer.Exit(_LATER) from error
    if as_json:
        print_json(dict(found))
    elif mails:
        typer.echo("\n".join(f"{counted(number, 'mail')}: {what}" for what, number in sorted(found.items())) or "None.")


def _given(house: "House") -> "Counter[Taken]":
    from broadsheet.flow.sending.mailbox import MOST_BYTES
    from broadsheet.flow.sending.returned import take

    message = sys.stdin.buffer.read(MOST_BYTES)
    while sys.stdin.buffer.read(MOST_BYTES):  # so that whoever writes is not cut off
        pass
    return Counter([take(house, message)])


def _taken(house: "House", path: Path) -> "Counter[Taken]":
    from broadsheet.flow.sending.mailbox import read_file, take_folder
    from broadsheet.flow.sending.returned import take

    if path.is_dir():
        return take_folder(house, path)
    try:
        return Counter([take(house, read_file(path))])
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.") from error
