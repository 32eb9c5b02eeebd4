"""RIS files, as reference managers and publishers export them (en.wikipedia.org/wiki/RIS_(file_format))."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.ids import ExternalId
from broadsheet.model.links import page_id
from broadsheet.model.record import Problem, Record
from broadsheet.sources import fields, names
from broadsheet.sources.streams import MAX_RECORD, problem, text_lines, too_large

SOURCE = "ris"
_LINE = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*)|)")
_TITLES = ("TI", "T1", "CT", "BT")
_VENUES = ("T2", "JO", "JF", "JA", "J2", "BT", "C3", "PB")
_AUTHORS = ("AU", "A1")

Told = Mapping[str, list[str]]


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read references from ``TY`` to ``ER``; without ``ER`` one is a problem, and a record too if another follows."""
    for found in _references(stream, name):
        yield found if isinstance(found, Problem) else _record(found[1], found[0], observed)


def _references(stream: BinaryIO, name: str) -> Iterator[tuple[str, Told] | Problem]:
    reference = _Reference(name)
    for found in text_lines(stream, source=SOURCE, name=name):
        if isinstance(found, Problem):
            yield found
            continue
        number, line = found
        match = _LINE.fullmatch(line.strip())
        tag, value = (match[1], match[2] or "") if match else ("", line)
        if tag == "TY":
            yield from reference.unended("no-end", "The reference has no ER line.", whole=True)
            reference.start(number)
        elif tag == "ER":
            yield from reference.ended()
        else:
            reference.add(tag, value.strip())
    yield from reference.unended("truncated", "The file ends inside a reference.", whole=False)


class _Reference:
    """The reference in hand."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._where = ""
        self._told: dict[str, list[str]] = {}
        self._last = ""
        self._size = 0

    def start(self, number: int) -> None:
        self._where = f"{self._name}:{number}"
        self._told, self._last, self._size = {}, "", 0

    def add(self, tag: str, value: str) -> None:
        if not self._where or not value:
            return
        self._size += len(value)
        if self._size > MAX_RECORD:
            self._told = {}
        elif tag:
            self._last = tag
            self._told.setdefault(tag, []).append(value)
        elif self._last in self._told:
            self._told[self._last].append(value)

    def ended(self) -> Iterator[tuple[str, Told] | Problem]:
        if self._where:
            where, self._where = self._where, ""
            yield (where, self._told) if self._size <= MAX_RECORD else too_large(SOURCE, where)

    def unended(self, kind: str, message: str, *, whole: bool) -> Iterator[tuple[str, Told] | Problem]:
        if self._where:
            yield problem(SOURCE, self._where, kind, message, str(self._told)[:MAX_RECORD])
            if whole:
                yield from self.ended()


def _first(told: Told, *tags: str) -> str:
    return next((found for tag in tags if tag in told and (found := fields.text(told[tag][0]))), "")


def _whole(told: Told, *tags: str) -> str:
    """Join the lines of the first tag that is there: long texts go on over untagged lines."""
    return next((found for tag in tags if tag in told and (found := fields.text(" ".join(told[tag])))), "")


def _record(told: Told, where: str, observed: datetime | None) -> Record | Problem:
    title, abstract = _whole(told, *_TITLES), _whole(told, "AB", "N2")
    if not title:
        return problem(SOURCE, where, "no-title", "The reference has no title.", str(told))
    authors = tuple(who for tag in _AUTHORS for one in told.get(tag, ()) if (who := names.author(one)))
    ids = _ids(told)
    return Record(
        source=SOURCE,
        key=fields.key_for(ids, title, authors),
        title=title,
        abstract=abstract,
        authors=authors,
        ids=ids,
        published=next((date for tag in ("DA", "PY", "Y1") if (date := fields.iso(_date(_first(told, tag))))), ""),
        keywords=tuple(dict.fromkeys(word for one in told.get("KW", ()) for word in fields.texts(one, ";,"))),
        venue=next((found for tag in _VENUES if (found := _first(told, tag)) and found != title), ""),
        links=fields.links_of(_links(told), abstract),
        comment=_whole(told, "N1"),
        withdrawn=fields.is_withdrawn(abstract),
        observed=observed,
    )


def _date(text: str) -> str:
    """Leave out the free text after the third slash of ``2018/05/12/spring``, and empty parts."""
    return "/".join(part for part in text.split("/")[:3] if part)


def _ids(told: Told) -> tuple[ExternalId, ...]:
    found = [one for value in told.get("DO", ()) for one in fields.dois(value)]
    pages = (page for tag in ("UR", "ID", "AN") for value in told.get(tag, ()) if (page := _page(tag, value)))
    return tuple(dict.fromkeys((*found, *pages)))


def _page(tag: str, value: str) -> ExternalId | None:
    if tag == "UR":
        return page_id(value)
    return next(iter(fields.ids_of([value])), None)


def _links(told: Told) -> Iterator[tuple[str, str]]:
    for tag, kind in (("UR", "page"), ("L1", "pdf"), ("L2", "page")):
        for url in told.get(tag, ()):
            yield kind, url
