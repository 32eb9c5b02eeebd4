"""What every message says, before any service has its way with it: plain lines, no markup, and addresses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import quote, urlsplit

from broadsheet.model.digest import Card, Digest, Section
from broadsheet.model.paper import Paper
from broadsheet.model.places import first_link, id_url, paper_url, pdf_url
from broadsheet.model.text import clean, plain
from broadsheet.push.port import Facts
from broadsheet.push.sizes import cut

Kind = Literal["daily", "weekly", "now", "test"]

_LONGEST_TITLE, _LONGEST_TELLING, _LONGEST_LINE, _LONGEST_HEADLINE = 300, 280, 160, 140
_LONGEST_URL = 1_000
_MOST_AUTHORS = 3
# More lists than these are told of by how many papers they have.
_MOST_PARTS = 10
_URL_LETTERS = "!#$&'()*+,-./:;=?@_~%[]"


@dataclass(frozen=True, slots=True)
class Item:
    """One paper: ``by`` says whose it is, ``telling`` is one sentence.

    ``why`` says why it is here, empty where its list says so. A link is a word and an address. ``url`` is empty where
    nobody knows its page.
    """

    title: str
    url: str
    by: str
    telling: str
    why: str
    links: tuple[tuple[str, str], ...]
    paper: Paper


@dataclass(frozen=True, slots=True)
class Part:
    """One list: its papers, and how many more are on its page."""

    title: str
    url: str
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Brief:
    """One message. ``beyond`` counts the papers of lists that are not in ``parts``; ``closing`` are links below all."""

    kind: Kind
    day: date
    headline: str
    parts: tuple[Part, ...]
    beyond: int
    why: str
    closing: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """Give how many papers it tells of."""
        return sum(len(part.items) for part in self.parts)

    @property
    def url(self) -> str:
        """Give the one address that shows all of it, or an empty text."""
        lists = tuple(part.url for part in self.parts if part.url) if len(self.parts) == 1 else ()
        return next(iter((*(url for word, url in self.closing if word == _AS_A_PAGE), *lists)), "")

    def with_most(self, most: int) -> "Brief":
        """Tell of so many papers, taken in turns from each list; the rest is counted."""
        turns = sorted((at, number) for number, part in enumerate(self.parts) for at in range(len(part.items)))[:most]
        shown = [sum(1 for _, number in turns if number == each) for each in range(len(self.parts))]
        parts = (
            replace(part, items=part.items[:kept], more=part.more + len(part.items) - kept)
            for part, kept in zip(self.parts, shown, strict=True)
        )
        return replace(self, parts=tuple(parts))

    def without_last_list(self) -> "Brief":
        """Tell of one list less; its papers are counted."""
        *parts, last = self.parts
        return replace(self, parts=tuple(parts), beyond=self.beyond + len(last.items) + last.more)


_AS_A_PAGE, _CHANGE = "Read as a page", "Change what comes"


def brief_of(digest: Digest, facts: Facts) -> Brief:
    """Say a digest in plain lines."""
    parts = tuple(_part(section, facts) for section in digest.sections if section.cards or section.more)
    beyond = sum(len(part.items) + part.more for part in parts[_MOST_PARTS:])
    total = sum(len(part.items) + part.more for part in parts)
    about = parts[0].title if len(parts) == 1 else line(facts.site, _LONGEST_LINE)
    told = [about, "" if digest.kind == "now" else f"{digest.day.day} {digest.day:%B %Y}", papers(total)]
    return Brief(
        kind=digest.kind,
        day=digest.day,
        headline=cut(" · ".join(filter(None, told)), _LONGEST_HEADLINE),
        parts=parts[:_MOST_PARTS],
        beyond=beyond,
        why=line(facts.why, _LONGEST_LINE),
        closing=_closing(facts),
    )


def greeting(facts: Facts) -> Brief:
    """Say that digests will come here."""
    site = line(facts.site, _LONGEST_LINE)
    return Brief(
        kind="test",
        day=facts.at.date(),
        headline=cut(f"{site} can reach you here", _LONGEST_HEADLINE),
        parts=(),
        beyond=0,
        why=cut(f"This is a test. {line(facts.why, _LONGEST_LINE)}".rstrip(), _LONGEST_LINE),
        closing=_closing(facts),
    )


def largest(brief: Brief, fits: Callable[[Brief], bool]) -> Brief:
    """Tell of as many papers as fit, of fewer lists where those leave room for none; what is left out is counted."""
    if fits(brief):
        return brief
    while len(brief.parts) > 1 and not fits(brief.with_most(1)):
        brief = brief.without_last_list()
    low, high = 0, brief.count + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(brief.with_most(middle)) else (low, middle)
    return brief.with_most(low)


def papers(count: int) -> str:
    """Count papers in words."""
    return "1 paper" if count == 1 else f"{count:,} papers"


def line(text: str, most: int) -> str:
    """Give a text as one line without TeX, controls and halves of letters."""
    return cut(clean(plain(clean(text))), most)


def _closing(facts: Facts) -> tuple[tuple[str, str], ...]:
    told = ((_AS_A_PAGE, _url(facts.view_url)), (_CHANGE, _url(facts.manage_url)))
    return tuple((word, url) for word, url in told if url)


def _part(section: Section, facts: Facts) -> Part:
    title = line(section.title, _LONGEST_LINE) or "New papers"
    items = tuple(_item(card, title, facts) for card in section.cards)
    return Part(title, _url(facts.home_url + section.path) if facts.home_url else "", items, max(0, section.more))


def _item(card: Card, list_title: str, facts: Facts) -> Item:
    paper = card.paper
    why = line(card.why, _LONGEST_LINE)
    pages = (facts.home_url + paper_url(paper) if facts.home_url else "", *map(id_url, paper.ids))
    links = (("PDF", _url(pdf_url(paper))), ("Code", _url(first_link(paper, "code"))))
    return Item(
        title=line(paper.title, _LONGEST_TITLE) or "Untitled",
        url=next(filter(None, map(_url, pages)), ""),
        by=cut(" · ".join(filter(None, _by(paper))), _LONGEST_LINE),
        telling=line(next(iter(card.telling), ""), _LONGEST_TELLING),
        why="" if why == list_title else why,
        links=tuple((word, url) for word, url in links if url),
        paper=paper,
    )


def _by(paper: Paper) -> Iterator[str]:
    names = [name for author in paper.authors[:_MOST_AUTHORS] if (name := line(author.name, _LONGEST_LINE // 2))]
    others = max(len(paper.authors), paper.author_count) - len(names)
    if names:
        yield ", ".join(names) + (f" and {others:,} more" if others > 0 else "")
    yield line(next(iter(paper.organisations), ""), _LONGEST_LINE // 2)


def _url(url: str) -> str:
    """Give an address of http or https in ASCII, or an empty text."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    told = quote(url, safe=_URL_LETTERS)
    fits = parts.scheme in {"http", "https"} and host and parts.netloc.isascii() and len(told) <= _LONGEST_URL
    return told if fits else ""
