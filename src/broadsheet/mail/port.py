"""What every mailer is: it takes a mail and delivers it, or says why not; and what sets a digest as a mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broadsheet.errors import Invalid
from broadsheet.model.digest import Digest

# RFC 5321, section 4.5.3.1.3, allows 254 characters between the angle brackets of an address.
_LONGEST_ADDRESS = 254
# They hold letters of Persian and of Indic scripts together, and the parts of an emoji.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What makes a mail one of a list (RFC 2369, RFC 2919, RFC 8058).

    ``id`` is the list's name, such as ``digests.papers.example``; ``unsubscribe_url`` takes a POST, an empty
    ``unsubscribe_mail`` means that no mails are read; ``archive`` is where it can be read later. By ``feedback``, such
    as ``daily:digests``, Gmail counts complaints.
    """

    id: str
    unsubscribe_url: str
    unsubscribe_mail: str = ""
    archive: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in plain text, and in HTML too where there is any.

    ``key`` names it for good: the same key is the same mail, whoever sends it again. ``sender_name`` stands beside the
    sender's address. What cannot be delivered comes back to ``return_path``, else to ``sender``.
    """

    key: str
    sender: str
    to: str
    subject: str
    text: str
    at: datetime
    html: str = ""
    sender_name: str = ""
    return_path: str = ""
    listing: Listing | None = None

    @property
    def envelope(self) -> tuple[str, str]:
        """Give whom it comes back to and whom it goes to (RFC 5321, section 2.3.1); raises Invalid for no address."""
        return checked_address(self.return_path or self.sender, "mail_from"), checked_address(self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands in a digest beside its papers: the site, addresses in full, and ``why`` somebody gets it."""

    site: str
    home_url: str
    unsubscribe_url: str
    manage_url: str
    view_url: str
    why: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A digest as it is mailed: its subject, as plain text, and as HTML."""

    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """Delivers mails."""

    def send(self, mail: Mail) -> None:
        """Hand a mail over.

        Raises Unavailable when it was not taken and may be later, InDoubt when nobody can say whether it was taken,
        and Invalid when it never will be.
        """


class Press(Protocol):
    """Sets mails."""

    def rendered(self, digest: Digest, facts: Facts) -> Rendered:
        """Set a digest as a subject, a text and a page; what others wrote is text and nothing else."""

    def packed(self, mail: Mail) -> bytes:
        """Set a mail as the bytes that are sent, signed where there is a key; raises Invalid for a bad address."""


def checked_address(text: str, field: str = "to") -> str:
    """Give an address back that can stand in a header and an envelope; raises Invalid of this field for any other."""
    local, at, host = text.rpartition("@")
    odd = not text.isascii() or any(letter in ' \t"<>()[],;:\\' or not letter.isprintable() for letter in text)
    if not (local and at and host) or "@" in local or odd or len(text) > _LONGEST_ADDRESS:
        raise Invalid(f"{one_line(text)[:80]!r} is no mail address.", field=field)
    return text


def one_line(text: str) -> str:
    """Make one line of any text, without what controls, turns round or hides; runs of white space become a space."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() or letter in _JOINERS else " " for letter in storable(text))
    return " ".join(text.split())


def storable(text: str) -> str:
    """Give a text that UTF-8 can write, without zeros."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()
