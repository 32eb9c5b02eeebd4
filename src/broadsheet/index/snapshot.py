"""One state of the index, with memories of how common words are: asking tantivy costs as much as a small search."""

from typing import Any

from tantivy import Query, Schema, Searcher

_MOST_REMEMBERED = 50_000


class Snapshot:
    """A searcher, its schema, and what was asked of its term dictionaries before; safe to share between threads."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self.schema = schema
        self.searcher = searcher
        self.count: int = searcher.num_docs
        self._papers: dict[tuple[str, str], int] = {}
        self._completions: dict[tuple[str, str, int], tuple[str, ...]] = {}

    def papers_with(self, name: str, term: str) -> int:
        """Count the papers whose field has a term, deleted ones not yet merged away included."""
        key = (name, term)
        found = self._papers.get(key)
        if found is None:
            found = self.searcher.doc_freq(name, term)
            _remember(self._papers, key, found)
        return found

    def completions(self, name: str, beginning: str, limit: int) -> tuple[str, ...]:
        """Give the terms of a field that begin so, those that most papers have first."""
        key = (name, beginning, limit)
        found = self._completions.get(key)
        if found is None:
            found = tuple(term for term, _ in self.searcher.terms_with_prefix(name, beginning, limit=limit))
            _remember(self._completions, key, found)
        return found

    def term(self, name: str, term: str, boost: float = 1.0) -> Query:
        """Match a term of a field."""
        query = Query.term_query(self.schema, name, term)
        return query if boost == 1.0 else Query.boost_query(query, boost)


def _remember(memory: dict[Any, Any], key: object, value: object) -> None:
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[key] = value
