"""How digests leave: through a spool, which is exactly once, or directly, where nobody may answer for the last byte."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from broadsheet.errors import Unavailable
from broadsheet.mail.port import Mail

Pack = Callable[[Mail], bytes]


class Deferred(Unavailable):
    """This mail was not taken now; others may be."""


def with_return_path(mail: Mail, packed: bytes) -> bytes:
    """Put where a mail returns to before it, as whoever delivers it for good does (RFC 5321, section 4.4)."""
    return f"Return-Path: <{mail.envelope[0]}>\r\n".encode("ascii") + packed


def never() -> None:
    """Do nothing before the end."""


class Spool(Protocol):
    """A folder that others empty. Mails are written whole beside it, and each appears in it by one rename.

    A staged mail is of a holder, which never stages another one under that name. All raise Unavailable when the disk
    does not do it.
    """

    def identity(self) -> str:
        """Name the spool: no two have the same name, and a new one beside the same folder has another."""
        ...

    def stage(self, name: str, holder: str, content: bytes) -> None:
        """Write a mail whole beside the spool; it outlives a power cut once ``settle`` is through."""
        ...

    def hand_over(self, name: str, holder: str) -> bool:
        """Move a staged mail into the spool; False when it is not there, so that it was handed over before."""
        ...

    def drop(self, name: str, holder: str) -> None:
        """Take a staged mail away that nobody will hand over."""
        ...

    def staged(self) -> Iterator[tuple[str, str]]:
        """Give name and holder of all that is staged."""
        ...

    def settle(self) -> None:
        """Make what was staged and handed over outlive a power cut."""
        ...


@runtime_checkable
class Spooling(Protocol):
    """Has a spool, and sets mails as what stands in it."""

    def content(self, mail: Mail) -> bytes:
        """Set a mail as the bytes of a file, which begins with where it returns to; raises Invalid."""
        ...

    def spool(self) -> Spool:
        """Give the spool; raises Unavailable when the disk does not do it."""
        ...


class Line(Protocol):
    """A line that is open for many mails."""

    def send(self, mail: Mail, *, before_end: Callable[[], None] = never) -> None:
        """Hand a mail over, and call ``before_end`` when all went out but what makes it whole.

        Whatever ``before_end`` raises is raised, and nothing was taken then. Raises Unavailable when the mail was not
        taken and may be later, Deferred when that tells nothing of other mails; InDoubt when it went out whole and
        nobody said whether it was taken; Invalid of the field ``to`` when it never will be, and of another field when
        nobody's mails will be before that is mended.
        """
        ...


@runtime_checkable
class Direct(Protocol):
    """Hands mails over to somebody who answers for them, or does not answer."""

    def line(self) -> AbstractContextManager[Line]:
        """Open a line for many mails; it connects with the first."""
        ...
