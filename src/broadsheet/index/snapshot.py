"""One state of the index, with memories of how common words are: asking tantivy costs as much as a small search."""

from collections.abc import Callable, Sequence
from math import log
from string import ascii_lowercase
from typing import Any, TypeVar

from tantivy import Occur, Query, Schema, Searcher

from broadsheet.index.vocabulary import Near, Vocabulary, edits_allowed, first_letters, likeliest

_MOST_REMEMBERED = 50_000
# Terms with their numbers, some 150 bytes each; a list longer than this is asked for anew.
_MOST_TERMS, _LONGEST_REMEMBERED = 200_000, 64
# Each may hold 20,000 ids of eight bytes.
_MOST_NARROWED = 64
# Words to correct to: the commonest of each field and letter, of those that more than one paper has.
_MOST_WORDS = 10_000
_LEAST_PAPERS = 2
# A vocabulary is read anew when the index has grown or shrunk by this much, and always while that takes no time.
_GROWN = 1.25
_SMALL = 2_000
_VOCABULARIES = {"text": ("abstract_form", "title_form"), "author": ("author",)}

# What was read of an index, with the number of papers there were then.
Kept = dict[tuple[str, str], tuple[int, Any]]
_Kept = TypeVar("_Kept")


class Snapshot:
    """A searcher, its schema, and what was asked of its term dictionaries before; safe to share between threads."""

    def __init__(self, schema: Schema, searcher: Searcher, kept: Kept) -> None:
        """Look at one state; ``kept`` is what earlier ones of the same index have read of it, which may do still."""
        self.schema = schema
        self.searcher = searcher
        self.count: int = searcher.num_docs
        self._papers: dict[tuple[str, str], int] = {}
        self._counted: dict[tuple[str, str, int], tuple[tuple[str, int], ...]] = {}
        self.terms_remembered = 0
        self._phrases: dict[tuple[str, ...], int] = {}
        self._narrowed: dict[object, tuple[int, Sequence[int] | None]] = {}
        self._kept = kept
        self._read_here: dict[tuple[str, str], Any] = {}

    def narrowed(
        self, filters: object, collect: Callable[[], tuple[int, Sequence[int] | None]]
    ) -> tuple[int, Sequence[int] | None]:
        """Give how many papers some filters leave, and which, collecting them the first time."""
        found = self._narrowed.get(filters)
        if found is None:
            found = collect()
            if len(self._narrowed) >= _MOST_NARROWED:
                self._narrowed.clear()
            self._narrowed[filters] = found
        return found

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
        return tuple([term for term, _ in self.counted(name, beginning, limit)])

    def counted(self, name: str, beginning: str, limit: int) -> tuple[tuple[str, int], ...]:
        """Give the terms of a field that begin so with their numbers of papers, the commonest first."""
        key = (name, beginning, limit)
        found = self._counted.get(key)
        if found is None:
            found = tuple(self.searcher.terms_with_prefix(name, beginning, limit=limit))
            self._remember_terms(key, found)
        return found

    def _remember_terms(self, key: tuple[str, str, int], found: tuple[tuple[str, int], ...]) -> None:
        if len(found) > _LONGEST_REMEMBERED:
            return
        self.terms_remembered += 1 + len(found)
        if self.terms_remembered > _MOST_TERMS:
            self._counted.clear()
            self.terms_remembered = 1 + len(found)
        self._counted[key] = found

    def papers_beyond(self, first: str, second: str, joined: str) -> int:
        """Count the papers that have two words next to each other in title or abstract, and not one stem for both."""
        key = (first, second, joined)
        found = self._phrases.get(key)
        if found is None:
            beyond = [(Occur.Must, self.phrase(first, second)), (Occur.MustNot, self.term("body", joined))]
            found = int(self.searcher.search(Query.boolean_query(beyond), 1).count)  # type: ignore[attr-defined]
            _remember(self._phrases, key, found)
        return found

    def weight(self, token: str) -> float:
        """Give what BM25 pays for a stem that stands once in a text of average length: its inverse frequency."""
        papers = self.papers_with("body", token)
        return log(1 + (max(self.count - papers, 0) + 0.5) / (papers + 0.5))

    def near(self, kind: str, word: str, *, least: int, most_edits: int) -> str:
        """Give the word of ``text`` or of ``author`` that a misspelt one was meant to be; empty where there is none.

        It is one that at least ``least`` papers have. The first letter may be missing, too many, swapped or wrong.
        """
        for edits in range(1, min(most_edits, edits_allowed(word)) + 1):
            found = self._vocabulary(kind, word[0]).within(word, edits)
            if edits == 1:
                found += self._with_other_first_letter(kind, word)
            if better := likeliest(word, found, least):
                return better
        return ""

    def _with_other_first_letter(self, kind: str, word: str) -> list[Near]:
        fields = _VOCABULARIES[kind]
        return [Near(each, max(self.papers_with(name, each) for name in fields), 1) for each in first_letters(word)]

    def counted_all(self, name: str) -> list[tuple[str, int]]:
        """Give all terms of a field with their numbers of papers, the commonest first."""
        return list(self.searcher.terms_with_prefix(name, "", limit=_MOST_WORDS))

    def latest(self, key: tuple[str, str], read: Callable[[_Kept | None], _Kept]) -> _Kept:
        """Give what was read of this very state, or read it now from what an earlier state gave, if any."""
        found = self._read_here.get(key)
        if found is None:
            _, earlier = self._kept.get(key, (0, None))
            found = self._read_here[key] = read(earlier)
            self._kept[key] = self.count, found
        return found

    def read_vocabularies(self) -> None:
        """Read the words of every letter now rather than when one is first misspelt."""
        for letter in ascii_lowercase:
            self._vocabulary("text", letter)

    def _vocabulary(self, kind: str, letter: str) -> Vocabulary:
        """Give the words with a first letter.

        Reading those of one takes about 20 ms at 160,000 papers; snapshots that follow on each other share them.
        """
        count, known = self._kept.get((kind, letter), (-1, None))
        if known is None or not self._still_fits(count):
            known = self._read(kind, letter)
            self._kept[kind, letter] = self.count, known
        return known  # type: ignore[no-any-return]  # a key names what is kept under it

    def _still_fits(self, count: int) -> bool:
        return count == self.count or (count > _SMALL and count / _GROWN <= self.count <= count * _GROWN)

    def _read(self, kind: str, letter: str) -> Vocabulary:
        papers: dict[str, int] = {}
        for name in _VOCABULARIES[kind]:
            for term, count in self.searcher.terms_with_prefix(name, letter, limit=_MOST_WORDS):
                if count < _LEAST_PAPERS:
                    break
                papers[term] = max(papers.get(term, 0), count)
        return Vocabulary(papers.items())

    def phrase(self, *forms: str) -> Query:
        """Match words next to each other in title or abstract."""
        fields = ("title_form", "abstract_form")
        return Query.boolean_query(
            [(Occur.Should, Query.phrase_query(self.schema, name, list(forms))) for name in fields]
        )

    def term(self, name: str, term: str, boost: float = 1.0) -> Query:
        """Match a term of a field."""
        query = Query.term_query(self.schema, name, term)
        return query if boost == 1.0 else Query.boost_query(query, boost)


def _remember(memory: dict[Any, Any], key: object, value: object) -> None:
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[key] = value
