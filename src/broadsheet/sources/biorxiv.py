"""bioRxiv and medRxiv as their API tells them (https://api.biorxiv.org/): ``{messages[], collection[]}``.

Every version of a preprint is an item of its own, with the day that version was posted; ``published`` is the DOI of the
journal's article, ``NA`` until there is one.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.ids import doi
from broadsheet.model.record import Author, Problem, Record, Version
from broadsheet.sources import fields, names
from broadsheet.sources.json_values import values
from broadsheet.sources.streams import MAX_RECORD, problem, too_large

SERVERS = ("biorxiv", "medrxiv")
# An answer holds a hundred preprints at most, some 400 kB.
_MAX_ANSWER = 1 << 24
_MOST_AUTHORS = 50_000
# Papers are written on withdrawn drugs, too: the notice is in capitals or ends in a colon.
_WITHDRAWN = re.compile(r"\W*(?:WITHDRAWN\b|[Ww]ithdrawn\s*:)[\s:.\-–]*")
_NOTICE = re.compile(r"\b(?:have|has) (?:\w+ )?withdrawn (?:this|their|the)\b", re.IGNORECASE)
_NOTICE_WITHIN = 200


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read the items of answers, or items that stand alone; the server is the one they name, else bioRxiv."""
    for found in values(stream, source=SERVERS[0], name=name, cap=_MAX_ANSWER):
        if isinstance(found, Problem):
            yield found
            continue
        where, value = found
        items = value.get("collection") if isinstance(value, dict) and "collection" in value else [value]
        for number, item in enumerate(items if isinstance(items, list) else [items], 1):
            yield record(item, where=f"{where} item {number}", observed=observed)


def record(told: object, *, where: str, server: str = SERVERS[0], observed: datetime | None = None) -> Record | Problem:
    """Make a record of one item; ``server`` is whose it is where the item does not say so."""
    if not isinstance(told, dict):
        return problem(server, where, "not-an-object", "A preprint is a JSON object.", str(told))
    source = fields.text(told.get("server")).lower()
    source = source if source in SERVERS else server
    title, abstract = fields.text(told.get("title")), fields.text(told.get("abstract"))
    if not title:
        return problem(source, where, "no-title", "The preprint has no title.", str(told))
    if len(title) + len(abstract) > MAX_RECORD:
        return too_large(source, where, title)
    own = doi(fields.text(told.get("doi")))
    if own is None:
        return problem(source, where, "no-id", "The preprint has no DOI.", str(told))
    version, posted = fields.count(fields.text(told.get("version"))) or 0, fields.iso(told.get("date"))
    return Record(
        source=source,
        key=fields.own_key(own.value),
        version=version,
        title=_WITHDRAWN.sub("", title, count=1) or title if _WITHDRAWN.match(title) else title,
        abstract=abstract,
        authors=_authors(told.get("authors")),
        ids=tuple(dict.fromkeys((own, *fields.dois(fields.text(told.get("published")))))),
        # Only of the first version is the day on which the preprint appeared.
        published=posted if version <= 1 else "",
        updated=posted if version > 1 else "",
        categories=fields.texts(told.get("category")),
        organisations=fields.texts([told.get("author_corresponding_institution")]),
        links=fields.links_of(_links(source, own.value, version, told), abstract),
        licence=fields.text(told.get("license")),
        versions=(Version(version, posted),) if version else (),
        withdrawn=_is_withdrawn(fields.text(told.get("type")), title, abstract),
        observed=observed,
    )


def _authors(value: object) -> tuple[Author, ...]:
    """Read ``Lee, A.; van Chen, B. C.``: what stands between semicolons is one person, however many commas it has."""
    if not isinstance(value, str):
        return ()
    return tuple(found for one in value.split(";")[:_MOST_AUTHORS] if (found := names.author(one)))


def _links(source: str, own: str, version: int, told: dict[str, object]) -> Iterator[tuple[str, str]]:
    page = f"https://www.{source}.org/content/{own}{f'v{version}' if version else ''}"
    yield "page", page
    yield "pdf", f"{page}.full.pdf"
    yield "other", fields.text(told.get("jatsxml"))


def _is_withdrawn(kind: str, title: str, abstract: str) -> bool:
    return bool(
        "withdrawn" in kind.lower()
        or _WITHDRAWN.match(title)
        or _WITHDRAWN.match(abstract)
        or _NOTICE.search(abstract, 0, _NOTICE_WITHIN)
        or fields.is_withdrawn(abstract)
    )
