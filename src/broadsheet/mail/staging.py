"""Files that are written beside a folder and moved into it by one rename: they are there whole, once, or not at all."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import Unavailable

_IDENTITY = "spool-id"
_PART = ".staged"
_ODD = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Staging:
    """Mails beside a folder, in ``beside``, that appear in ``into`` with ``suffix``; both are on one file system."""

    beside: Path
    into: Path
    suffix: str = ""

    def identity(self) -> str:
        """Give the name that was made with the folder ``beside``; raises Unavailable when the disk does not do it."""
        file = self.beside / _IDENTITY
        with self._translated():
            self._make()
            if not file.exists():
                self._name(file)
            return file.read_text("ascii")

    def stage(self, name: str, holder: str, content: bytes) -> None:
        """Write a file whole, down to the disk; raises Unavailable when that cannot be."""
        with self._translated():
            _write(self._staged(name, holder), content)

    def hand_over(self, name: str, holder: str) -> bool:
        """Move a staged file; False when it is not there. Raises Unavailable when it cannot be moved."""
        with self._translated():
            try:
                self._staged(name, holder).rename(self.into / f"{name}{self.suffix}")
            except FileNotFoundError:
                # Only where both folders stand does its absence say that it was moved.
                if self.into.is_dir() and self.beside.is_dir():
                    return False
                raise
        return True

    def drop(self, name: str, holder: str) -> None:
        """Remove a staged file, if it is there."""
        with self._translated():
            self._staged(name, holder).unlink(missing_ok=True)

    def staged(self) -> Iterator[tuple[str, str]]:
        """Give name and holder of each staged file."""
        with self._translated():
            names = [entry.name for entry in os.scandir(self.beside)] if self.beside.is_dir() else []
        for each in names:
            name, tilde, holder = each.removesuffix(_PART).partition("~")
            if tilde and each.endswith(_PART):
                yield name, holder

    def settle(self) -> None:
        """Make the names in both folders outlive a power cut."""
        with self._translated():
            for folder in (self.beside, self.into):
                number = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(number)
                finally:
                    os.close(number)

    def _staged(self, name: str, holder: str) -> Path:
        return self.beside / f"{name}~{_ODD.sub('-', holder)}{_PART}"

    def _name(self, file: Path) -> None:
        part = self.beside / f".{secrets.token_hex(8)}"
        try:
            _write(part, secrets.token_hex(8).encode())
            # Unlike a rename, a link never takes the place of what another process wrote.
            with suppress(FileExistsError):
                os.link(part, file)
        finally:
            part.unlink(missing_ok=True)

    def _make(self) -> None:
        self.beside.mkdir(parents=True, exist_ok=True)
        self.into.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(f"The mail cannot be written to {self.into}: {error.strerror}.") from error


def _write(file: Path, content: bytes) -> None:
    """Write what only its owner may read, down to the disk."""
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
