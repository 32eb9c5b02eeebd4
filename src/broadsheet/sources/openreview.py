"""OpenReview's notes (https://docs.openreview.net/reference/api-v2/entities/note): what was submitted to a venue.

API 2 wraps what an author filled in, ``{"title": {"value": "..."}}``; API 1 does not. Reviews, decisions and comments
are notes too and no papers: a submission is the note that its forum is named after.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import BinaryIO

from broadsheet.model.ids import ExternalId, parse_id
from broadsheet.model.record import Author, Problem, Record
from broadsheet.sources import fields, names
from broadsheet.sources.json_values import values
from broadsheet.sources.streams import MAX_RECORD, problem, too_large

SOURCE = "openreview"
# A thousand notes, each with an abstract and sometimes its whole bibliography.
_MAX_ANSWER = 1 << 25
_SITE = "https://openreview.net"
_TLDR = ("TLDR", "TL;DR", "TL_DR", "tldr", "one-sentence_summary")
_AREAS = ("primary_area", "subject_area", "area")
_PUBLISHED = ("pdate", "odate", "cdate", "tcdate")
_UPDATED = ("mdate", "tmdate")
_GIVEN_LINKS = (
    ("code", "code"),
    ("github", "code"),
    ("project_page", "project"),
    ("dataset", "data"),
    ("html", "page"),
)
_NOT_ACCEPTED = re.compile(r"\b(?:submitted|withdrawn|rejected|reject|under review)\b", re.IGNORECASE)
_WITHDRAWN = "Withdrawn_Submission"
_OUTSIDE = re.compile(r"(?:.*/)?(?:\w+_)?(?:submission|rejected|withdrawn|under_review)", re.IGNORECASE)


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read the submissions in answers ``{notes[], count}``, or notes that stand alone."""
    for found in values(stream, source=SOURCE, name=name, cap=_MAX_ANSWER):
        if isinstance(found, Problem):
            yield found
            continue
        where, value = found
        notes = value.get("notes") if isinstance(value, dict) and "notes" in value else [value]
        for number, note in enumerate(notes if isinstance(notes, list) else [notes], 1):
            if (told := record(note, where=f"{where} note {number}", observed=observed)) is not None:
                yield told


def record(told: object, *, where: str, observed: datetime | None = None) -> Record | Problem | None:
    """Make a record of one note; None for a reply to one."""
    if not isinstance(told, dict):
        return problem(SOURCE, where, "not-an-object", "A note is a JSON object.", str(told))
    own, forum = (fields.text(value) if isinstance(value := told.get(key), str) else "" for key in ("id", "forum"))
    if (forum and own and forum != own) or told.get("replyto"):
        return None
    content = _content(told)
    title, abstract = fields.text(content.get("title")), fields.text(content.get("abstract"))
    if not title:
        return problem(SOURCE, where, "no-title", "The submission has no title.", str(told))
    if len(title) + len(abstract) > MAX_RECORD:
        return too_large(SOURCE, where, title)
    id_ = parse_id(f"{SOURCE}:{forum or own}")
    if id_ is None or id_.scheme != SOURCE:
        return problem(SOURCE, where, "no-id", "The submission has no OpenReview id.", str(told))
    return Record(
        source=SOURCE,
        key=id_.value,
        title=title,
        abstract=abstract,
        authors=_authors(content.get("authors")),
        ids=(id_, *fields.ids_of((content.get("doi"), content.get("arxiv"), content.get("arxiv_id")))),
        published=_day(told, _PUBLISHED),
        updated=_day(told, _UPDATED),
        categories=fields.texts([_first(content, _AREAS)]),
        keywords=fields.texts(content.get("keywords"), ";,"),
        venue=fields.text(content.get("venue")),
        links=fields.links_of(_links(content, id_), abstract),
        summary=_first(content, _TLDR),
        licence=fields.text(told.get("license")),
        withdrawn=venue_id(told).endswith(_WITHDRAWN),
        deleted=fields.count(told.get("ddate")) is not None,
        observed=observed,
    )


def venue_id(told: object) -> str:
    """Give where a note stands, such as ``ICLR.cc/2024/Conference/Rejected_Submission``; empty when it is silent."""
    return fields.text(_content(fields.mapping(told)).get("venueid"))


def stands_outside(venue: str) -> bool:
    """Tell whether a venue's id names the place of what is not, or not yet, accepted there."""
    return _OUTSIDE.fullmatch(venue) is not None


def is_accepted(told: object) -> bool:
    """Tell whether a submission became a paper of its venue.

    In API 1 those that were rejected bear the same ``venueid``; there ``venue`` says ``Submitted to ICLR 2023``.
    """
    venue = fields.text(_content(fields.mapping(told)).get("venue"))
    return not stands_outside(venue_id(told)) and not _NOT_ACCEPTED.search(venue)


def _content(told: Mapping[str, object]) -> Mapping[str, object]:
    content = fields.mapping(told.get("content"))
    return {key: value.get("value") if isinstance(value, dict) else value for key, value in content.items()}


def _first(content: Mapping[str, object], keys: tuple[str, ...]) -> str:
    return next((found for key in keys if (found := fields.text(content.get(key)))), "")


def _authors(value: object) -> tuple[Author, ...]:
    if not isinstance(value, list):
        return names.split(value) if isinstance(value, str) else ()
    spoken = (one if isinstance(one, str) else fields.text(fields.mapping(one).get("fullname")) for one in value)
    return names.listed([name for name in spoken if name])


def _day(told: Mapping[str, object], keys: tuple[str, ...]) -> str:
    """Write the first moment that is given, milliseconds since 1970, as a day."""
    for key in keys:
        milliseconds = fields.count(told.get(key))
        if milliseconds:
            try:
                return fields.iso(datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat())
            except (ValueError, OverflowError, OSError):
                continue
    return ""


def _links(content: Mapping[str, object], own: ExternalId) -> Iterator[tuple[str, str]]:
    yield "page", f"{_SITE}/forum?id={own.value}"
    pdf = fields.text(content.get("pdf"))
    yield "pdf", f"{_SITE}{pdf}" if pdf.startswith("/") else pdf
    for key, kind in _GIVEN_LINKS:
        yield kind, fields.text(content.get(key))
