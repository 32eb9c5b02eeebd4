"""A backup that was put back sends nothing until somebody says so: what it holds as waiting may have been sent since.

Before anything goes out, a count rises in the store, and once that is certain a file in the home folder notes it. So
a count in the file that is higher than the store's tells that the store was put back. A file that is another than the
one it says it is was put back or copied with its home; one that is not there, while the store knows other homes, means
a home that never sent anything. What cannot be told is a whole machine put back, disk and all.
"""

import logging
import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import Conflict, Unavailable
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import due
from broadsheet.store import digests, facts
from broadsheet.store.connect import Connection

_FOLDER = "sending"
_MARK = "mail-mark:"
_NAME = re.compile(r"[0-9]{20}")
# Between reading the clock and writing a file nothing takes this long.
_MEANWHILE_NS = 60_000_000_000
_PUT_BACK = "It may have been sent before the backup was put back."


class Held(Conflict):
    """Nothing is sent before the operator says so."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How often anything was sent from a home; ``copied`` tells whether its file is another than it says."""

    machine: str
    count: int
    copied: bool = False


def reason(house: House) -> str:
    """Say why nothing is sent before somebody says so; empty where nothing is in the way."""
    mark = _read(house.settings.home)
    with house.store.reading() as connection:
        return _reason(mark, _known(connection))


def raised(connection: Connection, house: House) -> Mark:
    """Count once more in the transaction in which something is noted as going out; raises Held."""
    mark = _read(house.settings.home) or _first(house.settings.home)
    known = _known(connection)
    if why := _reason(mark, known):
        raise Held(why)
    mark = Mark(mark.machine, known.get(mark.machine, 0) + 1)
    facts.put(connection, f"{_MARK}{mark.machine}", str(mark.count))
    return mark


def note(house: House, mark: Mark) -> None:
    """Write down what was counted, once that is certain and before anything goes out; raises Unavailable."""
    _write(house.settings.home, mark)


def resume(house: House, *, keep: bool = False) -> int:
    """Send again from here, and give how many digests are given up.

    What was due before may have been sent already: it expires, or is in doubt where it stood beside the spool, unless
    ``keep`` says that it was not. Does nothing where nothing is held.
    """
    if not reason(house):
        return 0
    due.call_up(house)
    mark = Mark(secrets.token_hex(8), 1)
    with house.store.writing(durable=True) as connection:
        given_up = 0 if keep else digests.give_up(connection, house.clock(), why=_PUT_BACK)
        if not keep:
            due.distrust(connection, _PUT_BACK)
        facts.put(connection, f"{_MARK}{mark.machine}", str(mark.count))
    for file in _files(house.settings.home):
        file.unlink(missing_ok=True)
    _write(house.settings.home, mark)
    events.tell(logging.WARNING, "digests resumed", given_up=given_up)
    return given_up


def _reason(mark: Mark | None, known: dict[str, int]) -> str:
    if mark is None:
        return "From this home folder no digest was ever sent, and from others it was." if known else ""
    if mark.copied:
        return "The home folder was copied or put back from a backup."
    if mark.count > known.get(mark.machine, 0):
        return "The database was put back from a backup: more was sent than it knows."
    if known and mark.machine not in known:
        return "From this home folder no digest was ever sent, and from others it was."
    return ""


def _known(connection: Connection) -> dict[str, int]:
    return {name.removeprefix(_MARK): int(value) for name, value in facts.beginning(connection, _MARK).items()}


def _first(home: Path) -> Mark:
    """Write the mark of a home that has none; of several who do so at once one is the first."""
    _write(home, Mark(secrets.token_hex(8), 0), first=True)
    mark = _read(home)
    if mark is None:
        raise Unavailable(f"What was sent cannot be noted in {home}.")
    return mark


def _files(home: Path) -> list[Path]:
    """Give the files of marks, the highest last: whoever writes one takes away those below it."""
    folder = home / _FOLDER
    return sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name)) if folder.is_dir() else []


def _read(home: Path) -> Mark | None:
    for _ in range(1_000):
        try:
            files = _files(home)
            return _mark(files[-1]) if files else None
        except FileNotFoundError:
            # Somebody wrote the next one meanwhile.
            continue
        except OSError as error:
            raise Unavailable(f"What was sent from {home} cannot be read: {error.strerror}.") from error
    raise Unavailable(f"What was sent from {home} cannot be read.")


def _mark(file: Path) -> Mark:
    text, found, count = file.read_text("ascii", "replace"), file.stat(), int(file.name)
    try:
        machine, number, at_ns = text.split()
        copied = int(number) != found.st_ino or abs(int(at_ns) - found.st_mtime_ns) > _MEANWHILE_NS
    except ValueError:
        # A power cut left half of it.
        return Mark("", count, copied=True)
    return Mark(machine, count, copied)


def _write(home: Path, mark: Mark, *, first: bool = False) -> None:
    folder = home / _FOLDER
    file, part = folder / f"{mark.count:020d}", folder / f".{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("x", encoding="ascii") as out:
            out.write(f"{mark.machine} {os.fstat(out.fileno()).st_ino} {time.time_ns()}\n")
        if first:
            _link(part, file)
        else:
            part.rename(file)
        for older in _files(home):
            if older.name < file.name:
                older.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"What is sent cannot be noted in {folder}: {error.strerror}.") from error


def _link(part: Path, file: Path) -> None:
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink()
