"""One search against one state of the index: filters, order, pages, facets."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from tantivy import DocAddress, Occur, Order, Query, SearchResult

from broadsheet.index.compiler import Compiler
from broadsheet.index.days import OPEN_END, OPEN_START, day_number
from broadsheet.index.demand import Demand, clauses, days_query, ranked, silent
from broadsheet.index.grammar import parse
from broadsheet.index.port import FACETS, TextResult
from broadsheet.index.query_tree import Parsed, is_plain
from broadsheet.index.schema import FACET_SIZE, id_of, tag
from broadsheet.index.snapshot import Snapshot
from broadsheet.index.words import turns
from broadsheet.model.query import MAX_LIMIT, MAX_OFFSET, FacetValue
from broadsheet.model.query import Query as Asked
from broadsheet.model.text import clean

# With fewer papers that have all the words, papers with some of them follow.
WIDEN_BELOW = 20
_DEEPEST = MAX_OFFSET + MAX_LIMIT
# In the wider search a word that more than this share of all papers has is no reason to match.
COMMON_SHARE = 0.35
# Hits of equal score are put in order of id; a longer tie stays in the engine's order, which pages share too.
_LONGEST_TIE = 20_000
# Scores are sums of 32-bit numbers; digits beyond these are noise and would break ties at random.
_DIGITS = 4
_FIRST_YEAR, _LAST_YEAR = 0, 9999
_YES = "yes"
_SORT_FIELDS = {"date": "newest", "upvotes": "loved"}
_FACET_FIELDS = {name: "venue_name" if name == "venue" else name for name in FACETS}
# Each segment tells of this many values: beyond the commonest, so that their counts are sums over all segments.
_SEGMENT_VALUES = 1_000
_AGGREGATIONS: dict[str, Any] = {
    name: {"terms": {"field": stored, "size": FACET_SIZE, "segment_size": _SEGMENT_VALUES}}
    for name, stored in _FACET_FIELDS.items()
}

_SHORT_OF_TIME = "Time was short; only papers with all of these words were searched."
_SOME_WORDS = "Few papers have all of these words; papers with some of them follow."
_SORTED_ALL_WORDS = "No paper has all of these words; sorted by relevance, papers with some of them follow."
_NOT_ALL_WORDS = "No paper has all of these words; these have some of them."
_NOTHING_ASKED = "There is nothing to search for in this text."
_UNKNOWN_WORDS = "No paper has a telling word of this text."
_UNSORTED_TEXT = "A long text is always sorted by relevance."
_UNCOUNTED = "Time was short; the filters were not counted."

_Clauses = list[tuple[Occur, Query]]
_Hits = list[tuple[float, DocAddress]]


@dataclass(slots=True)
class _Found:
    """One page, and the query whose matches the facets count; ``whole`` as in TextResult."""

    matching: Query
    hits: tuple[tuple[int, float], ...]
    total: int
    whole: int = 0
    at_least: bool = False
    notices: list[str] = field(default_factory=list)


class Search:
    """One query, answered by ``answer``.

    tantivy cannot be interrupted, so the work is bounded instead: terms, completions, offset and long texts are
    capped. The deadline is looked at between phases; once it has passed, the wider search and the facets are left out.
    """

    def __init__(self, snapshot: Snapshot, query: Asked, deadline_ms: int = 0) -> None:
        self._until = perf_counter() + deadline_ms / 1000
        self._snapshot = snapshot
        self._schema = snapshot.schema
        self._searcher = snapshot.searcher
        self._query = query
        self._limit = min(max(query.limit, 1), _DEEPEST)
        self._offset = min(max(query.offset, 0), MAX_OFFSET)
        self._end = self._offset + self._limit
        self._parsed = Parsed(bag=query.text) if query.passage else parse(query.text)
        self._compiler = Compiler(snapshot)
        self._filters: _Clauses = [(Occur.Must, silent(each)) for each in self._filter_queries()]

    def answer(self) -> TextResult:
        """Find one page, and count facets if asked."""
        parsed = self._parsed
        demands = self._compiler.bag(parsed.bag) if parsed.bag else self._compiler.demands(parsed.tree)
        notices = [*parsed.notices, *self._compiler.notices]
        if not demands and self._query.text.strip():
            notices.append(_UNKNOWN_WORDS if parsed.bag else _NOTHING_ASKED)
            return TextResult(notices=tuple(notices), highlighter=self._compiler.judge)
        found = self._from_bag(demands) if parsed.bag else self._from_tree(demands)
        facets = self._facets(found) if self._query.facets else {}
        return TextResult(
            hits=found.hits,
            total=found.total,
            said=self._compiler.said or _bare(demands),
            whole=found.whole,
            at_least=found.at_least,
            facets=facets,
            notices=(*notices, *found.notices),
            highlighter=self._compiler.judge,
        )

    def narrowed(self, most: int) -> tuple[int, Sequence[int] | None]:
        """See TextIndex.narrowed; what filters alone narrow is remembered, for readers page on and change words."""
        firm = self._firm()
        if not firm:
            return self._snapshot.count, None
        if not is_plain(self._parsed):
            return self._collected(firm, most)
        query = self._query
        places = (query.categories, query.sources, query.venues, query.organisations, query.authors)
        key = (*places, query.years, query.has_code, query.since, query.until, most)
        return self._snapshot.narrowed(key, lambda: self._collected(firm, most))

    def _collected(self, firm: _Clauses, most: int) -> tuple[int, Sequence[int] | None]:
        asked = Query.boolean_query(firm)
        total = _count(self._searcher.search(asked, 1))
        if not 0 < total <= most:
            return total, None if total else ()
        hits = self._searcher.search(asked, total, count=False, order_by_field="id", order=Order.Asc).hits
        return total, array("q", [paper_id for paper_id, _ in hits])

    def fitting(self, ids: Sequence[int], *, words: bool = False) -> set[int]:
        """See TextIndex.fitting."""
        firm = self._strict() if words else self._firm()
        if firm is None:
            return set()
        if not firm or not ids:
            return set(ids)
        # Sorted, because the engine merges them faster then.
        these = silent(Query.term_set_query(self._schema, "id", sorted(ids)))
        asked = Query.boolean_query([(Occur.Must, these), *firm])
        found = self._searcher.search(asked, len(ids), count=False, order_by_field="id").hits
        return {paper_id for paper_id, _ in found}

    def _strict(self) -> _Clauses | None:
        """Give what a paper must meet in all; None where the text asks for nothing that can be found."""
        demands = [] if self._parsed.bag else self._compiler.demands(self._parsed.tree)
        if not demands and self._query.text.strip():
            return None
        return [*clauses(demands, scored=False), *self._filters]

    def _firm(self) -> _Clauses:
        """Give what a paper must meet whatever its words: filters, fields, phrases and what is excluded."""
        if is_plain(self._parsed):
            return self._filters
        firm = [demand for demand in self._compiler.demands(self._parsed.tree) if not demand.bare]
        return [*clauses(firm, scored=False), *self._filters] if firm else self._filters

    def _filter_queries(self) -> Iterator[Query]:
        query = self._query
        tags = {"cat": query.categories, "source": query.sources, "venue": query.venues, "org": query.organisations}
        for kind, values in tags.items():
            if values:
                yield Query.term_set_query(self._schema, "tag", [tag(kind, clean(value)) for value in values])
        if query.authors:
            names = [turn for name in query.authors for turn in turns(clean(name))[:1]]
            yield Query.term_set_query(self._schema, "called", names)
        if query.years:
            years = [year for year in query.years if _FIRST_YEAR <= year <= _LAST_YEAR]
            yield Query.term_set_query(self._schema, "year", years)
        if query.since or query.until:
            first = day_number(query.since) if query.since else OPEN_START
            yield days_query(self._schema, first, day_number(query.until) if query.until else OPEN_END)
        if query.has_code is not None:
            yield Query.term_query(self._schema, "code", int(query.has_code))

    def _late(self) -> bool:
        return perf_counter() > self._until

    def _from_tree(self, demands: list[Demand]) -> _Found:
        by_score = self._query.sort == "relevance" and any(demand.scored for demand in demands)
        return self._ranked(demands) if by_score else self._ordered(demands)

    def _ordered(self, demands: list[Demand]) -> _Found:
        """Order by date or upvotes, newest first also where nothing could be ranked."""
        key = _SORT_FIELDS.get(self._query.sort, "newest")
        matching = Query.boolean_query(clauses(demands, scored=False) + self._filters)
        found = self._searcher.search(matching, self._limit, order_by_field=key, offset=self._offset)
        hits = tuple((id_of(each), 0.0) for each, _ in found.hits)
        total = _count(found)
        notices = [_SORTED_ALL_WORDS] if not total and _bare(demands) > 1 else []
        return _Found(matching, hits, total, notices=notices)

    def _ranked(self, demands: list[Demand]) -> _Found:
        """Rank the papers with all the words; where these are few, papers with some of them follow."""
        strict = Query.boolean_query(clauses(demands, scored=False) + self._filters)
        total, head = self._scored(ranked(demands, self._filters), max(self._end, WIDEN_BELOW))
        if total >= WIDEN_BELOW or _bare(demands) <= 1:
            return _Found(strict, self._page(head), total)
        if self._late():
            return _Found(strict, self._page(head), total, at_least=True, notices=[_SHORT_OF_TIME])
        everything, tail = self._scored(self._wide(demands, scored=True), self._end)
        notices = [_SOME_WORDS if total else _NOT_ALL_WORDS] if everything > total else []
        page = self._page(_joined(head, tail))
        return _Found(self._wide(demands, scored=False), page, everything, total, notices=notices)

    def _from_bag(self, demands: list[Demand]) -> _Found:
        total, scored = self._scored(self._wide(demands, scored=True), self._end)
        notices = [_UNSORTED_TEXT] if self._query.sort != "relevance" else []
        return _Found(self._wide(demands, scored=False), self._page(scored), total, notices=notices)

    def _wide(self, demands: list[Demand], *, scored: bool) -> Query:
        """Match any of the bare words that are not common, and all else that is demanded."""
        bare = [demand for demand in demands if demand.bare]
        most = self._snapshot.count * COMMON_SHARE
        telling = [demand for demand in bare if 0 < demand.papers <= most] or bare
        # Only a plain union is fast: common words beside it, as mere scores, would take twice the time.
        union = Query.boolean_query([(Occur.Should, word) for each in telling for word in _words(each, scored=scored)])
        firm = [demand for demand in demands if not demand.bare]
        rest = [*clauses(firm, scored=scored), *self._filters] if firm else self._filters
        return Query.boolean_query([(Occur.Must, union), *rest]) if rest else union

    def _scored(self, query: Query, end: int) -> tuple[int, _Hits]:
        """Count what matches and take the best by score, past ``end`` for as long as a tie goes on."""
        need, most = end + 1, end + _LONGEST_TIE + 1
        while True:
            result = self._searcher.search(query, need)
            hits = [(round(score, _DIGITS), address) for score, address in result.hits]
            if len(hits) < need or hits[-1][0] < hits[end - 1][0] or need >= most:
                return _count(result), hits
            need = min(4 * need, most)

    def _page(self, hits: _Hits) -> tuple[tuple[int, float], ...]:
        """Cut out the page, after ordering by id the ties that reach into it."""
        first, last = self._offset, min(self._end, len(hits))
        if first >= last:
            return ()
        start, stop = first, last
        while start and hits[start - 1][0] == hits[first][0]:
            start -= 1
        while stop < len(hits) and hits[stop][0] == hits[last - 1][0]:
            stop += 1
        scores = [score for score, _ in hits[start:stop]]
        ids = self._searcher.fast_field_values("id", [address for _, address in hits[start:stop]])
        tied = Counter(scores)
        ranked = sorted(
            ((-score, int(paper_id or 0)) for score, paper_id in zip(scores, ids, strict=True)),
            key=lambda hit: (hit[0], hit[1] if tied[-hit[0]] <= _LONGEST_TIE else 0),
        )
        return tuple((paper_id, -score) for score, paper_id in ranked[first - start : last - start])

    def _facets(self, found: _Found) -> dict[str, tuple[FacetValue, ...]]:
        if self._late():
            found.notices.append(_UNCOUNTED)
            return {}
        answer = self._searcher.aggregate(found.matching, _AGGREGATIONS)
        query = self._query
        chosen: dict[str, set[str]] = {
            "year": {str(year) for year in query.years},
            "category": {value.casefold() for value in query.categories},
            "source": {value.casefold() for value in query.sources},
            "venue": {value.casefold() for value in query.venues},
            "organisation": {value.casefold() for value in query.organisations},
            "code": {_YES} if query.has_code else set(),
        }
        return {name: tuple(_values(name, answer[name]["buckets"], chosen[name])) for name in FACETS}


def _values(name: str, buckets: list[dict[str, Any]], chosen: set[str]) -> Iterator[FacetValue]:
    """Turn buckets into facet values, most papers first; ``code`` has the one value ``yes``."""
    for bucket in sorted(buckets, key=lambda each: (-each["doc_count"], str(each["key"]))):
        value = bucket["key"] if isinstance(bucket["key"], str) else str(int(bucket["key"]))
        if name == "code":
            if value == "0":
                continue
            value = _YES
        yield FacetValue(value, bucket["doc_count"], chosen=value.casefold() in chosen)


def _joined(head: _Hits, tail: _Hits) -> _Hits:
    """Put the head before what the tail has beside it, its scores lifted so that they still fall."""
    known = {(address.segment_ord, address.doc) for _, address in head}
    rest = [(score, address) for score, address in tail if (address.segment_ord, address.doc) not in known]
    lift = max(0.0, rest[0][0] - head[-1][0]) + 1 if head and rest else 0.0
    return [*((round(score + lift, _DIGITS), address) for score, address in head), *rest]


def _words(demand: Demand, *, scored: bool) -> list[Query]:
    """Beside the body only the title scores in a wider search: the rest costs time there and changes little."""
    return [demand.match, *demand.extras[:1]] if scored else [demand.match]


def _count(result: SearchResult) -> int:
    return int(result.count or 0)  # type: ignore[attr-defined]  # the stubs lack it


def _bare(demands: list[Demand]) -> int:
    return sum(demand.bare for demand in demands)
