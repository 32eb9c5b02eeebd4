"""What a formatted reference is made of: a paper's facts as words, and words that stand in italics."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.cite.facts import Work, date_of, ids_of, line, url_of, work_of
from broadsheet.cite.names import Name, name_of
from broadsheet.model.paper import Paper

# Marks around italics while a reference is put together; no text holds them, for they are control characters.
_ON, _OFF = "\x0e", "\x0f"
# A full stop, question or exclamation mark, in Latin or full width, perhaps before a closing quotation mark or bracket.
_ENDS = re.compile("[.?!\\u2026\\u3002\\uff1f\\uff01][\\u201d\\u2019\"')\\]]?$")
MONTHS = ("January February March April May June July August September October November December").split()
_SHORT = ("Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.").split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A paper as references tell it; ``parts`` are year, month and day as far as they are known.

    The ``venue`` of a preprint is the server that has it.
    """

    work: Work
    names: tuple[Name, ...]
    title: str
    venue: str
    parts: tuple[int, ...]
    arxiv: str
    doi: str
    url: str

    @property
    def year(self) -> str:
        """Give the year, or an empty text."""
        return str(self.parts[0]) if self.parts else ""

    @property
    def home(self) -> str:
        """Give where it is found: its DOI as an address, else its own."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    def short_date(self, *, with_day: bool = True) -> str:
        """Give the date as ``1 Mar. 2026``, as far as it is known."""
        year, month, day = (*self.parts, 0, 0, 0)[:3]
        return " ".join(
            filter(None, (str(day or "") if with_day else "", _SHORT[month - 1] if month else "", str(year or "")))
        )


def cited(paper: Paper) -> Cited:
    """Take from a paper what references tell."""
    ids, work = ids_of(paper), work_of(paper)
    return Cited(
        work=work,
        names=tuple(name_of(author.name) for author in paper.authors if line(author.name)),
        title=line(paper.title) or "Untitled",
        venue="arXiv" if work == "misc" and "arxiv" in ids else line(paper.venue),
        parts=date_of(paper),
        arxiv=ids.get("arxiv", ""),
        doi=line(ids.get("doi", "")),
        url=line(url_of(ids)),
    )


def italic(text: str) -> str:
    """Mark words to stand in italics."""
    return f"{_ON}{text}{_OFF}" if text else ""


def ended(text: str, mark: str = ".") -> str:
    """End a text with a mark, unless it ends with one that needs no other."""
    return text if not text or _ENDS.search(text.replace(_OFF, "")) else f"{text}{mark}"


def joined(*sentences: str) -> str:
    """Put those sentences together that there are."""
    return " ".join(filter(None, sentences))


def in_row(names: Sequence[str], last: str, two: str = "") -> str:
    """Put names in a row: ``a, b<last>c``, of two ``a<two>b``."""
    if len(names) == 2 and two:  # noqa: PLR2004 - just two
        return two.join(names)
    return f"{', '.join(names[:-1])}{last}{names[-1]}" if len(names) > 1 else "".join(names)


def spans(text: str) -> tuple[tuple[str, bool], ...]:
    """Give a reference piece by piece, each with whether it stands in italics."""
    pieces = re.split(f"({_ON}[^{_OFF}]*{_OFF})", text)
    return tuple((piece.strip(_ON + _OFF), piece.startswith(_ON)) for piece in pieces if piece)
