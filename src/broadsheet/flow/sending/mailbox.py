"""The mailbox that our mails return to, a Maildir on this machine: what is new in it is taken in and put aside.

https://cr.yp.to/proto/maildir.html: a mail is whole once it stands in ``new``, and whoever has looked at it moves it
to ``cur``.
"""

import logging
import os
import stat
from collections import Counter
from pathlib import Path
from threading import Event

from broadsheet.errors import Invalid
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.sending.returned import Taken, take

# More than any report is long that is worth reading; of longer mails the beginning counts.
MOST_BYTES = 1_024 * 1_024
_MOST_AT_ONCE = 1_000
# Nobody looks again at what was taken in: it is marked as seen. What is no business of ours stays unseen.
_SEEN, _UNSEEN = ":2,S", ":2,"


def read_maildir(house: House, *, stop: Event | None = None) -> Counter[Taken]:
    """Take in what is new in the Maildir of the settings, a thousand mails at most; gives what they were.

    Any number of processes may do so at once. Raises Invalid where there is no such folder.
    """
    if not house.settings.bounce_maildir:
        return Counter()
    return take_folder(house, Path(house.settings.bounce_maildir), stop=stop)


def take_folder(house: House, folder: Path, *, stop: Event | None = None) -> Counter[Taken]:
    """Take in what is new in a Maildir; raises Invalid where a folder is none."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder / "new") if entry.is_file(follow_symlinks=False))
        (folder / "cur").mkdir(exist_ok=True)
    except OSError as error:
        raise Invalid(f"{folder} is no Maildir that can be read: {error.strerror}.", field="bounce_maildir") from error
    found: Counter[Taken] = Counter()
    for name in names[:_MOST_AT_ONCE]:
        if stop is not None and stop.is_set():
            break
        what = _take(house, folder, name)
        if what is not None:
            found[what] += 1
    return found


def read_file(file: Path) -> bytes:
    """Read a mail as far as is worth it; raises OSError for what is no plain file, and where it cannot be read."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(handle, "rb") as opened:  # noqa: PTH123 - of a handle, so that what was judged is what is read
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(None, "it is no plain file")
        return opened.read(MOST_BYTES)


def _take(house: House, folder: Path, name: str) -> Taken | None:
    """Take in one mail; None for one that somebody else has moved meanwhile, or that cannot be read."""
    file = folder / "new" / name
    try:
        message = read_file(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        events.tell(logging.WARNING, "return unread", reason=str(error.strerror))
        return None
    what = take(house, message)
    flags = _UNSEEN if what in {"nothing", "forged"} else _SEEN
    try:
        file.rename(folder / "cur" / f"{name.partition(':')[0]}{flags}")
    except FileNotFoundError:
        return None
    return what
