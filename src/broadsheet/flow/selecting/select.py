"""Give any list of papers by its name, by the verbs of the pages, so that every door shows the same in one order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import daily
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping, labels, profile
from broadsheet.flow.paper import show as show_paper
from broadsheet.flow.people import authors, following, organisations
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.reading.search import search
from broadsheet.flow.voting import trending
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, MAX_OFFSET, Query
from broadsheet.model.reader import Reader
from broadsheet.model.selection import MOST, Kind, Selected, Selection, Stretch, newest
from broadsheet.model.text import clean, plain
from broadsheet.model.weeks import read_month, read_week

_MAX_TITLE = 120

Read = Callable[[int], tuple[Sequence[Paper], bool]]


def select(
    house: House, selection: Selection, stretch: Stretch | None = None, reader: Reader | None = None
) -> Selected:
    """Give a piece of a list as its page shows it to ``reader``, in the same order.

    Raises NotFound for a list that is not there or not for the reader to see, Invalid for a name that cannot be read,
    and what a search raises (``flow.reading.search``).
    """
    asked = stretch or Stretch()
    sound = Stretch(max(asked.offset, 0), min(max(asked.limit, 1), MOST))
    return _KINDS[selection.kind](house, selection, sound, reader)


def _day(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    page = daily.page(house, _read_day(selection.name) if selection.name else None)
    return _whole(house, f"Papers of {page.day.isoformat()}", page.papers, stretch, reader)


def _span(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    span = read_week(selection.name) if selection.kind == "week" else read_month(selection.name)
    return _whole(house, f"Most upvoted papers of {span}", daily.span_page(house, span).papers, stretch, reader)


def _trending(house: House, selection: Selection, stretch: Stretch, _: Reader | None) -> Selected:
    span = trending.span_of(selection.name or "all")

    def read(number: int) -> tuple[Sequence[Paper], bool]:
        page = trending.page(house, span, number=number)
        return page.papers, page.has_next

    of = {"all": "", "week": " of seven days", "day": " of today"}[span]
    last = trending.PAGE * trending.MOST_PAGES
    found = _through(stretch, trending.PAGE, read) if stretch.offset < last else ()
    return Selected(f"Trending papers{of}", found, newest(found))


def _search(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    query = selection.query or Query()
    return _found(house, _words_of(query), query, stretch, reader)


def _similar(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    paper = show_paper(house, selection.name)
    return _found(house, f"Papers like “{plain(paper.title)}”", Query(like=(paper.slug,)), stretch, reader)


def _category(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    query = Query(categories=(selection.name,), sort="date")
    return _found(house, f"Papers of {clean(selection.name)}", query, stretch, reader)


def _saved(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    # Where nobody signs in, the saved searches are the house's own.
    saved = saved_searches.show(house, selection.name, reader if house.settings.public_url else None)
    return replace(_found(house, saved.name, saved.query, stretch, reader), shared=False)


def _author(house: House, selection: Selection, stretch: Stretch, _: Reader | None) -> Selected:
    page = authors.show(house, selection.name)
    total = None if page.at_least else page.total
    return _cut(f"Papers by {plain(page.person.name)}", page.all, stretch, total)


def _organisation(house: House, selection: Selection, stretch: Stretch, _: Reader | None) -> Selected:
    page = organisations.show(house, selection.name)
    about, total = page.organisation.about, None if page.at_least else page.total
    return replace(_cut(f"Papers of {plain(page.organisation.name)}", page.all, stretch, total), about=about)


def _label(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    handle, _, slug = selection.name.partition("/")
    owner = profile.show(house, handle).reader
    label, _ = labels.show(house, owner, slug, reader)
    found = tuple(one.paper for one in labels.kept(house, label, limit=stretch.limit, offset=stretch.offset))
    shared = label.seen_by == "all"
    return Selected(f"{label.name} · {owner.name}", found, newest(found), label.papers, label.about, shared)


def _following(house: House, _: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    if reader is None:
        raise NotFound("Nobody is signed in, so nobody follows anything.")

    def read(number: int) -> tuple[Sequence[Paper], bool]:
        news = following.news(house, reader, page=number)
        return [paper for paper, _ in news.papers], news.has_more

    found = _through(stretch, following.PER_PAGE, read)
    return Selected("What I follow", found, newest(found), shared=False)


def _found(house: House, title: str, query: Query, stretch: Stretch, reader: Reader | None) -> Selected:
    """Search in pieces as large as a search takes; a paper that is asked for by name is never hidden."""
    hidden = keeping.hidden(house, reader)
    papers: list[Paper] = []
    offset, end, total = stretch.offset, stretch.offset + stretch.limit, None
    while offset < end and offset <= MAX_OFFSET:
        size = min(end - offset, MAX_LIMIT)
        results = search(house, replace(query, offset=offset, limit=size, facets=False))
        if results.exact is not None:
            return _cut(title, (results.exact,), stretch, 1)
        papers += [hit.paper for hit in results.hits if hit.paper.id not in hidden]
        total = None if results.at_least else results.total + results.related
        offset += size
        if len(results.hits) < size:
            break
    return Selected(title, tuple(papers), newest(papers), total, shared=not hidden)


def _whole(house: House, title: str, papers: Sequence[Paper], stretch: Stretch, reader: Reader | None) -> Selected:
    hidden = keeping.hidden(house, reader)
    shown = [paper for paper in papers if paper.id not in hidden]
    return replace(_cut(title, shown, stretch, len(shown)), shared=not hidden)


def _cut(title: str, papers: Sequence[Paper], stretch: Stretch, total: int | None) -> Selected:
    found = tuple(papers[stretch.offset : stretch.offset + stretch.limit])
    return Selected(title, found, newest(found), total)


def _through(stretch: Stretch, size: int, read: Read) -> tuple[Paper, ...]:
    """Read pages of ``size``, numbered from 1, for as long as there are more and the stretch is not full."""
    before, left_out = divmod(stretch.offset, size)
    found: list[Paper] = []
    more = True
    while more and len(found) < left_out + stretch.limit:
        before += 1
        papers, more = read(before)
        found += papers
    return tuple(found[left_out : left_out + stretch.limit])


def _words_of(query: Query) -> str:
    """Tell a search in a few words."""
    if query.text:
        words = plain(clean(query.text[: 3 * _MAX_TITLE]))
        return f"Search: {words[:_MAX_TITLE]}…" if len(words) > _MAX_TITLE else f"Search: {words}"
    return f"Papers like {', '.join(query.like)}" if query.like else "Search"


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text[:40]!r} is not a day. A day is written 2026-03-06.", field="day") from None


_KINDS: Mapping[Kind, Callable[[House, Selection, Stretch, Reader | None], Selected]] = {
    "day": _day,
    "week": _span,
    "month": _span,
    "trending": _trending,
    "search": _search,
    "similar": _similar,
    "author": _author,
    "organisation": _organisation,
    "category": _category,
    "label": _label,
    "saved": _saved,
    "following": _following,
}
