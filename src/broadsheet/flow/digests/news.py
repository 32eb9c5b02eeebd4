"""What a list gives a digest: the numbers of its papers in order, and what each is there for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels, profile
from broadsheet.flow.people import following
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.selecting.select import select
from broadsheet.flow.voting import trending
from broadsheet.model.paper import Paper
from broadsheet.model.places import day_url, list_url
from broadsheet.model.query import Query
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Kind, Selected, Selection, Stretch
from broadsheet.model.subscription import Rhythm
from broadsheet.model.text import plain
from broadsheet.model.wording import MONTHS, short_day, shortened

# So many papers of a list are looked at, the newest where it can be put in that order.
DEPTH = 200
# Of what trends, what its first page shows: whoever reads on is led there.
_TRENDING = Stretch(0, trending.PAGE)
_STRETCH = Stretch(0, DEPTH)
# A digest that was not sent for a while reaches back so many pages, a weekly one seven.
_PAGES: Mapping[Rhythm, int] = {"daily": 4, "now": 4, "weekly": 7}
# Whoever imports an archive does not want it mailed: a paper is news for so many days (as in flow.people.tidings).
_NEWS_DAYS = 30
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class When:
    """For which day a digest is made, of which rhythm, and the last day whose page it may show."""

    day: date
    rhythm: Rhythm
    page: date


@dataclass(frozen=True, slots=True)
class News:
    """The numbers of a list's papers in its order, its title and the path of its page.

    ``why`` says what all are there for, ``whys`` what some are. ``grows`` is set where only papers count that came
    after the subscription; ``put_at`` says when each was put on a label, ``pages`` on which daily page it is, and
    ``standing`` are those that may come again for who wants that.
    """

    title: str
    path: str
    numbers: tuple[int, ...]
    why: str = ""
    whys: Mapping[int, str] = field(default_factory=dict)
    grows: bool = False
    put_at: Mapping[int, datetime] = field(default_factory=dict)
    pages: Mapping[int, date] = field(default_factory=dict)
    standing: frozenset[int] = frozenset()

    @property
    def first_page(self) -> date:
        """Give the first of the daily pages that are looked at."""
        return min(self.pages.values())

    def why_of(self, number: int) -> str:
        """Say what one paper is there for."""
        return self.whys.get(number, self.why)


def news_of(house: House, selection: Selection, when: When, reader: Reader | None) -> tuple[News, tuple[Paper, ...]]:
    """Look at a list as ``reader`` sees it; gives its papers too, as they were read.

    It is one as ``flow.subscribing.lists.check`` gives it. Raises as ``select`` does, Invalid for any other.
    """
    if selection.kind not in _KINDS:
        raise Invalid("A week or month is in no digest.", field="list")
    return _KINDS[selection.kind](house, selection, when, reader)


def news_of_day(day: date, papers: tuple[Paper, ...]) -> News:
    """Say of the papers of one daily page what a digest of it alone says."""
    return _paged(day, dict.fromkeys((paper.id for paper in papers), day))


Found = tuple[News, tuple[Paper, ...]]


def _day(house: House, selection: Selection, when: When, reader: Reader | None) -> Found:
    found: dict[int, Paper] = {}
    pages: dict[int, date] = {}
    for day in (when.page - timedelta(days=back) for back in range(_PAGES[when.rhythm])):
        for paper in select(house, replace(selection, name=day.isoformat()), _STRETCH, reader).papers:
            found.setdefault(paper.id, paper)
            pages.setdefault(paper.id, day)
    news = _paged(max(pages.values(), default=when.page), pages)
    return replace(news, pages=pages), tuple(found.values())


def _trending(house: House, selection: Selection, _: When, reader: Reader | None) -> Found:
    selected = select(house, selection, _TRENDING, reader)
    numbers = tuple(paper.id for paper in selected.papers)
    news = News(selected.title, list_url(selection), numbers, why="Trending", standing=frozenset(numbers))
    return news, selected.papers


def _label(house: House, selection: Selection, _: When, reader: Reader | None) -> Found:
    handle, slug = selection.name.split("/", 1) if "/" in selection.name else (selection.name, "")
    owner = profile.show(house, handle).reader
    label = labels.show(house, owner, slug, reader)[0]
    kept = labels.kept(house, label, limit=DEPTH)
    news = News(
        f"{plain(label.name)} · {plain(owner.name)}",
        list_url(selection),
        tuple(one.paper.id for one in kept),
        why=f"On the label “{_short(label.name)}”",
        put_at={one.paper.id: one.at for one in kept},
    )
    return news, tuple(one.paper for one in kept)


def _following(house: House, selection: Selection, when: When, reader: Reader | None) -> Found:
    news, papers = _growing(house, selection, when, reader)
    if reader is None:
        return news, papers
    told = following.news(house, reader, size=DEPTH).papers
    whys = {paper.id: f"You follow {_short(', '.join(each.name for each in why))}" for paper, why in told}
    return replace(news, whys={number: whys[number] for number in news.numbers if number in whys}), papers


def _growing(house: House, selection: Selection, when: When, reader: Reader | None) -> Found:
    selected = select(house, _newest_first(house, selection, reader), _STRETCH, reader)
    since = (when.day - timedelta(days=_NEWS_DAYS)).isoformat()
    papers = tuple(paper for paper in selected.papers if _is_news(paper, since))
    why = _why(selection, selected)
    title = plain(selected.title)
    return News(title, list_url(selection), tuple(p.id for p in papers), why=why, grows=True), papers


def _paged(newest: date, pages: Mapping[int, date]) -> News:
    return News(
        f"The daily page of {short_day(newest)}",
        day_url(newest),
        tuple(pages),
        whys={number: f"On the daily page of {day.day} {MONTHS[day.month - 1]}" for number, day in pages.items()},
        standing=frozenset(number for number, day in pages.items() if day == newest),
    )


def _newest_first(house: House, selection: Selection, reader: Reader | None) -> Selection:
    """Put a search in the order of days, where it is not one of likeness, which has no other."""
    if selection.kind not in {"search", "saved"}:
        return selection
    asked = by = selection.query or Query()
    if selection.kind == "saved":
        asked = saved_searches.show(house, selection.name, reader if house.settings.public_url else None).query
    is_alike = asked.like or asked.way == "meaning" or asked.passage
    return selection if is_alike else replace(selection, query=replace(by, sort="date"))


def _is_news(paper: Paper, since: str) -> bool:
    """Tell whether a paper may be as new as that; of one that is told to the year or month the end counts."""
    told = paper.published[:10]
    return told >= since[: len(told)] or any(day.isoformat() >= since for day in paper.days)


def _why(selection: Selection, selected: Selected) -> str:
    said = _SAID.get(selection.kind)
    if selection.kind == "search" and not (selection.query and selection.query.text):
        return "Matches your search"
    if said is None:
        return ""
    words, before = said
    return words.format(_short(selected.title.removeprefix(before)))


def _short(text: str) -> str:
    return shortened(plain(text), _LONGEST)


# What papers of a list are there for, and what its title begins with before the name.
_SAID: Mapping[Kind, tuple[str, str]] = {
    "search": ("Matches “{}”", "Search: "),
    "saved": ("Matches “{}”", ""),
    "similar": ("Like {}", "Papers like "),
    "author": ("New by {}", "Papers by "),
    "organisation": ("New from {}", "Papers of "),
    "category": ("New in {}", "Papers of "),
    "following": ("From {}", ""),
}
_KINDS: Mapping[Kind, Callable[[House, Selection, When, Reader | None], Found]] = {
    "day": _day,
    "trending": _trending,
    "label": _label,
    "search": _growing,
    "similar": _growing,
    "author": _growing,
    "organisation": _growing,
    "category": _growing,
    "saved": _growing,
    "following": _following,
}
