"""From a search text to tantivy queries: what must match, and what adds to the score."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import log

from tantivy import FieldType, Occur, Query, Schema

from broadsheet.index.han import is_han
from broadsheet.index.highlight import Marks
from broadsheet.index.query_tree import And, Days, Node, Not, Or, Phrase, Tag, TextField, Word
from broadsheet.index.schema import tag
from broadsheet.index.snapshot import Snapshot
from broadsheet.index.words import stem, terms

MAX_TERMS = 64
# A pasted text keeps this many of its rarest words; fewer cost quality, more only cost time.
BAG_TERMS = 48

# Weights beside the 1.0 of a stem anywhere in the paper. Tuned on the SciFact training queries.
TITLE = 0.3
TITLE_FORM = 0.1
ABSTRACT_FORM = 0.1
TITLE_PHRASE = 0.5
NAMES = 0.5
# A word that more than this share of all papers has is no name.
_NAME_SHARE = 0.01
# A word whose papers nearly all have it in this one form gains nothing from being compared with its other forms.
_ONE_FORM = 0.8
_PHRASES = {"title_form": 2.0, "abstract_form": 1.0, "author": 1.5, "org": 1.0, "venue": 1.0}
_PREFIX_SCORE = 0.1
_LONGEST_TITLE = 20

# Words that hold sentences together; a paper need not have them, unless they are all that is asked for.
_GLUE = frozenset(
    stem(word)
    for word in (
        "a an and are as at be by can do does for from has have how in is it its of on or that the their this to was"
        " were what when where which who why will with"
    ).split()
)

# A last word that this many papers have is taken as complete.
_COMPLETE = _FEW = 50
_TYPING_COMPLETIONS = 16
_ASKED_COMPLETIONS = 64
_VARIANTS = 16

_Clauses = list[tuple[Occur, Query]]


@dataclass(slots=True)
class Demand:
    """One thing a query asks for; ``extras`` only add to the score.

    ``bare`` words may be missing in a wider search. ``papers`` is about how many match; 0 also when nobody counted.
    """

    match: Query
    extras: list[Query] = field(default_factory=list)
    bare: bool = False
    excluded: bool = False
    scored: bool = True
    papers: int = 0
    stem: str = ""
    form: str = ""


class Compiler:
    """Compiles one search text against one searcher, whose term counts decide about rare and unfinished words."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._term = snapshot.term
        self._left = MAX_TERMS
        self._stems: set[str] = set()
        self._prefixes: list[str] = []
        self._quiet = False
        self.cut = False

    @property
    def marks(self) -> Marks:
        """What to highlight, known after compiling."""
        return Marks(frozenset(self._stems), tuple(self._prefixes))

    def demands(self, tree: Node | None) -> list[Demand]:
        """Compile a tree into what it demands; words without letters demand nothing."""
        found = list(self._node(tree)) if tree else []
        spoken = [demand for demand in found if demand.bare]
        telling = [demand for demand in spoken if demand.stem not in _GLUE]
        if not telling:
            return found
        if 1 < len(spoken) <= _LONGEST_TITLE:
            telling[0].extras.append(self._adjacent("title_form", [demand.form for demand in spoken], TITLE_PHRASE))
        return [demand for demand in found if not demand.bare or demand.stem not in _GLUE]

    def bag(self, text: str) -> list[Demand]:
        """Compile a long text into its rarest words; a word repeated counts as often as the text has it."""
        counts = Counter(token for token, _ in terms(text) if token not in _GLUE)
        total = self._snapshot.count + 1
        found = ((token, times, self._snapshot.papers_with("body", token)) for token, times in counts.items())
        known = [(times * log(total / papers), token, times) for token, times, papers in found if papers]
        known.sort(key=lambda entry: (-entry[0], entry[1]))
        self.cut = len(known) > BAG_TERMS
        return [self._bag_word(token, times) for _, token, times in known[:BAG_TERMS]]

    def _bag_word(self, token: str, times: int) -> Demand:
        self._stems.add(token)
        title = self._term("title", token, TITLE * times)
        return Demand(self._term("body", token, times), [title], bare=True)

    def _node(self, node: Node) -> Iterator[Demand]:
        match node:
            case Word():
                yield from self._word(node)
            case Phrase():
                yield from self._phrase(node)
            case Tag(kind, value):
                yield Demand(silent(self._term("tag", tag(kind, value))), scored=False)
            case Days(first, last):
                yield Demand(silent(days_query(self._snapshot.schema, first, last)), scored=False)
            case Not(child):
                yield from self._not(child)
            case And(children):
                # Words in parentheses without an OR are the same words: they stay bare.
                yield from (demand for each in children for demand in self._node(each))
            case Or(children):
                yield from self._or(children)

    def _not(self, child: Node) -> Iterator[Demand]:
        quiet, self._quiet = self._quiet, True
        inner = list(self._node(child))
        self._quiet = quiet
        if inner:
            yield Demand(every(inner, scored=False), excluded=True, scored=False)

    def _or(self, children: Iterable[Node]) -> Iterator[Demand]:
        choices = [every(found, scored=True) for child in children if (found := list(self._node(child)))]
        if choices:
            yield Demand(any_of(choices), scored=True)

    def _word(self, word: Word) -> Iterator[Demand]:
        tokens = terms(word.text)[: self._left]
        self._left -= len(tokens)
        self.cut |= not self._left
        for place, (token, form) in enumerate(tokens, 1):
            if not self._quiet:
                self._stems.add(token)
            demand = self._fielded(word.field, token, form) if word.field else self._bare(token, form)
            prefix = "asked" if is_han(form) and len(form) == 1 else word.prefix if place == len(tokens) else ""
            self._complete(demand, word.field, form, prefix)
            yield demand

    def _bare(self, token: str, form: str) -> Demand:
        papers = self._snapshot.papers_with("body", token)
        extras = [self._term("title", token, TITLE)]
        if self._snapshot.papers_with("abstract_form", form) < papers * _ONE_FORM:
            extras += [self._term("title_form", form, TITLE_FORM), self._term("abstract_form", form, ABSTRACT_FORM)]
        if papers <= _FEW + self._snapshot.count * _NAME_SHARE:
            extras.append(self._term("names", form, NAMES))
        return Demand(self._term("body", token), extras, bare=True, papers=papers, stem=token, form=form)

    def _fielded(self, name: TextField, token: str, form: str) -> Demand:
        if name == "title":
            papers = self._snapshot.papers_with("title", token)
            return Demand(self._term("title", token), [self._term("title_form", form, TITLE_FORM)], papers=papers)
        if name == "abstract":
            variants = [self._term("abstract_form", variant) for variant in self._variants(token, form)]
            return Demand(any_of(variants), [self._term("abstract_form", form)], papers=len(variants) and _COMPLETE)
        return Demand(self._term(name, form), papers=self._snapshot.papers_with(name, form))

    def _variants(self, token: str, form: str) -> set[str]:
        """Find the forms in abstracts that share a stem; abstracts have no stemmed field of their own."""
        # The stemmer writes y as i and drops a final e, so a variant need not begin with the whole stem.
        beginning = token[:-1] if len(token) > _SHORT_STEM else token
        near = self._snapshot.completions("abstract_form", beginning, _ASKED_COMPLETIONS)
        return {form, *[variant for variant in near if stem(variant) == token][:_VARIANTS]}

    def _complete(self, demand: Demand, name: TextField, form: str, prefix: str) -> None:
        """Let a word match as the beginning of others too, at a lower score."""
        if not prefix or (prefix == "typing" and demand.papers >= _COMPLETE):
            return
        limit = _ASKED_COMPLETIONS if prefix == "asked" else _TYPING_COMPLETIONS
        names = (_FORM_FIELDS[name],) if name else tuple(_PHRASES)
        queries = [demand.match]
        for each in names:
            found = self._snapshot.completions(each, form, limit)
            if found:
                queries.append(
                    Query.const_score_query(Query.term_set_query(self._snapshot.schema, each, found), _PREFIX_SCORE)
                )
        if len(queries) > 1 and not self._quiet:
            self._prefixes.append(form)
        demand.match = any_of(queries)

    def _phrase(self, phrase: Phrase) -> Iterator[Demand]:
        text = phrase.text
        if phrase.field == "author" and text.count(",") == 1:
            last, _, first = text.partition(",")
            text = f"{first} {last}"
        pairs = terms(text)[: self._left]
        self._left -= len(pairs)
        if not pairs:
            return
        if not self._quiet:
            self._stems.update(token for token, _ in pairs)
        forms = [form for _, form in pairs]
        names = {_FORM_FIELDS[phrase.field]: 1.0} if phrase.field else _PHRASES
        yield Demand(any_of([self._adjacent(name, forms, boost) for name, boost in names.items()]))

    def _adjacent(self, name: str, forms: list[str], boost: float) -> Query:
        if len(forms) == 1:
            return self._term(name, forms[0], boost)
        return Query.boost_query(Query.phrase_query(self._snapshot.schema, name, list(forms)), boost)


_SHORT_STEM = 3
_FORM_FIELDS: dict[TextField, str] = {
    "title": "title_form",
    "abstract": "abstract_form",
    "author": "author",
    "org": "org",
    "venue": "venue",
}


def any_of(queries: list[Query]) -> Query:
    """Match any of the queries."""
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def silent(query: Query) -> Query:
    """Match without adding to the score."""
    return Query.const_score_query(query, 0.0)


def days_query(schema: Schema, first: int, last: int) -> Query:
    """Match papers published within two days YYYYMMDD, both inclusive; an undated paper never matches."""
    return Query.range_query(schema, "day", FieldType.Unsigned, first, last)


def every(demands: Iterable[Demand], *, scored: bool) -> Query:
    """Match what meets all demands, including only exclusions."""
    return Query.boolean_query(clauses(demands, scored=scored))


def clauses(demands: Iterable[Demand], *, scored: bool) -> _Clauses:
    """Spell demands that must all be met as clauses of one boolean query."""
    found: _Clauses = []
    for demand in demands:
        found.append((Occur.MustNot if demand.excluded else Occur.Must, demand.match))
        if scored and not demand.excluded:
            found += [(Occur.Should, extra) for extra in demand.extras]
    if all(occur == Occur.MustNot for occur, _ in found):
        found.append((Occur.Must, silent(Query.all_query())))
    return found
