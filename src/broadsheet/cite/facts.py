"""What every style of citing asks of a paper: what kind of work it is, its ids, its address, its date, its names."""

import re
from typing import Literal

from broadsheet.model.paper import Paper
from broadsheet.model.text import plain

Work = Literal["article", "inproceedings", "misc"]

_JOURNAL = re.compile(
    r"\b(?:journal|transactions|letters|review|annals|bulletin|society|academy|magazine|nature|science|jmlr|tmlr|tacl)\b"
    # As arXiv's authors shorten them: "Phys. Rev. Lett. 120".
    r"|\b(?:j|trans|lett|rev|ann|bull|mag|acad)\.",
    re.IGNORECASE,
)
# Where preprints are put, which is neither; DBLP calls arXiv "CoRR".
_PREPRINTS = re.compile(
    r"(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|techrxiv|psyarxiv|ssrn|research square)\b.*|preprints?(?:\.org)?",
    re.IGNORECASE | re.DOTALL,
)
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:[T ].*)?)?)?", re.ASCII | re.DOTALL)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CATEGORY = re.compile(r"[A-Za-z-]+(?:\.[A-Za-z-]+)?")


def work_of(paper: Paper) -> Work:
    """Tell a journal's article from what stands in proceedings, by the venue's name; ``misc`` for preprints."""
    if not paper.venue or _PREPRINTS.fullmatch(paper.venue.strip()):
        return "misc"
    return "article" if _JOURNAL.search(paper.venue) else "inproceedings"


def ids_of(paper: Paper) -> dict[str, str]:
    """Give a paper's ids by scheme, the best of each."""
    return {i.scheme: i.value for i in reversed(paper.ids)}


def url_of(ids: dict[str, str]) -> str:
    """Give where a paper is at home, or an empty text."""
    if "acl" in ids:
        return f"https://aclanthology.org/{ids['acl']}"
    if "openreview" in ids and "arxiv" not in ids:
        return f"https://openreview.net/forum?id={ids['openreview']}"
    return f"https://arxiv.org/abs/{ids['arxiv']}" if "arxiv" in ids else ids.get("url", "")


def subject_of(paper: Paper) -> str:
    """Give the first category that is one of arXiv's, by its look."""
    return next((c for c in paper.categories if _CATEGORY.fullmatch(c)), "")


def date_of(paper: Paper) -> tuple[int, ...]:
    """Give year, month and day of publication, as many of them as are told; a date that cannot be gives its year."""
    found = _DATE.fullmatch(paper.published)
    if found is None:
        return (paper.year,) if paper.year else ()
    return tuple(int(part) for part in found.groups() if part)


def line(text: str) -> str:
    """Give a text as one line of plain words, without control characters."""
    return " ".join(_UNSEEN.sub(" ", plain(text)).split())
