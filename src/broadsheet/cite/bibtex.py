"""Cite papers in BibTeX and BibLaTeX."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count

from broadsheet.cite.facts import date_of, ids_of, subject_of, url_of, work_of
from broadsheet.cite.names import name_of
from broadsheet.cite.tex import braced, escaped, verbatim
from broadsheet.model.paper import Paper
from broadsheet.model.record import Author
from broadsheet.model.text import plain

_SMALL = re.compile(
    "an?|and|are|as|at|by|can|do|does|for|from|how|in|into|is|its?|of|on|or|the|to|towards?|via|we|what|when|where|which"
    "|who|why|with"
)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def bibtex(paper: Paper, *, key: str = "") -> str:
    """Write ``paper`` as one BibTeX entry in UTF-8, ending with a line feed.

    The key, unless one is given, is first author's family name, year and first telling word of the title, in ASCII.
    Formulas stay TeX when their braces balance; everything else is plain text with BibTeX's special characters escaped,
    so no title can end its field early. Format: the BibTeX manual (Patashnik, 1988) and arXiv's eprint fields.
    """
    return _entry(work_of(paper), key or key_of(paper), _fields(paper))


def biblatex(paper: Paper, *, key: str = "") -> str:
    """Write ``paper`` as one entry for BibLaTeX, escaped as ``bibtex`` does (biblatex manual, sections 2.1 and 2.2)."""
    work = work_of(paper)
    kind = "online" if work == "misc" and url_of(ids_of(paper)) else work
    return _entry(kind, key or key_of(paper), _latex_fields(paper))


def bibtex_list(papers: Iterable[Paper]) -> str:
    """Write one BibTeX file, in which no two entries have the same key."""
    return "\n".join(bibtex(paper, key=key) for paper, key in _keyed(papers))


def biblatex_list(papers: Iterable[Paper]) -> str:
    """Write one BibLaTeX file, in which no two entries have the same key."""
    return "\n".join(biblatex(paper, key=key) for paper, key in _keyed(papers))


def key_of(paper: Paper) -> str:
    """Make the key of a paper: ``garcia2026folding``."""
    name = plain(paper.authors[0].name) if paper.authors else ""
    family = name.partition(",")[0] if "," in name else name.rpartition(" ")[2]
    words = (_ascii(word) for word in re.split(r"[^\w']+", plain(paper.title)))
    telling = next((word for word in words if word and not _SMALL.fullmatch(word)), "")
    return f"{_ascii(family)}{paper.year or ''}{telling}" or "paper"


def _keyed(papers: Iterable[Paper]) -> Iterator[tuple[Paper, str]]:
    known: set[str] = set()
    for paper in papers:
        base = key_of(paper)
        numbered = (f"{base}-{number}" if number > 1 else base for number in count(1))
        key = next(key for key in numbered if key not in known)
        known.add(key)
        yield paper, key


def _entry(kind: str, key: str, fields: list[tuple[str, str]]) -> str:
    lines = [f"  {name} = {value}," for name, value in fields if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]) + "\n"


def _fields(paper: Paper) -> list[tuple[str, str]]:
    ids, month = ids_of(paper), date_of(paper)[1:2]
    place = {"article": "journal", "inproceedings": "booktitle"}.get(work_of(paper), "howpublished")
    arxiv = ids.get("arxiv", "")
    return [
        ("title", _title(paper)),
        ("author", _authors(paper)),
        ("year", braced(str(paper.year)) if paper.year else ""),
        ("month", _MONTHS[month[0] - 1] if month else ""),
        (place, braced(escaped(paper.venue)) if paper.venue else ""),
        ("eprint", braced(arxiv) if arxiv else ""),
        ("archiveprefix", "{arXiv}" if arxiv else ""),
        ("primaryclass", braced(subject_of(paper)) if arxiv and subject_of(paper) else ""),
        ("doi", braced(verbatim(ids["doi"])) if "doi" in ids else ""),
        ("url", braced(verbatim(url)) if (url := url_of(ids)) else ""),
    ]


def _latex_fields(paper: Paper) -> list[tuple[str, str]]:
    ids, parts = ids_of(paper), date_of(paper)
    place = {"article": "journaltitle", "inproceedings": "booktitle"}.get(work_of(paper), "howpublished")
    arxiv = ids.get("arxiv", "")
    return [
        ("title", _title(paper)),
        ("author", _authors(paper)),
        ("date", braced("-".join(f"{part:02}" for part in parts)) if parts else ""),
        (place, braced(escaped(paper.venue)) if paper.venue else ""),
        ("eprint", braced(arxiv) if arxiv else ""),
        ("eprinttype", "{arxiv}" if arxiv else ""),
        ("eprintclass", braced(subject_of(paper)) if arxiv and subject_of(paper) else ""),
        ("doi", braced(verbatim(ids["doi"])) if "doi" in ids else ""),
        ("url", braced(verbatim(url)) if (url := url_of(ids)) else ""),
    ]


def _title(paper: Paper) -> str:
    return braced(braced(escaped(paper.title))) if paper.title else ""


def _authors(paper: Paper) -> str:
    return braced(" and ".join(_name(author) for author in paper.authors)) if paper.authors else ""


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", folded)[:40]


def _name(author: Author) -> str:
    """Write one name as BibTeX takes it apart again; what it would not, such as a collaboration's, braces hold."""
    parted = name_of(author.name)
    if parted.suffix and parted.given and not _AND.search(author.name):
        return f"{escaped(parted.last)}, {escaped(parted.suffix)}, {escaped(parted.given)}"
    name = escaped(author.name)
    is_whole = not parted.given and len(parted.family.split()) > 1
    return braced(name) if is_whole or _AND.search(author.name) or name.count(",") > 1 else name
