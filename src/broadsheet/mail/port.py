"""What every mailer is: it takes a mail and delivers it, or says why not."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from broadsheet.errors import Invalid

# RFC 5321, section 4.5.3.1.3, allows 254 characters between the angle brackets of an address.
_LONGEST_ADDRESS = 254
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in plain text. ``key`` names it for good: the same key is the same mail, whoever sends it again."""

    key: str
    sender: str
    to: str
    subject: str
    text: str
    at: datetime


class Mailer(Protocol):
    """Delivers mails."""

    def send(self, mail: Mail) -> None:
        """Hand a mail over.

        Raises Unavailable when it was not taken and may be later, InDoubt when nobody can say whether it was taken,
        and Invalid when it never will be.
        """


def message_of(mail: Mail) -> EmailMessage:
    """Set a mail as RFC 5322 has it; raises Invalid for an address that is none.

    Whatever stands in the subject is one line of it: nothing that others wrote becomes a header.
    """
    sender, to = _address(mail.sender), _address(mail.to)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = _line(mail.subject)[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.key}@{sender.rpartition('@')[2]}>"
    # No robot shall answer a robot (RFC 3834, section 5).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_storable(mail.text))
    return message


def _address(text: str) -> str:
    local, at, host = text.rpartition("@")
    odd = not text.isascii() or any(letter in ' \t"<>()[],;:\\' or not letter.isprintable() for letter in text)
    if not (local and at and host) or "@" in local or odd or len(text) > _LONGEST_ADDRESS:
        raise Invalid(f"{_line(text)[:80]!r} is no mail address.", field="alert_mail")
    return text


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in _storable(text)).split())


def _storable(text: str) -> str:
    return text.replace("\0", "�").encode("utf-8", "replace").decode()
