"""The ACL Anthology from its one published file, every paper with its abstract (https://aclanthology.org).

``anthology+abstracts.bib.gz`` is made anew with the site, holds more than 100,000 entries and is asked for only when it
has changed. Nothing is told of a file that is not whole, or else a mark would say that the rest of it was read; and how
many entries it has is known only at its end. So it is unpacked twice: once to see that it is whole (gzip ends with a
checksum, an entry with a brace), a second time to be read entry by entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Link, Problem, Record
from broadsheet.sources import acl, bibtex
from broadsheet.sources.adapter import Answer, Ask, Mark, Page, Service, Want
from broadsheet.sources.bibtex_entries import Entry, entries
from broadsheet.sources.services import ACL_ANTHOLOGY
from broadsheet.sources.streams import Opened, lines, problem

_FILE = "anthology+abstracts.bib.gz"
_SITE = "https://aclanthology.org"
_NO_ENTRIES = (b"@string", b"@comment", b"@preamble")


@dataclass(frozen=True, slots=True)
class Anthology:
    """All papers of the Anthology; there is no target."""

    service: Service = ACL_ANTHOLOGY

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:  # noqa: ARG002 - the file has no days
        """Ask for the file if it is another than the last one."""
        if want.target:
            raise Invalid(f"The Anthology comes as a whole, without “{want.target}”.", field="target")
        etag, modified = mark.get("etag", ""), mark.get("modified", "")
        return Ask(url=f"{self.service.base}/{_FILE}", etag=etag, modified=modified)

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:  # noqa: ARG002 - one answer is the run
        """Read the file, lazily. Raises Unavailable for one that is not whole, or has lost most of its entries."""
        if answer.unchanged:
            return Page(told=(), mark=mark)
        found = _whole(answer)
        if not found or 2 * found < mark.get("entries", 0):
            raise Unavailable(f"The Anthology's file has {found} entries, and had {mark.get('entries', 0)}.")
        left = {"etag": answer.etag, "modified": answer.modified, "entries": found}
        return Page(told=_told(answer), mark=left, expected=found)


def _whole(answer: Answer) -> int:
    """Count the entries of a file by unpacking all of it."""
    answer.body.seek(0)
    opened = Opened(answer.body)
    count, last = 0, b""
    for line in lines(opened.as_binary()):
        if line:
            count += line.startswith(b"@") and not line.lower().startswith(_NO_ENTRIES)
            last = line
    if opened.problem or not last.rstrip().endswith(b"}"):
        reason = opened.problem[1] if opened.problem else "It ends inside an entry."
        raise Unavailable(f"The Anthology's file is not whole. {reason}")
    return count


def _told(answer: Answer) -> Iterator[Record | Problem]:
    answer.body.seek(0)
    opened = Opened(answer.body)
    for entry in entries(opened.as_binary(), source=acl.SOURCE, name=_FILE):
        # A volume's own entry is front matter and no paper.
        if isinstance(entry, Problem):
            yield entry
        elif entry.kind != "proceedings":
            yield _paper(entry, answer.at)


def _paper(entry: Entry, observed: datetime) -> Record | Problem:
    """Make the record that the Anthology's XML would give: the same key, so that both are one."""
    told = bibtex.record(entry, observed)
    if isinstance(told, Problem):
        return replace(told, source=acl.SOURCE)
    own = next((one for one in told.ids if one.scheme == acl.SOURCE), None)
    if own is None:
        return problem(acl.SOURCE, entry.where, "no-id", "The entry has no Anthology id.", entry.raw)
    places = Link("page", f"{_SITE}/{own.value}/"), Link("pdf", f"{_SITE}/{own.value}.pdf")
    return replace(
        told,
        source=acl.SOURCE,
        key=own.value,
        ids=tuple(dict.fromkeys((own, *told.ids))),
        links=(*places, *(link for link in told.links if link not in places)),
    )
