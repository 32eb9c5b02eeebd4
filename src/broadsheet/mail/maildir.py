"""Mails in a Maildir (https://cr.yp.to/proto/maildir.html): whoever reads it finds each in ``new`` once it is whole."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import Unavailable
from broadsheet.mail.packing import packed
from broadsheet.mail.port import Mail
from broadsheet.mail.staging import Staging
from broadsheet.mail.ways import Pack, with_return_path


@dataclass(frozen=True, slots=True)
class MaildirMailer:
    """Delivers into the Maildir at ``folder``, and makes it where there is none."""

    folder: Path
    pack: Pack = packed

    def send(self, mail: Mail) -> None:
        """Deliver a mail; raises Unavailable when the disk does not do it."""
        spool, name, holder = self.spool(), f"{mail.at:%Y%m%d%H%M%S}-{secrets.token_hex(8)}", secrets.token_hex(8)
        spool.identity()
        spool.stage(name, holder, self.content(mail))
        spool.hand_over(name, holder)
        spool.settle()

    def content(self, mail: Mail) -> bytes:
        """Set a mail as the bytes of a file; raises Invalid for an address that is none."""
        return with_return_path(mail, self.pack(mail))

    def spool(self) -> Staging:
        """Give the Maildir as a spool of digests.

        What is not whole yet stands in ``staged``: programs clear ``tmp`` away, and show what begins with a full stop
        as a folder of mails.
        """
        try:
            for name in ("tmp", "new", "cur"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"The Maildir {self.folder} cannot be used: {error.strerror}.") from error
        return Staging(self.folder / "staged", self.folder / "new")
