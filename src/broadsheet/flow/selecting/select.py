"""Give any list of papers by its name, by the verbs of the pages, so that every door shows the same in one order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from broadsheet.model.narrowing import both, fits, in_order, narrows
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, MAX_OFFSET, Hit, Query
from broadsheet.model.reader import Reader
from broadsheet.model.selection import MOST, NEVER, Kind, Selected, Selection, Stretch, newest
from broadsheet.model.text import clean, plain
from broadsheet.model.weeks import read_month, read_week
from broadsheet.store import papers

_MAX_TITLE = 120
_EVERYTHING = Stretch(0, MOST)
# Of a search that cannot be made narrower so much is looked through.
_SIFTED = Stretch(0, 1_000)
_ONLY_SO_FAR = (
    f"These are only those among the first {_SIFTED.limit:,} papers; more may follow that were not looked at."
)


def select(
    house: House, selection: Selection, stretch: Stretch | None = None, reader: Reader | None = None
) -> Selected:
    """Give a piece of a list as its page shows it to ``reader``, in the same order, narrowed if the selection says so.

    Raises NotFound for a list that is not there or not for the reader to see, Invalid for a name that cannot be read
    and for an order that a list cannot have, and what a search raises (``flow.reading.search``).
    """
    sound, by = _sound(stretch), selection.query or Query()
    if not _is_read_whole(selection):
        return _KINDS[selection.kind](house, selection, sound, reader)
    whole = _KINDS[selection.kind](house, selection, _EVERYTHING, reader)
    found = in_order((paper for paper in whole.papers if fits(paper, by)), by.sort)
    is_all = not whole.more and (whole.total is not None or selection.kind in _UNCOUNTED)
    total = len(found) if is_all else None
    return replace(_cut(whole.title, found, sound, total), **{name: getattr(whole, name) for name in _OF_ALL})


def pieces(
    house: House, selection: Selection, stretch: Stretch, reader: Reader | None, size: int
) -> Iterator[Selected]:
    """Give a stretch of a list as ``select`` does, ``size`` papers at a time and once at least.

    What must be read whole is so once, and between the pieces its papers are kept by number alone: they may wait for
    whoever reads slowly.
    """
    sound = _sound(stretch)
    if selection.kind in _BY_PIECE and not _is_read_whole(selection):
        for offset in range(sound.offset, sound.offset + sound.limit, size):
            found = select(house, selection, Stretch(offset, min(size, sound.offset + sound.limit - offset)), reader)
            yield found
            if not found.more:
                return
        return
    whole = select(house, selection, sound, reader)
    numbers, whole = [paper.id for paper in whole.papers], replace(whole, papers=())
    for start in range(0, max(len(numbers), 1), size):
        end = start + size
        with house.store.reading() as connection:
            found = replace(whole, papers=papers.by_ids(connection, numbers[start:end]))
        yield replace(found, more=whole.more or end < len(numbers))


def _sound(stretch: Stretch | None) -> Stretch:
    asked = stretch or Stretch()
    return Stretch(max(asked.offset, 0), min(max(asked.limit, 1), MOST))


def _is_read_whole(selection: Selection) -> bool:
    by = selection.query or Query()
    return selection.kind not in _SEARCHES and (narrows(by) or by.sort != "relevance")


def _day(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    page = daily.page(house, _read_day(selection.name) if selection.name else None)
    found = _whole(house, f"Papers of {page.day.isoformat()}", page.papers, stretch, reader)
    return replace(found, name=page.day.isoformat())


def _span(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    span = read_week(selection.name) if selection.kind == "week" else read_month(selection.name)
    return _whole(house, f"Most upvoted papers of {span}", daily.span_page(house, span).papers, stretch, reader)


def _trending(house: House, selection: Selection, stretch: Stretch, _: Reader | None) -> Selected:
    span = trending.span_of(selection.name or "all")
    of = {"all": "", "week": " of seven days", "day": " of today"}[span]
    # One more than fit tells whether there are more.
    found = trending.piece(house, span, offset=stretch.offset, limit=stretch.limit + 1)
    return _first(f"Trending papers{of}", found, stretch)


def _search(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    query = selection.query or Query()
    return _found(house, words_of(query), query, stretch, reader)


def _similar(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    paper, by = show_paper(house, selection.name), selection.query
    if by is not None and by.sort != "relevance":
        raise Invalid("Papers like another one stand by their likeness, in no other order.", field="sort")
    return _narrowed(
        house, f"Papers like “{plain(paper.title)}”", Query(like=(paper.slug,)), selection, stretch, reader
    )


def _category(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    query = Query(categories=(selection.name,), sort="date")
    return _narrowed(house, f"Papers of {clean(selection.name)}", query, selection, stretch, reader)


def _saved(house: House, selection: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    # Where nobody signs in, the saved searches are the house's own.
    saved = saved_searches.show(house, selection.name, reader if house.settings.public_url else None)
    return replace(_narrowed(house, saved.name, saved.query, selection, stretch, reader), shared=False)


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
    kept = labels.kept(house, label, limit=stretch.limit, offset=stretch.offset)
    found = tuple(one.paper for one in kept)
    return Selected(
        f"{label.name} · {owner.name}",
        found,
        newest(found),
        label.papers,
        label.about,
        shared=label.seen_by == "all",
        more=stretch.offset + stretch.limit < label.papers,
        notes={one.paper.id: one.note for one in kept if one.note},
    )


def _following(house: House, _: Selection, stretch: Stretch, reader: Reader | None) -> Selected:
    if reader is None:
        raise NotFound("Nobody is signed in, so nobody follows anything.")
    end = stretch.offset + stretch.limit
    # One more than fit tells whether there are more.
    news = following.news(house, reader, size=end + 1).papers
    found = _first("What I follow", [paper for paper, _ in news[stretch.offset :]], stretch)
    return replace(found, shared=False)


def _narrowed(  # noqa: PLR0913, PLR0917 - a search and by what it is narrowed
    house: House, title: str, base: Query, selection: Selection, stretch: Stretch, reader: Reader | None
) -> Selected:
    query, sieve = both(base, selection.query or Query())
    if query is None:
        return Selected(title, (), NEVER, 0)
    if not narrows(sieve):
        return _found(house, title, query, stretch, reader)
    whole = _found(house, title, query, _SIFTED, reader)
    found = [paper for paper in whole.papers if fits(paper, sieve)]
    told = _cut(title, found, stretch, None if whole.more else len(found))
    notices = (*whole.notices, _ONLY_SO_FAR) if whole.more else whole.notices
    return replace(told, shared=whole.shared, hits=whole.hits, notices=notices)


def _found(house: House, title: str, query: Query, stretch: Stretch, reader: Reader | None) -> Selected:
    """Search in pieces as large as a search takes; a paper that is asked for by name is never hidden."""
    hidden = keeping.hidden(house, reader)
    hits: list[Hit] = []
    notices: tuple[str, ...] = ()
    offset, end, total, more = stretch.offset, stretch.offset + stretch.limit, None, False
    while offset < end and offset <= MAX_OFFSET:
        size = min(end - offset, MAX_LIMIT)
        results = search(house, replace(query, offset=offset, limit=size, facets=False))
        if results.exact is not None:
            return _cut(title, (results.exact,), stretch, 1)
        hits += [hit for hit in results.hits if hit.paper.id not in hidden]
        total, notices = None if results.at_least else results.total + results.related, results.notices
        offset += size
        more = len(results.hits) == size and (total is None or offset < total) and offset <= MAX_OFFSET
        if not more:
            break
    found = tuple(hit.paper for hit in hits)
    by_number = {hit.paper.id: hit for hit in hits}
    told = Selected(title, found, newest(found), total, shared=not hidden, more=more)
    return replace(told, hits=by_number, notices=notices)


def _whole(house: House, title: str, papers: Sequence[Paper], stretch: Stretch, reader: Reader | None) -> Selected:
    hidden = keeping.hidden(house, reader)
    shown = [paper for paper in papers if paper.id not in hidden]
    return replace(_cut(title, shown, stretch, len(shown)), shared=not hidden)


def _cut(title: str, papers: Sequence[Paper], stretch: Stretch, total: int | None) -> Selected:
    return replace(_first(title, papers[stretch.offset :], stretch), total=total)


def _first(title: str, papers: Sequence[Paper], stretch: Stretch) -> Selected:
    """Give the first papers, as many as the stretch takes."""
    found = tuple(papers[: stretch.limit])
    return Selected(title, found, newest(found), more=len(papers) > stretch.limit)


def words_of(query: Query) -> str:
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


# Searches are narrowed while they are made; of others this much is of the whole list.
_SEARCHES: frozenset[Kind] = frozenset({"search", "similar", "category", "saved"})
# Lists of which a piece is read without what stands before it.
_BY_PIECE = _SEARCHES | {"label", "trending"}
# Lists that are read to their end, though nobody counts them.
_UNCOUNTED: frozenset[Kind] = frozenset({"trending", "following"})
_OF_ALL = ("about", "shared", "name", "notes")
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
