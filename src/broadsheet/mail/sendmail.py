"""Mails through the machine's own mail server, by its program ``sendmail``.

Its exit status says what became of a mail, by the numbers of BSD's ``sysexits.h``.
"""

import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.packing import packed
from broadsheet.mail.port import Mail
from broadsheet.mail.ways import Line, Pack, never

TIMEOUT_S = 120.0
# EX_DATAERR, EX_NOUSER and EX_NOHOST: nobody will ever take this mail to this address.
_NEVER = frozenset({65, 67, 68})
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class SendmailMailer:
    """Hands mails to ``program``, which Postfix, Exim, OpenSMTPD, msmtp and others bring along."""

    program: str
    timeout_s: float = TIMEOUT_S
    pack: Pack = packed

    def send(self, mail: Mail, *, before_end: Callable[[], None] = never) -> None:
        """Hand a mail over; see ``ways.Line``.

        The program takes the end of its input, or of us, for the end of the mail. So it is given a whole file, and
        ``before_end`` is called before it starts.
        """
        content = self.pack(mail).replace(b"\r\n", b"\n")
        sender, to = mail.envelope
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            before_end()
            try:
                done = subprocess.run(  # noqa: S603 - the operator chose the program, and no shell reads the addresses
                    [self.program, "-i", "-f", sender, "--", to],
                    stdin=file,
                    capture_output=True,
                    timeout=self.timeout_s,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise InDoubt(f"{self.program} did not say whether it took the mail.") from error
            except OSError as error:
                raise Invalid(f"{self.program} cannot be run: {error.strerror}.", field="mail_through") from error
        _judge(self.program, done)

    def line(self) -> AbstractContextManager[Line]:
        """Give itself: each mail takes a run of the program."""
        return nullcontext(self)


def _judge(program: str, done: subprocess.CompletedProcess[bytes]) -> None:
    if not done.returncode:
        return
    said = " ".join((done.stderr or done.stdout).decode("utf-8", "replace").split())[:_SHOWN].rstrip(". ")
    told = f"{program} did not take the mail ({done.returncode}): {said}."
    if done.returncode < 0:
        raise InDoubt(told)
    raise Invalid(told, field="to") if done.returncode in _NEVER else Unavailable(told)
