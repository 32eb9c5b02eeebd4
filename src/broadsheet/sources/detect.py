"""Which format is this? By content first, by name second; then the format's parser reads it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO, Protocol

from broadsheet.errors import Invalid
from broadsheet.model.record import MAX_RAW, Problem, Record
from broadsheet.sources import (
    acl,
    atom,
    bibtex,
    biorxiv,
    csl,
    csv_table,
    feed,
    hf,
    jsonl,
    oai,
    openreview,
    ris,
    saved_page,
)
from broadsheet.sources.envelope import Envelope
from broadsheet.sources.streams import MAX_BYTES, Opened, problem, utf8

Told = Record | Problem | Envelope


class Parser(Protocol):
    """Reads one format; never raises for bad bytes."""

    def __call__(self, stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Told]:
        """Give records, problems and envelopes as they come."""


FORMATS: dict[str, Parser] = {
    "acl": acl.parse,
    "atom": atom.parse,
    "bibtex": bibtex.parse,
    "biorxiv": biorxiv.parse,
    "csl": csl.parse,
    "csv": csv_table.parse,
    "feed": feed.parse,
    "hf": hf.parse,
    "jsonl": jsonl.parse,
    "oai": oai.parse,
    "openreview": openreview.parse,
    "ris": ris.parse,
    "saved-page": saved_page.parse,
}

_HEAD = 1 << 14
_XML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_XML_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_XML_ROOTS = {
    "OAI-PMH": "oai", "feed": "feed", "rss": "feed", "RDF": "feed", "collection": "acl", "html": "html", "HTML": "html",
}  # fmt: skip
# What must be there too: library catalogues (MARC) come in collections, and anything at all in RDF.
_XML_MARKS = {"collection": re.compile("<volume"), "RDF": re.compile(r"purl\.org/rss/1\.0|<(?:\w+:)?item[\s>]")}
# The query API of arXiv's and its own feed of announcements are both Atom.
_ARXIV_QUERY = re.compile(r"<id>\s*https?://(?:[a-z]+\.)?arxiv\.org/(?:abs|api)/", re.IGNORECASE)
_HF_MARKS = re.compile(
    r'"(?:paper"\s*:\s*(?:\{|null)|items"\s*:\s*\[|publishedAt"|submittedOnDailyAt"|snapshot_at"|numComments"|discussionId")'
    r"|^\s*\[\s*\"\{'paper'"
)
_BIORXIV_MARKS = re.compile(r'"(?:jatsxml|author_corresponding(?:_institution)?|count_new_papers)"\s*:')
_OPENREVIEW_MARKS = re.compile(r'"(?:venueid|paperhash|tcdate|tmdate)"\s*:|^\s*\{\s*"notes"\s*:\s*\[')
_CSL_MARKS = re.compile(r'"(?:issued|container-title|date-parts|family|message-type)"\s*:')
_FEED_MARKS = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org')
_JSON_MARKS = {
    "feed": _FEED_MARKS,
    "biorxiv": _BIORXIV_MARKS,
    "openreview": _OPENREVIEW_MARKS,
    "csl": _CSL_MARKS,
    "hf": _HF_MARKS,
}
_TITLE_KEY = re.compile(r'"(?:title|text|_id|id)"\s*:')
_BIBTEX = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_RIS = re.compile(r"^[ \t]*TY  ?-", re.MULTILINE)
_SAVED = re.compile(rf"{saved_page.BANNER}|^[ \t]*• \d+ authors?[ \t\r]*$", re.MULTILINE)
_CSV_HEADER = re.compile(r"(?:[^\n]*[,;\t|])? *\"?title\"? *(?:[,;\t|][^\n]*)?\r?\n", re.IGNORECASE)
_ENDINGS = {
    ".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".json": "jsonl", ".xml": "not-xml",
}  # fmt: skip
_PACKED = re.compile(r"\.(?:gz|bz2|xz)\Z", re.IGNORECASE)
# What a file is when it is nothing to read: the kind of the problem, and its message.
_REFUSED = {
    "empty": ("empty", "The file is empty."),
    "html": ("html", "This is an HTML page, not data."),
    "not-xml": ("malformed", "The name says XML, but this is none."),
    "other-json": ("unknown-format", "This is JSON, but nothing in its beginning tells of a paper."),
    "other-xml": ("unknown-format", "This is XML, but of none of the formats that are read."),
    "unknown": ("unknown-format", "No known format. Name one with the format option if you know it."),
}


def detect(head: bytes, name: str) -> str:
    """Name the format of a file by its first bytes (decompressed), else by its name.

    Gives a key of FORMATS; or ``empty``, ``html``, ``not-xml``, ``other-json``, ``other-xml`` or ``unknown``.
    """
    text = head.decode("utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")
    text = text.removeprefix("\ufeff").lstrip()
    if not text:
        return "empty"
    checks: tuple[Callable[[str], str], ...] = (_as_xml, _as_json, _as_text)
    found = next((form for check in checks if (form := check(text))), "")
    return found or _by_name(name)


def _as_xml(text: str) -> str:
    if not text.startswith("<"):
        return ""
    if text[:9].lower() == "<!doctype" and text[9:].lstrip()[:4].lower() == "html":
        return "html"
    root = _XML_ROOT.search(_XML_COMMENT.sub("", text))
    name = root[1] if root else ""
    if name == "feed" and _ARXIV_QUERY.search(text):
        return "atom"
    marks = _XML_MARKS.get(name)
    return _XML_ROOTS.get(name, "other-xml") if marks is None or marks.search(text) else "other-xml"


def _as_json(text: str) -> str:
    if text[0] not in "[{":
        return ""
    found = next((form for form, marks in _JSON_MARKS.items() if marks.search(text)), "")
    if found:
        return found
    return "jsonl" if _TITLE_KEY.search(text) else "other-json"


def _as_text(text: str) -> str:
    if _SAVED.search(text):
        return "saved-page"
    if _BIBTEX.search(text):
        return "bibtex"
    if _RIS.search(text):
        return "ris"
    return "csv" if _CSV_HEADER.match(text) else ""


def _by_name(name: str) -> str:
    ending = re.search(r"\.[a-z]+\Z", _PACKED.sub("", name).lower())
    return _ENDINGS.get(ending[0], "unknown") if ending else "unknown"


def read(
    stream: BinaryIO,
    *,
    name: str,
    observed: datetime | None = None,
    format: str | None = None,  # noqa: A002 - the word a caller would use
    max_bytes: int = MAX_BYTES,
) -> Iterator[Told]:
    """Read whatever a file holds, decompressed if need be (gzip, bzip2, xz), at most ``max_bytes`` of it.

    ``observed`` is when the source said it, where the file does not say so itself. Bad bytes are problems, never
    errors. Raises Invalid for a ``format`` that is not in FORMATS.
    """
    if format is not None and format not in FORMATS:
        raise Invalid(f"Unknown format {format!r}. Known formats: {', '.join(FORMATS)}.", field="format")
    return _read(stream, name, observed, format, max_bytes)


def _read(stream: BinaryIO, name: str, observed: datetime | None, chosen: str | None, max_bytes: int) -> Iterator[Told]:
    opened = Opened(stream, max_bytes=max_bytes)
    head = opened.head(_HEAD)
    found = chosen or detect(head, name)
    parser = FORMATS.get(found)
    if parser is not None:
        yield from parser(utf8(opened.as_binary(), head), name=name, observed=observed)
    elif not opened.problem:
        yield problem("unknown", name, *_REFUSED[found], head[:MAX_RAW].decode("utf-8", "replace"))
    if opened.problem:
        yield problem(found if parser else "unknown", name, *opened.problem)
