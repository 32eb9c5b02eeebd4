"""Formatted references in the styles that readers are asked for, from the rules of each; titles keep their capitals.

The rules: Publication Manual of the APA, 7th edition, chapters 9 and 10; MLA Handbook, 9th edition, chapter 5; Chicago
Manual of Style, 17th edition, chapter 15; IEEE Reference Guide, 2023; Citing Medicine (NLM), 2nd edition, for
Vancouver; Cite Them Right, 11th edition, for Harvard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from broadsheet.cite.cited import MONTHS, Cited, cited, ended, in_row, italic, joined, spans
from broadsheet.cite.names import Name
from broadsheet.errors import Invalid
from broadsheet.model.paper import Paper

_APA_MOST, _CHICAGO_MOST, _IEEE_MOST, _VANCOUVER_MOST, _HARVARD_MOST = 20, 10, 6, 6, 3
_ORDINALS = {"II": "2nd", "III": "3rd", "IV": "4th", "VI": "6th", "VII": "7th", "VIII": "8th"}
_OPEN, _CLOSE = "\u2018", "\u2019"


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its short name for addresses and commands, its name for readers, and who writes a reference in it."""

    key: str
    name: str
    write: Callable[[Cited], str]


def reference(paper: Paper, style: str) -> str:
    """Give the reference of a paper in a style as plain text; raises Invalid for a style that there is not."""
    return "".join(text for text, _ in reference_spans(paper, style))


def reference_spans(paper: Paper, style: str) -> tuple[tuple[str, bool], ...]:
    """Give the reference of a paper piece by piece, each with whether it stands in italics; raises as ``reference``."""
    found = next((each for each in STYLES if each.key == style), None)
    if found is None:
        raise Invalid(f"A style is one of {', '.join(each.key for each in STYLES)}.", field="style")
    return spans(found.write(cited(paper)))


def _apa(paper: Cited) -> str:
    names = [name.inverted(name.initials()) for name in paper.names]
    some = f"{', '.join(names[: _APA_MOST - 1])}, . . . {names[-1]}" if len(names) > _APA_MOST else ""
    who = some or in_row(names, ", & ")
    when = f"({paper.year or 'n.d.'})."
    if paper.work == "misc":
        number = f" (arXiv:{paper.arxiv})" if paper.arxiv else ""
        title = f"{italic(paper.title)}{number}." if number else ended(italic(paper.title))
        where = ended(paper.venue)
    else:
        title = ended(paper.title)
        where = ended(f"{'In ' if paper.work == 'inproceedings' else ''}{italic(paper.venue)}")
    return joined(*((ended(who), when, title) if who else (title, when)), where, paper.home)


def _mla(paper: Cited) -> str:
    who = _first_inverted(paper.names, most=2, first=1)
    rest = ", ".join(filter(None, (italic(paper.venue), paper.short_date(), paper.home)))
    return joined(ended(who), f"“{ended(paper.title)}”", f"{rest}." if rest else "")


def _chicago(paper: Cited) -> str:
    who = ended(_first_inverted(paper.names, most=_CHICAGO_MOST, first=7))
    when, title = ended(paper.year or "n.d."), f"“{ended(paper.title)}”"
    where = ended(f"{'In ' if paper.work == 'inproceedings' else ''}{italic(paper.venue)}") if paper.venue else ""
    if paper.work == "misc" and paper.arxiv:
        where = f"Preprint, submitted {date}." if (date := _long_date(paper.parts)) else "Preprint, arXiv."
    return joined(*((who, when, title) if who else (title, when)), where, f"{paper.home}." if paper.home else "")


def _ieee(paper: Cited) -> str:
    names = [name.straight(name.initials()) for name in paper.names]
    who = f"{names[0]} {italic('et al.')}" if len(names) > _IEEE_MOST else in_row(names, ", and ", " and ")
    title, date = f"“{ended(paper.title, ',')}”", paper.short_date(with_day=False) or "n.d."
    if paper.work == "misc" and paper.arxiv:
        return joined(who and f"{who},", title, f"{paper.year or 'n.d.'},", f"{italic(f'arXiv:{paper.arxiv}')}.")
    where = f"{'in ' if paper.work == 'inproceedings' else ''}{italic(paper.venue)}," if paper.venue else ""
    if paper.doi:
        return joined(who and f"{who},", title, where, f"{date}, doi: {paper.doi}.")
    return joined(
        who and f"{who},", title, where, ended(date), f"[Online]. Available: {paper.url}" if paper.url else ""
    )


def _vancouver(paper: Cited) -> str:
    names = [_close(name) for name in paper.names]
    who = ", ".join([*names[:_VANCOUVER_MOST], *(["et al"] if len(names) > _VANCOUVER_MOST else [])])
    year, month, day = (*paper.parts, 0, 0, 0)[:3]
    when = " ".join(filter(None, (str(year or ""), MONTHS[month - 1][:3] if month else "", str(day or ""))))
    when = when or "[date unknown]"
    if paper.work == "misc":
        title = f"{paper.title} [Preprint]." if paper.venue else ended(paper.title)
        where = "; ".join(filter(None, (f"arXiv:{paper.arxiv}" if paper.arxiv else paper.venue, f"{when}.")))
    else:
        title = ended(paper.title)
        where = f"In: {paper.venue}; {when}." if paper.work == "inproceedings" else f"{ended(paper.venue)} {when}."
    found = f"doi: {paper.doi}" if paper.doi else f"Available from: {paper.url}" if paper.url else ""
    return joined(ended(who), title, where, found)


def _close(name: Name) -> str:
    """Write a name without any marks: ``King ML Jr``, ``Smith J 3rd`` (Citing Medicine, chapter 1)."""
    suffix = name.suffix.rstrip(".")
    return " ".join(filter(None, (name.last, name.initials("", "")[:2], _ORDINALS.get(suffix, suffix))))


def _harvard(paper: Cited) -> str:
    # Initials stand close: ``J.M.``.
    names = [name.inverted(name.initials().replace(" ", "")) for name in paper.names]
    who = f"{names[0]} {italic('et al.')}" if len(names) > _HARVARD_MOST else in_row(names, " and ")
    when = f"({paper.year or 'no date'})"
    if paper.work == "misc":
        title, where = f"{_OPEN}{paper.title}{_CLOSE}.", ended(paper.venue)
    else:
        title = f"{_OPEN}{paper.title}{_CLOSE},"
        where = ended(f"{'in ' if paper.work == 'inproceedings' else ''}{italic(paper.venue)}")
    found = f"Available at: {paper.home}." if paper.home else ""
    return joined(*((who, when, title) if who else (title.rstrip(",."), f"{when}{title[-1]}")), where, found)


def _first_inverted(names: tuple[Name, ...], *, most: int, first: int) -> str:
    """Put names in a row of which the first begins with the family name; of more than ``most``, the ``first`` few."""
    told = [name.straight(name.given) if number else name.inverted(name.given) for number, name in enumerate(names)]
    if len(told) > most:
        return f"{', '.join(told[:first])}, et al."
    return in_row(told, ", and ")


def _long_date(parts: tuple[int, ...]) -> str:
    if not parts[1:]:
        return ""
    day = f" {parts[2]}," if parts[2:] else ""
    return f"{MONTHS[parts[1] - 1]}{day} {parts[0]}"


STYLES: Final = (
    Style("apa", "APA 7", _apa),
    Style("mla", "MLA 9", _mla),
    Style("chicago", "Chicago author-date 17", _chicago),
    Style("ieee", "IEEE", _ieee),
    Style("vancouver", "Vancouver", _vancouver),
    Style("harvard", "Harvard", _harvard),
)
