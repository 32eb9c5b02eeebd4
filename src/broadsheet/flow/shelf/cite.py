"""Cite a paper: its BibTeX entry."""

import re
import unicodedata

from broadsheet.model.paper import Paper
from broadsheet.model.record import Author
from broadsheet.model.text import plain

_MATHS = re.compile(r"(?<!\\)\$(?![\s$])((?:[^$\\]|\\.)+)(?<!\s)\$(?!\d)")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|letters|review|annals|bulletin|society|academy|magazine|nature|science|jmlr|tmlr|tacl)\b",
    re.IGNORECASE,
)
_SMALL = re.compile(
    "an?|and|are|as|at|by|can|do|does|for|from|how|in|into|is|its?|of|on|or|the|to|towards?|via|we|what|when|where|which"
    "|who|why|with"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def bibtex(paper: Paper) -> str:
    """Write ``paper`` as one BibTeX entry in UTF-8, ending with a line feed.

    The key is first author's family name, year and first telling word of the title, in ASCII. Formulas stay TeX when
    their braces balance; everything else is plain text with BibTeX's special characters escaped, so no title can end
    its field early. Format: the BibTeX manual (Patashnik, 1988) and arXiv's eprint fields.
    """
    kind, fields = _kind(paper), _fields(paper)
    lines = [f"  {name} = {value}," for name, value in fields if value]
    return "\n".join([f"@{kind}{{{_key(paper)},", *lines, "}"]) + "\n"


def _kind(paper: Paper) -> str:
    if not paper.venue:
        return "misc"
    return "article" if _JOURNAL.search(paper.venue) else "inproceedings"


def _fields(paper: Paper) -> list[tuple[str, str]]:
    ids = {i.scheme: i.value for i in reversed(paper.ids)}
    month = int(paper.published[5:7]) if re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])(?:[-T].*)?", paper.published) else 0
    place = {"article": "journal", "inproceedings": "booktitle"}.get(_kind(paper), "howpublished")
    arxiv = ids.get("arxiv", "")
    subject = next((c for c in paper.categories if re.fullmatch(r"[A-Za-z-]+(?:\.[A-Za-z-]+)?", c)), "")
    return [
        ("title", f"{{{_braced(_escaped(paper.title))}}}" if paper.title else ""),
        ("author", _braced(" and ".join(_name(author) for author in paper.authors)) if paper.authors else ""),
        ("year", _braced(str(paper.year)) if paper.year else ""),
        ("month", _MONTHS[month - 1] if month else ""),
        (place, _braced(_escaped(paper.venue)) if paper.venue else ""),
        ("eprint", _braced(arxiv) if arxiv else ""),
        ("archiveprefix", "{arXiv}" if arxiv else ""),
        ("primaryclass", _braced(subject) if arxiv and subject else ""),
        ("doi", _braced(_verbatim(ids["doi"])) if "doi" in ids else ""),
        ("url", _braced(_verbatim(url)) if (url := _url(ids)) else ""),
    ]


def _url(ids: dict[str, str]) -> str:
    if "acl" in ids:
        return f"https://aclanthology.org/{ids['acl']}"
    if "openreview" in ids and "arxiv" not in ids:
        return f"https://openreview.net/forum?id={ids['openreview']}"
    return f"https://arxiv.org/abs/{ids['arxiv']}" if "arxiv" in ids else ids.get("url", "")


def _key(paper: Paper) -> str:
    name = plain(paper.authors[0].name) if paper.authors else ""
    family = name.partition(",")[0] if "," in name else name.rpartition(" ")[2]
    words = (_ascii(word) for word in re.split(r"[^\w']+", plain(paper.title)))
    telling = next((word for word in words if word and not _SMALL.fullmatch(word)), "")
    return f"{_ascii(family)}{paper.year or ''}{telling}" or "paper"


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", folded)[:40]


def _name(author: Author) -> str:
    """Write one name; one that BibTeX would take apart (an "and", several commas) is held together by braces."""
    name = _escaped(author.name)
    return _braced(name) if re.search(r"\band\b", name, re.IGNORECASE) or name.count(",") > 1 else name


def _escaped(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _MATHS.finditer(text):
        if _balanced(match[1]):
            pieces += [_words(text[end : match.start()]), match[0]]
            end = match.end()
    return "".join([*pieces, _words(text[end:])])


def _words(text: str) -> str:
    body = plain(text.strip())
    lead = text[: len(text) - len(text.lstrip())]
    trail = text[len(text.rstrip()) :] if body else ""
    return "".join(_SPECIAL.get(mark, mark) for mark in f"{lead}{body}{trail}")


def _verbatim(text: str) -> str:
    """Percent-encode what would end the field or start a comment; doi and url fields take the rest as it is."""
    return "".join(f"%{ord(mark):02X}" if mark in "{}\\" or mark.isspace() else mark for mark in text)


def _balanced(text: str) -> bool:
    depth = 0
    for mark in text:
        depth += (mark == "{") - (mark == "}")
        if depth < 0:
            return False
    return depth == 0


def _braced(text: str) -> str:
    return f"{{{text}}}"
