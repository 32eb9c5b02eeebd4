"""The links that change a search: filters, order, way, and the papers that hits are to be like."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from broadsheet.entrance.address import toggled
from broadsheet.model.paper import Paper
from broadsheet.model.places import FILTERS, search_url
from broadsheet.model.query import MAX_LIKE, SORTS, WAYS, Query, Results, Sort, Way
from broadsheet.model.text import plain
from broadsheet.web.typeset import shortened, source_name

# What fits in a URL that every browser and proxy passes on; a longer text stays in the body of its request.
MAX_LINKED = 1_500
_SHOWN = 8
_LONGEST_TITLE = 60

_FACET_TITLES = {
    "year": "Year",
    "category": "Category",
    "source": "Source",
    "venue": "Venue",
    "organisation": "Organisation",
    "code": "Code",
}
SORT_WORDS: dict[Sort, str] = {"relevance": "Best match", "date": "Newest", "upvotes": "Most upvoted"}
WAY_WORDS: dict[Way, str] = {"both": "words and meaning", "words": "words only", "meaning": "meaning only"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search: its words, count, whether it is in force, and where it leads."""

    words: str
    url: str
    count: int = 0
    chosen: bool = False


def facets(query: Query, results: Results) -> Iterator[tuple[str, list[Choice], list[Choice]]]:
    """Give each facet that has values as ``(title, shown, folded away)``."""
    # Counts are of papers with any of the words, which is not what is asked for in these.
    counted = not (query.like or query.passage or query.way == "meaning")
    for facet, values in results.facets.items():
        choices = [
            Choice(
                _words(facet, value.value),
                search_url(toggled(query, facet, value.value)),
                value.count if counted else 0,
                value.chosen,
            )
            for value in values
            if value.value
        ]
        if choices and facet in _FACET_TITLES:
            yield _FACET_TITLES[facet], choices[:_SHOWN], choices[_SHOWN:]


def filters(query: Query) -> Iterator[Choice]:
    """Give every filter in force with the link that takes it away."""
    for facet, _, field in FILTERS:
        for value in getattr(query, field):
            yield Choice(_words(facet, str(value)), search_url(toggled(query, facet, str(value))))
    if query.has_code is not None:
        yield Choice("with code" if query.has_code else "without code", search_url(replace(query, has_code=None)))
    if query.since:
        yield Choice(f"since {query.since.isoformat()}", search_url(replace(query, since=None)))
    if query.until:
        yield Choice(f"until {query.until.isoformat()}", search_url(replace(query, until=None)))


def likenesses(query: Query, results: Results) -> Iterator[Choice]:
    """Give every paper that hits are to be like or unlike by its title, with the link that takes it away."""
    for name, paper in zip(query.like, results.like, strict=True):
        rest = tuple(other for other in query.like if other != name)
        # Nothing is unlike some papers and like none, unless words say what it is about.
        unlike = query.unlike if rest or query.text else ()
        yield Choice(f"like: {_title(paper)}", search_url(replace(query, like=rest, unlike=unlike)))
    for name, paper in zip(query.unlike, results.unlike, strict=True):
        rest = tuple(other for other in query.unlike if other != name)
        yield Choice(f"not like: {_title(paper)}", search_url(replace(query, unlike=rest)))


def more_like(query: Query, paper: Paper) -> str:
    """Point to the same search for papers more like this one; an empty text when no more can be named."""
    if len(query.text) > MAX_LINKED:
        return search_url(Query(like=(paper.slug,)))
    return _steered(query, like=(*query.like, paper.slug))


def less_like(query: Query, paper: Paper) -> str:
    """Point to the same search for papers less like this one; an empty text where that cannot be asked."""
    if len(query.text) > MAX_LINKED or not (query.text or query.like):
        return ""
    return _steered(query, unlike=(*query.unlike, paper.slug))


def sorts(query: Query) -> Iterator[Choice]:
    """Give the orders a search can have; papers close to others or to a text are worth having by closeness only."""
    if query.like or query.unlike or query.passage:
        return
    for sort in SORTS:
        yield Choice(SORT_WORDS[sort], search_url(replace(query, sort=sort)), chosen=sort == query.sort)


def ways(query: Query) -> Iterator[Choice]:
    """Give the ways a search can go; an order by date or upvotes is one of words, so another way gives it up."""
    if query.like or query.unlike:
        return
    now = query.way if query.sort == "relevance" else "words"
    for way in WAYS:
        sort = query.sort if way == "words" else "relevance"
        yield Choice(WAY_WORDS[way], search_url(replace(query, way=way, sort=sort)), chosen=way == now)


def _steered(query: Query, **likeness: tuple[str, ...]) -> str:
    if any(len(names) > MAX_LIKE for names in likeness.values()):
        return ""
    return search_url(replace(query, way="both", sort="relevance", **likeness))  # type: ignore[arg-type]


def _words(facet: str, value: str) -> str:
    if facet == "code":
        return "With code"
    return source_name(value) if facet == "source" else value


def _title(paper: Paper) -> str:
    return shortened(plain(paper.title), _LONGEST_TITLE)
