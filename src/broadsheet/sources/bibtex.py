"""BibTeX and BibLaTeX files (ctan.org/pkg/bibtex), as papers' sites and reference managers export them."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.ids import ExternalId, arxiv_id
from broadsheet.model.links import page_id
from broadsheet.model.record import Author, Problem, Record
from broadsheet.model.tex import plain
from broadsheet.model.text import clean
from broadsheet.sources import fields, names
from broadsheet.sources.bibtex_entries import Entry, entries
from broadsheet.sources.streams import problem

SOURCE = "bibtex"
_AND_OR_BRACE = re.compile(r"[{}]|\sand(?=\s)", re.IGNORECASE)
_MATH = re.compile(r"((?<!\\)\$[^$]*\$)")
_VENUES = ("booktitle", "journal", "journaltitle", "venue", "series", "school", "institution")
_DATES = ("year", "date")
_OTHERS = frozenset({"others", "et al", "et al."})
_MAX_AUTHORS = 50_000


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read entries; one that does not close is a problem (``bad-entry``, ``truncated``) and the next follows."""
    for found in entries(stream, source=SOURCE, name=name):
        yield found if isinstance(found, Problem) else record(found, observed)


def record(entry: Entry, observed: datetime | None = None) -> Record | Problem:
    """Make a record of one entry; one without a title is a problem."""
    told = entry.fields
    title = _titled(told.get("title", ""))
    if not title:
        return problem(SOURCE, entry.where, "no-title", "The entry has no title.", entry.raw)
    abstract = _titled(told.get("abstract", ""))
    authors = _authors(told.get("author", ""))
    ids = _ids(told)
    comment = _read(told, "note", "annote", "howpublished")
    return Record(
        source=SOURCE,
        key=fields.key_for(ids, title, authors),
        title=title,
        abstract=abstract,
        authors=authors,
        ids=ids,
        published=_published(told),
        keywords=fields.texts(_read(told, "keywords", "keyword"), ";,"),
        categories=fields.texts(_read(told, "primaryclass"), " "),
        venue=_read(told, *_VENUES),
        links=fields.links_of(_links(told), abstract),
        comment=comment,
        withdrawn=fields.is_withdrawn(abstract, comment),
        observed=observed,
    )


def _titled(value: str) -> str:
    """Read TeX accents and case-keeping braces, but leave mathematics as it is for display."""
    if "$" not in value:
        return clean(plain(value))
    return clean("".join(piece if piece[:1] == "$" else _spaced(piece) for piece in _MATH.split(value)))


def _spaced(piece: str) -> str:
    read = plain(piece)
    return f"{' ' * piece[:1].isspace()}{read}{' ' * piece[-1:].isspace()}"


def _read(told: Mapping[str, str], *keys: str) -> str:
    return next((found for key in keys if (value := told.get(key)) and (found := clean(plain(value)))), "")


def _published(told: Mapping[str, str]) -> str:
    if found := fields.iso(_read(told, "date")):
        return found
    return fields.year_month(_read(told, "year"), _read(told, "month"))


def _authors(value: str) -> tuple[Author, ...]:
    people = [one for one in _split_and(value)[:_MAX_AUTHORS] if one.lower() not in _OTHERS]
    return tuple(found for one in people if (found := _author(one)))


def _author(name: str) -> Author | None:
    # {The ATLAS Collaboration}: braces keep an organisation's name in its order.
    if name.startswith("{") and name.endswith("}") and "{" not in name[1:]:
        whole = clean(plain(name))
        return Author(whole) if whole else None
    return names.author(name)


def _split_and(value: str) -> list[str]:
    """Split at the ``and`` between people, not inside braces."""
    parts, depth, start = [], 0, 0
    for token in _AND_OR_BRACE.finditer(value):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            depth -= 1
        elif depth <= 0:
            parts.append(value[start : token.start()])
            start = token.end()
    return [part.strip() for part in (*parts, value[start:]) if part.strip()]


def _ids(told: Mapping[str, str]) -> tuple[ExternalId, ...]:
    found: list[ExternalId] = []
    kind = (told.get("archiveprefix") or told.get("eprinttype") or "arxiv").lower()
    eprint = arxiv_id(told.get("eprint", "")) if kind == "arxiv" else None
    if eprint:
        found.append(eprint[0])
    found.extend(fields.dois(_address(told.get("doi", ""))))
    found.extend(fields.ids_of((told.get("arxivid"), told.get("openreview"))))
    page = page_id(_address(told.get("url", "")))
    return tuple(dict.fromkeys((*found, *((page,) if page else ()))))


def _address(value: str) -> str:
    return clean(value).replace("\\", "").strip("{}<>")


def _links(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, kind in (("url", "page"), ("pdf", "pdf"), ("code", "code"), ("github", "code"), ("software", "code")):
        if value := told.get(key):
            yield kind, _address(value)
