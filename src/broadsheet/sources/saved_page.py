"""Saved Daily Papers pages of huggingface.co as plain text, in the three layouts that browsers have saved.

A card is a title line and an abstract line, then, in some layouts, ``• N authors`` or an organisation's line
(``google Google``), a line ``·``, and the date with an optional number of comments (``Oct 21, 2025 5``). Blank lines
may stand between. The year is left out in the year of the capture.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Problem, Record, Signal
from broadsheet.model.text import clean
from broadsheet.sources import fields
from broadsheet.sources.streams import problem, text_lines

SOURCE = "saved-page"
BANNER = "Get trending papers in your email inbox"
_PREAMBLE = re.compile(rf"new|{BANNER}( once a day)?!|Subscribe|Daily Papers|by ?AK and the research community")
_GLUED = re.compile(r"Subscribe(?=[^\sa-z])")
_DATE = re.compile(r"([A-Z][a-z]{2,8}) (\d{1,2})(?:, (\d{4}))?(?: (\d{1,6}))?")
_AUTHORS = re.compile(r"• (\d{1,6}) authors?")
_DOT = "·"
_PREAMBLE_LINES = 12


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem]:
    """Read cards; ``observed`` is the moment of capture, from which a date without year takes its year."""
    lines = _Lines(stream, name)
    yield from lines.skip_preamble()
    count = 0
    while (title := lines.take()) is not None:
        count += 1
        yield from lines.problems()
        if title == _DOT or _AUTHORS.fullmatch(title):
            yield problem(
                SOURCE, f"{name}#{count}", "no-title", "A card's last line stands where a title should.", title
            )
            continue
        abstract = "" if lines.at_meta() else lines.take() or ""
        meta = lines.take_meta()
        yield from _card(title, abstract, meta, f"{name}#{count}", observed)
    yield from lines.problems()


@dataclass(frozen=True, slots=True)
class _Meta:
    """The lines under a card, as printed."""

    who: str = ""
    when: str = ""


class _Lines:
    """The lines of a page that are not blank, with a look ahead of three."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._found = text_lines(stream, source=SOURCE, name=name)
        self._ahead: deque[str] = deque()
        self._problems: list[Problem] = []

    def problems(self) -> list[Problem]:
        told, self._problems = self._problems, []
        return told

    def skip_preamble(self) -> Iterator[Problem]:
        """Pass over the banner and the page's own date; the banner may be glued to the first title."""
        for _ in range(_PREAMBLE_LINES):
            line = self._peek(0)
            if not (_PREAMBLE.fullmatch(line) or _DATE.fullmatch(line)):
                break
            self.take()
        if _GLUED.match(self._peek(0)):
            self._ahead[0] = _GLUED.sub("", self._ahead[0], count=1)
        yield from self.problems()

    def take(self) -> str | None:
        """Give the next line, None at the end."""
        self._peek(0)
        return self._ahead.popleft() if self._ahead else None

    def at_meta(self) -> bool:
        """Tell whether the next lines stand under a card."""
        return self._peek(0) == _DOT or _AUTHORS.fullmatch(self._peek(0)) is not None or self._dated(1)

    def take_meta(self) -> _Meta:
        """Take the lines under a card, none where it is bare."""
        if not self.at_meta():
            return _Meta()
        who = "" if self._peek(0) == _DOT else self.take() or ""
        if self._peek(0) != _DOT:
            return _Meta(who)
        self.take()
        return _Meta(who, self.take() or "") if _DATE.fullmatch(self._peek(0)) else _Meta(who)

    def _dated(self, at: int) -> bool:
        return self._peek(at) == _DOT and _DATE.fullmatch(self._peek(at + 1)) is not None

    def _peek(self, at: int) -> str:
        while len(self._ahead) <= at:
            found = next(self._found, None)
            if found is None:
                return ""
            if isinstance(found, Problem):
                self._problems.append(found)
            elif line := clean(found[1]):
                self._ahead.append(line)
        return self._ahead[at]


def _card(title: str, abstract: str, meta: _Meta, where: str, observed: datetime | None) -> Iterator[Record | Problem]:
    when = _DATE.fullmatch(meta.when)
    published = _published(when, observed) if when else ""
    if when and not published and (when[3] or observed):
        yield problem(SOURCE, where, "bad-date", f"{meta.when!r} is no date.", title)
    authors = _AUTHORS.fullmatch(meta.who)
    comments = int(when[4]) if when and when[4] else None
    key = fields.digest(title)
    yield Record(
        source=SOURCE,
        # A card with its line and a bare one say different things of one paper: both stay, under one local id.
        key=key if meta.when else f"{key}-bare",
        title=title,
        abstract=abstract,
        author_count=int(authors[1]) if authors else 0,
        ids=(ExternalId("local", key),),
        published=published,
        organisations=() if authors or not meta.who else (meta.who.partition(" ")[2] or meta.who,),
        links=fields.links_of((), abstract),
        signals=(Signal("comments", comments, observed),) if comments is not None and observed else (),
        withdrawn=fields.is_withdrawn(abstract),
        observed=observed,
    )


def _published(when: re.Match[str], observed: datetime | None) -> str:
    month, day = fields.month_number(when[1]), int(when[2])
    if when[3]:
        return fields.iso(f"{when[3]}-{month:02d}-{day:02d}")
    if observed is None or not month:
        return ""
    # The latest such day that is not after the capture.
    found = (fields.iso(f"{year}-{month:02d}-{day:02d}") for year in (observed.year, observed.year - 1))
    return next((one for one in found if one and date.fromisoformat(one) <= observed.date()), "")
