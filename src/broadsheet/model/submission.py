"""A submission: a paper that a reader brings in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from broadsheet.errors import Invalid
from broadsheet.model.ids import ExternalId, parse_id
from broadsheet.model.links import page_id
from broadsheet.model.record import Record
from broadsheet.model.text import clean

# ``fetching`` until its source has told what it is; then ``shown`` on a daily page, ``held`` for a moderator to look
# at, or ``refused``; ``withdrawn`` by who brought it.
State = Literal["fetching", "held", "shown", "refused", "withdrawn"]
# The source of the record that puts a submitted paper on its daily page; its key is the submission's number.
SOURCE = "submitted"

MAX_ASKED = 1_000
MAX_NOTE = 1_000
MAX_MEDIA = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What was asked for, with a note and a media address, and how it stands.

    ``asked`` is an id (``arxiv:2401.00001``) or an address; ``found`` what its source said, None until it has;
    ``why`` the reason it waits, is held or was refused. ``paper_id`` is set once it is on the shelf, ``reader_id`` is
    None once who brought it has left.
    """

    id: int
    reader_id: int | None
    asked: str
    day: date
    at: datetime
    state: State = "fetching"
    note: str = ""
    media: str = ""
    why: str = ""
    paper_id: int | None = None
    settled_at: datetime | None = None
    found: Record | None = None
    tries: int = 0

    @property
    def name(self) -> ExternalId:
        """The id it asks for; an address that is no id names itself."""
        return named(self.asked)

    @property
    def is_open(self) -> bool:
        """Whether it may still come to be shown."""
        return self.state in {"fetching", "held"}


def named(text: str) -> ExternalId:
    """Read what a reader pastes as an id or an address; raises Invalid (field ``asked``) for anything else."""
    told = clean(text)
    if len(told) > MAX_ASKED:
        raise Invalid(f"An id or address has at most {MAX_ASKED:,} characters.", field="asked")
    known = parse_id(told) or page_id(told)
    if known is None or known.scheme == "local":
        raise Invalid(
            "Paste an arXiv id, a DOI, or the http(s):// address of its own page; the front page of a site is none.",
            field="asked",
        )
    return known


def as_asked(text: str) -> str:
    """Give what a submission keeps of a pasted text: the id in one spelling, or the address as it was written."""
    name = named(text)
    return clean(text).partition("#")[0] if name.scheme == "url" else str(name)


def media_address(text: str) -> str:
    """Read the address of a picture or video, empty for none; raises Invalid (field ``media``) for anything else."""
    told = clean(text)
    if not told:
        return ""
    if len(told) > MAX_MEDIA or not told.lower().startswith(("http://", "https://")) or " " in told:
        raise Invalid(
            f"A picture or video is linked by an http(s):// address of at most {MAX_MEDIA} characters.", field="media"
        )
    return told


def note_words(text: str) -> str:
    """Clean a note; raises Invalid (field ``note``) for one that is too long."""
    told = clean(text)
    if len(told) > MAX_NOTE:
        raise Invalid(f"A note has at most {MAX_NOTE:,} characters, not {len(told):,}.", field="note")
    return told
