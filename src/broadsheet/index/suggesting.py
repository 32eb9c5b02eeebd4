"""What a reader may be about to type: titles, authors, organisations and venues that begin so."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from math import log2

from tantivy import DocAddress, Occur, Query

from broadsheet.index.demand import all_of, any_of
from broadsheet.index.expanding import Expander
from broadsheet.index.port import NameSuggestion, TextSuggestions
from broadsheet.index.schema import id_of, upvotes_of
from broadsheet.index.snapshot import Snapshot
from broadsheet.index.words import GLUE, parts_of, terms
from broadsheet.model.text import clean

MOST_SUGGESTED = 20
_LONGEST_TEXT = 200
_MOST_WORDS = 12
# One letter begins too much for any of it to be meant.
_SHORTEST = 2
_SHORTEST_PART = 3
# Names looked through for one whose other parts fit too.
_NAMES_LOOKED_AT = 2_000
_PARTS_LOOKED_UP = 2
_TURNS = 2
_COMPLETIONS = 32
# Titles ranked by more than the engine's score.
_CANDIDATES = 40
_IN_ORDER = 40.0
_SCORE = 0.5

_Hits = list[tuple[float, DocAddress]]


class Suggester:
    """Suggests from one state of the index."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def suggest(self, beginning: str, limit: int) -> TextSuggestions:
        """Suggest at most ``limit`` of each kind, best first; for no letters nothing."""
        text = clean(beginning[:_LONGEST_TEXT])
        limit = min(max(limit, 1), MOST_SUGGESTED)
        words, parts = terms(text)[:_MOST_WORDS], parts_of(text)[:_MOST_WORDS]
        if text.isascii() and len("".join(parts)) < _SHORTEST:
            return TextSuggestions()
        named = any(part not in GLUE for part in parts)
        return TextSuggestions(
            titles=self._titles(words, limit) or self._titles(self._corrected(words), limit),
            authors=tuple(self._authors(parts, limit)) if named else (),
            organisations=self._names("organisation", parts, limit) if named else (),
            venues=self._names("venue_name", parts, limit) if named else (),
        )

    def _titles(self, words: Sequence[tuple[str, str]], limit: int) -> tuple[int, ...]:
        """Find titles with these words, the last one as a beginning.

        Titles with the words in this order come first, then what readers voted up, what says little else, the newest.
        """
        if not words:
            return ()
        telling = [token for token, _ in words[:-1] if token not in GLUE]
        wanted = [self._snapshot.term("title", token) for token in telling] + self._finished(*words[-1])
        if not wanted:
            return ()
        matching = all_of(wanted)
        clauses = [(Occur.Must, matching)]
        if len(words) > 1:
            forms: list[str | tuple[int, str]] = [form for _, form in words]
            in_order = Query.phrase_prefix_query(self._snapshot.schema, "title_form", forms)
            clauses.append((Occur.Should, Query.const_score_query(in_order, _IN_ORDER)))
        searcher = self._snapshot.searcher
        near = searcher.search(Query.boolean_query(clauses), _CANDIDATES, count=False).hits
        loved = searcher.search(matching, _CANDIDATES, count=False, order_by_field="loved").hits
        return self._ranked(near, [address for _, address in loved])[:limit]

    def _finished(self, token: str, form: str) -> list[Query]:
        """Match what a last word may become, but not small words beside others: they are in every title."""
        found = self._snapshot.completions("title_form", form, _COMPLETIONS)
        queries = [Query.term_set_query(self._snapshot.schema, "title_form", list(found))] if found else []
        if self._snapshot.papers_with("title", token):
            queries.append(self._snapshot.term("title", token))
        # What no title has must still be met, so that nothing is.
        return [any_of(queries)] if queries else [self._snapshot.term("title", token)]

    def _ranked(self, near: _Hits, loved: list[DocAddress]) -> tuple[int, ...]:
        scores = {(address.segment_ord, address.doc): score for score, address in near}
        addresses = {(address.segment_ord, address.doc): address for address in [a for _, a in near] + loved}
        least = min(scores.values(), default=0.0)
        keys = [int(key or 0) for key in self._snapshot.searcher.fast_field_values("loved", list(addresses.values()))]
        days = [int(key or 0) for key in self._snapshot.searcher.fast_field_values("newest", list(addresses.values()))]
        ranked = sorted(
            (-(_SCORE * scores.get(place, least) + log2(1 + upvotes_of(key))), -day, id_of(key))
            for place, key, day in zip(addresses, keys, days, strict=True)
        )
        return tuple([paper_id for _, _, paper_id in ranked])

    def _corrected(self, words: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Give the words with the misspelt ones corrected; nothing where there are none."""
        expander = Expander(self._snapshot)
        papers = [self._snapshot.papers_with("body", token) for token, _ in words]
        better = [
            expander.correction(form, 0, known=False) if not n else ""
            for (_, form), n in zip(words, papers, strict=True)
        ]
        return terms(" ".join(new or form for new, (_, form) in zip(better, words, strict=True))) if any(better) else []

    def _authors(self, parts: Sequence[str], limit: int) -> Iterator[NameSuggestion]:
        found: dict[tuple[str, ...], tuple[str, int]] = {}
        for name, papers in self._called(parts, limit):
            # A name stands there from its first part on and from its last.
            found.setdefault(tuple(sorted(name.split())), (name, papers))
        for name, papers in sorted(found.values(), key=lambda entry: (-entry[1], entry[0]))[:limit]:
            bearing = self._snapshot.term("called", name)
            hits = self._snapshot.searcher.search(bearing, 1, count=False, order_by_field="newest").hits
            if hits:
                yield NameSuggestion(name, papers, id_of(int(hits[0][0])))

    def _called(self, parts: Sequence[str], limit: int) -> list[tuple[str, int]]:
        found = list(self._snapshot.counted("called", " ".join(parts), _TURNS * limit))
        if len(parts) > 1 and len(found) < limit:
            # The longest parts begin the fewest names.
            longest = sorted((part for part in parts if len(part) >= _SHORTEST_PART), key=len)[-_PARTS_LOOKED_UP:]
            near = (entry for part in longest for entry in self._snapshot.counted("called", part, _NAMES_LOOKED_AT))
            found += [(name, papers) for name, papers in near if _fits(name.split(), parts)]
        return found

    def _names(self, field: str, parts: Sequence[str], limit: int) -> tuple[NameSuggestion, ...]:
        def read(earlier: Names | None) -> Names:
            return Names(self._snapshot.counted_all(field), earlier)

        return self._snapshot.latest(("names", field), read).beginning(parts, limit)


class Names:
    """Names with their numbers of papers, to be found by the beginnings of their parts; for some ten thousand.

    Those of an ``earlier`` state are not cut into parts again: 10,000 take some 120 ms anew, then 10 to 40 ms.
    """

    def __init__(self, counted: Iterable[tuple[str, int]], earlier: "Names | None" = None) -> None:
        known: dict[str, list[str]] = earlier.cut if earlier else {}
        self._papers = dict(counted)
        self.cut: dict[str, list[str]] = {name: known.get(name) or parts_of(name) for name in self._papers}
        self.ordered: list[tuple[str, str]]
        if earlier and known.keys() == self.cut.keys():
            self.ordered = earlier.ordered
            return
        kept = [entry for entry in earlier.ordered if entry[1] in self.cut] if earlier else []
        new = {(part, name) for name in self.cut.keys() - known.keys() for part in self.cut[name]}
        # Sorting what is sorted but for a few at the end takes little.
        self.ordered = sorted([*kept, *new])

    def beginning(self, parts: Sequence[str], limit: int) -> tuple[NameSuggestion, ...]:
        """Give the names all these are beginnings of parts of, those that most papers have first."""
        longest = max(parts, key=len)
        first = bisect_left(self.ordered, (longest, ""))
        last = bisect_left(self.ordered, (longest + chr(0x10FFFF), ""))
        near = {name for _, name in self.ordered[first:last]}
        fitting = [name for name in near if len(parts) == 1 or _fits(self.cut[name], parts)]
        fitting.sort(key=lambda name: (-self._papers[name], name))
        return tuple([NameSuggestion(name, self._papers[name]) for name in fitting[:limit]])


def _fits(name: Sequence[str], parts: Sequence[str]) -> bool:
    """Tell whether each of ``parts`` begins another part of a name."""
    left = list(name)
    # The longest first: what begins with it begins with a shorter one too.
    for part in sorted(parts, key=len, reverse=True):
        fitting = next((each for each in left if each.startswith(part)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return True
