"""From a search text to tantivy queries: what must match, and what adds to the score."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log

from tantivy import Query

from broadsheet.index.demand import Demand, any_of, days_query, every, silent
from broadsheet.index.evidence import Judge, Reading
from broadsheet.index.expanding import Expander
from broadsheet.index.han import is_han
from broadsheet.index.highlight import Marks
from broadsheet.index.query_tree import And, Days, Node, Not, Or, Phrase, Tag, TextField, Word
from broadsheet.index.schema import tag
from broadsheet.index.snapshot import Snapshot
from broadsheet.index.words import GLUE, stem, terms

# What one search may cost beside its words, which the grammar limits; what is beyond is searched as plain words.
MAX_STARS = 8
# A phrase is looked for in every paper that has its rarest word: 100,000 papers take about 20 ms.
MAX_PHRASE_PAPERS = 600_000
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
_PREFIXES = ("title_form", "abstract_form", "names")
_FORM_FIELDS: dict[TextField, str] = {
    "title": "title_form",
    "abstract": "abstract_form",
    "author": "author",
    "org": "org",
    "venue": "venue",
}
_PREFIX_SCORE = 0.1
_LONGEST_TITLE = 20
_POSSESSIVE = re.compile(r"[^\W_]['\u2019]s\W*\Z", re.IGNORECASE)

# A last word that this many papers have is taken as complete.
_COMPLETE = _FEW = 50
_COMPLETIONS = 16
_SHORT_STEM = 3
_NEAR_FORMS = 64
_VARIANTS = 16

# A notice repeats this many characters of a word.
_SHOWN = 40

_MANY_STARS = f"One search takes {MAX_STARS} stars; words with further ones were searched as whole words."
_MANY_PHRASES = "There are more common phrases than one search takes; the last ones were searched as single words."
_LONG_TEXT = f"The text is long; it was searched by its {BAG_TERMS} rarest words."


class Compiler:
    """Compiles one search text against one searcher, whose term counts decide about rare and unfinished words."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._term = snapshot.term
        self._expander = Expander(snapshot)
        self._corrections: list[tuple[str, str, int]] = []
        self._stars_left = MAX_STARS
        self._phrase_papers = 0
        self._stems: set[str] = set()
        self._prefixes: set[str] = set()
        self._quiet = False
        self._quoted: list[tuple[str, ...]] = []
        self._reading = Reading()
        self.notices: list[str] = []

    @property
    def judge(self) -> Judge:
        """Who tells why a paper matched, known after compiling; glue is marked only where there is nothing else."""
        stems = frozenset(self._stems - GLUE or self._stems)
        marks = Marks(stems, tuple(sorted(self._prefixes)), tuple(sorted(self._expander.phrases)))
        return Judge(marks, self._reading)

    @property
    def said(self) -> int:
        """Count the bare words of what was typed, small ones too; 0 for a text too long to be typed."""
        return len(self._reading.run)

    def demands(self, tree: Node | None) -> list[Demand]:
        """Compile a tree into what it demands; words without letters demand nothing."""
        found = list(self._node(tree)) if tree else []
        spoken = [demand for demand in found if demand.bare]
        telling = [demand for demand in spoken if demand.stem not in GLUE]
        self._tell_corrections()
        self._reading = Reading(
            words=tuple(telling or spoken),
            run=tuple(demand.form for demand in spoken),
            phrases=tuple(self._quoted),
            firm=any(demand.scored and not demand.bare for demand in found),
        )
        if not telling:
            return found
        self._stems.update(self._expander.widen_runs(spoken))
        if 1 < len(spoken) <= _LONGEST_TITLE:
            telling[0].extras.append(self._adjacent("title_form", [demand.form for demand in spoken], TITLE_PHRASE))
        return [demand for demand in found if not demand.bare or demand.stem not in GLUE]

    def bag(self, text: str) -> list[Demand]:
        """Compile a long text into its rarest words; a word repeated counts as often as the text has it."""
        counts = Counter(token for token, _ in terms(text) if token not in GLUE)
        total = self._snapshot.count + 1
        found = ((token, times, self._snapshot.papers_with("body", token)) for token, times in counts.items())
        known = [(times * log(total / papers), token, times) for token, times, papers in found if papers]
        known.sort(key=lambda entry: (-entry[0], entry[1]))
        if len(known) > BAG_TERMS:
            self._note(_LONG_TEXT)
        demands = [self._bag_word(token, times) for _, token, times in known[:BAG_TERMS]]
        self._reading = Reading(words=tuple(demands))
        return demands

    def _bag_word(self, token: str, times: int) -> Demand:
        # Without its number of papers, which would leave common words out: that costs quality here and gains no time.
        self._stems.add(token)
        title = self._term("title", token, TITLE * times)
        return Demand(self._term("body", token, times), [title], bare=True, stem=token)

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
        before = len(self._quoted)
        choices = [found for child in children if (found := list(self._node(child)))]
        del self._quoted[before:]  # one of several phrases need not stand in a paper
        if choices:
            scored = any(demand.scored for found in choices for demand in found)
            yield Demand(any_of([every(found, scored=True) for found in choices]), scored=scored)

    def _word(self, word: Word) -> Iterator[Demand]:
        tokens = self._heard(word.text)
        for place, (token, form) in enumerate(tokens, 1):
            prefix = word.prefix if place == len(tokens) else ""
            demand = self._fielded(word.field, token, form) if word.field else self._bare(token, form)
            demand.possessive = place == len(tokens) and _POSSESSIVE.search(word.text) is not None
            if corrected := self._corrected(word.field, form, prefix, demand):
                yield corrected
                continue
            if not self._quiet and not word.field and prefix != "asked":
                self._stems.update(self._expander.widen(demand))
            if longer := self._longer(word.field, form, prefix, demand.papers):
                beginnings = [Query.const_score_query(each, _PREFIX_SCORE) for each in longer]
                demand.match = any_of([demand.match, *beginnings])
                demand.papers = max(demand.papers, 1)
                demand.beginning = form
            yield demand

    def _corrected(self, name: TextField, form: str, prefix: str, demand: Demand) -> Demand | None:
        """Read a word that no paper has as one it was meant to be; what few papers have, as either."""
        if self._quiet or prefix == "asked" or name in {"org", "venue"}:
            return None
        # A form that nobody writes may still have a stem that many do: "recurent" has that of "recurring".
        papers = max(self._snapshot.papers_with(each, form) for each in _form_fields(name, _PREFIXES))
        if prefix == "typing":
            papers = max(papers, self._papers_beginning(name, form))
        if name == "author":
            better = "" if papers else self._expander.name(form)
        else:
            better = self._expander.correction(form, papers, known=demand.papers > 0)
        if not better:
            return None
        self._corrections.append((form, better, papers))
        token = stem(better)
        self._stems.add(token)
        meant = self._fielded(name, token, better) if name else self._bare(token, better)
        if papers and not name:
            meant.match = any_of([self._expander.slip(demand, meant), meant.match])
            meant.wordings.append((demand.stem,))
        return meant

    def _papers_beginning(self, name: TextField, form: str) -> int:
        """Count the papers with a word that begins so, roughly, and up to the commonest few words."""
        fields = _form_fields(name, _PREFIXES)
        return max(sum(papers for _, papers in self._snapshot.counted(each, form, _COMPLETIONS)) for each in fields)

    def _tell_corrections(self) -> None:
        for none in (True, False):
            told = [(word, better) for word, better, papers in self._corrections if (papers == 0) == none]
            if told:
                words = _listed([word for word, _ in told], "or" if none else "and")
                others = _listed([better for _, better in told], "and")
                verb = "was" if len(told) == 1 else "were"
                how = "instead. Quote it to search it as it is." if none else "as well. Quote it to leave that out."
                self._note(f"{'No paper has' if none else 'Few papers have'} {words}; {others} {verb} searched {how}")

    def _heard(self, text: str) -> list[tuple[str, str]]:
        found = terms(text)
        if not self._quiet:
            self._stems.update(token for token, _ in found)
        return found

    def _note(self, sentence: str) -> None:
        if sentence not in self.notices:
            self.notices.append(sentence)

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
            variants = self._variants(token, form)
            papers = sum(self._snapshot.papers_with("abstract_form", variant) for variant in variants)
            queries = [self._term("abstract_form", variant) for variant in variants]
            return Demand(any_of(queries), [self._term("abstract_form", form)], papers=papers)
        return Demand(self._term(name, form), papers=self._snapshot.papers_with(name, form))

    def _variants(self, token: str, form: str) -> list[str]:
        """Find the forms in abstracts that share a stem; abstracts have no stemmed field of their own."""
        # The stemmer writes y as i and drops a final e, so a variant need not begin with the whole stem.
        beginning = token[:-1] if len(token) > _SHORT_STEM else token
        near = self._snapshot.completions("abstract_form", beginning, _NEAR_FORMS)
        return sorted({form, *[variant for variant in near if stem(variant) == token][:_VARIANTS]})

    def _longer(self, name: TextField, form: str, prefix: str, papers: int) -> list[Query]:
        """Give what a word matches as the beginning of other words; what must not occur is never guessed at."""
        if prefix == "asked" or (is_han(form) and len(form) == 1):
            found = self._starred(name, form)
        elif prefix == "typing" and papers < _COMPLETE and not self._quiet:
            found = self._completed(name, form)
        else:
            return []
        if found and not self._quiet:
            self._prefixes.add(form)
        return found

    def _starred(self, name: TextField, form: str) -> list[Query]:
        """Match every word that begins so."""
        if not self._stars_left:
            self._note(_MANY_STARS)
            return []
        self._stars_left -= 1
        schema = self._snapshot.schema
        # A form is nothing but letters and digits, so it means itself in a regular expression.
        return [Query.regex_query(schema, each, f"{form}.+") for each in _form_fields(name, _PREFIXES)]

    def _completed(self, name: TextField, form: str) -> list[Query]:
        """Match the commonest words that begin so: faster than all, and enough until the reader types on."""
        near = {each: self._snapshot.completions(each, form, _COMPLETIONS) for each in _form_fields(name, _PREFIXES)}
        return [Query.term_set_query(self._snapshot.schema, each, found) for each, found in near.items() if found]

    def _phrase(self, phrase: Phrase) -> Iterator[Demand]:
        text = phrase.text
        if phrase.field == "author" and text.count(",") == 1:
            last, _, first = text.partition(",")
            text = f"{first} {last}"
        forms = [form for _, form in self._heard(text)]
        if not forms:
            return
        names = _form_fields(phrase.field, _PHRASES)
        most = max(min(self._snapshot.papers_with(name, form) for form in forms) for name in names)
        if self._phrase_papers and self._phrase_papers + most > MAX_PHRASE_PAPERS:
            self._note(_MANY_PHRASES)
            yield from self._word(Word(text, phrase.field))
            return
        self._phrase_papers += most
        if not self._quiet:
            self._quoted.append(tuple(forms))
        yield Demand(any_of([self._adjacent(name, forms, 1.0 if phrase.field else _PHRASES[name]) for name in names]))

    def _adjacent(self, name: str, forms: list[str], boost: float) -> Query:
        if len(forms) == 1:
            return self._term(name, forms[0], boost)
        return Query.boost_query(Query.phrase_query(self._snapshot.schema, name, list(forms)), boost)


def _listed(words: list[str], last: str) -> str:
    quoted = [f"“{word[:_SHOWN]}”" for word in words]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _form_fields(name: TextField, everywhere: Iterable[str]) -> list[str]:
    return [_FORM_FIELDS[name]] if name else list(everywhere)
