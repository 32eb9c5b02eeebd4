"""Mails as files in a folder: where there is no mail server, nothing that was to be said is lost."""

import re
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import Unavailable
from broadsheet.mail.packing import packed
from broadsheet.mail.port import Mail
from broadsheet.mail.staging import Staging
from broadsheet.mail.ways import Pack, with_return_path

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes each mail to ``folder`` as one .eml file named by its key."""

    folder: Path
    pack: Pack = packed

    def send(self, mail: Mail) -> None:
        """Write a mail, whole or not at all; the same key is the same file. Raises Unavailable when it cannot."""
        text = self.pack(mail)
        name = _ODD.sub("-", mail.key)[:100]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{name}.part"
            part.write_bytes(text)
            part.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise Unavailable(f"The mail cannot be written to {self.folder}: {error.strerror}.") from error

    def content(self, mail: Mail) -> bytes:
        """Set a mail as the bytes of a file; raises Invalid for an address that is none."""
        return with_return_path(mail, self.pack(mail))

    def spool(self) -> Staging:
        """Give the folder as a spool of digests; what is not whole yet stands in ``.staged``."""
        return Staging(self.folder / ".staged", self.folder, ".eml")
