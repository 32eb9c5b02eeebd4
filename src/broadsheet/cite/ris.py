"""Cite papers in RIS, which every reference manager reads (en.wikipedia.org/wiki/RIS_(file_format))."""

from collections.abc import Iterable, Iterator

from broadsheet.cite.facts import date_of, ids_of, line, url_of, work_of
from broadsheet.cite.names import name_of
from broadsheet.model.paper import Paper

_TYPES = {"article": "JOUR", "inproceedings": "CPAPER", "misc": "UNPB"}


def ris(paper: Paper) -> str:
    """Write ``paper`` as one reference from ``TY`` to ``ER``; each value is one line, so no text can end it early."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in (*_told(paper), ("ER", "")))


def ris_list(papers: Iterable[Paper]) -> str:
    """Write one RIS file."""
    return "\r\n".join(map(ris, papers))


def _told(paper: Paper) -> Iterator[tuple[str, str]]:
    work, ids, parts = work_of(paper), ids_of(paper), date_of(paper)
    # A preprint without a venue is still one that is published somewhere.
    yield "TY", "GEN" if work == "misc" and not url_of(ids) else _TYPES[work]
    venue = "JO" if work == "article" else "T2"
    facts = [
        ("TI", line(paper.title)),
        *(("AU", _name(author.name)) for author in paper.authors),
        ("PY", f"{parts[0]:04}" if parts else ""),
        ("DA", "/".join(f"{part:02}" for part in parts)),
        (venue, line(paper.venue)),
        ("AB", line(paper.abstract)),
        *(("KW", line(keyword)) for keyword in paper.keywords),
        ("DO", line(ids.get("doi", ""))),
        ("AN", f"arXiv:{ids['arxiv']}" if "arxiv" in ids else ""),
        ("UR", line(url_of(ids))),
    ]
    yield from ((tag, value) for tag, value in facts if value)


def _name(name: str) -> str:
    parted = name_of(name)
    return ", ".join(filter(None, (parted.last, parted.given, parted.suffix)))
