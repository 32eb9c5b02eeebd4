"""What else a word may find: other spellings, what an acronym stands for, and what a misspelt word was meant to be."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tantivy import Query

from broadsheet.index.acronyms import LONGEST_SHORT
from broadsheet.index.demand import Demand, all_of, best_of
from broadsheet.index.snapshot import Snapshot
from broadsheet.index.spelling import respelt, splits
from broadsheet.index.vocabulary import edits_allowed
from broadsheet.index.words import GLUE, stem

# What one search may cost beside its words.
MAX_CORRECTIONS = 8
MAX_EXPANSIONS = 12
# Of the words with one first letter, which takes some 20 ms at 160,000 papers and is done once.
_MAX_READINGS = 4

# What another wording counts beside the literal one. Tuned on the SciFact training queries.
_VARIANT = 0.9
_JOINED = 0.5
_EXPANSION = 0.6
# A word so common has enough papers; another spelling would only cost time.
_COMMON_SHARE, _COMMON = 0.1, 1_000
# A phrase is looked for in the papers of its rarer word; of more than these that would take milliseconds.
_MOST_PHRASE_PAPERS = 20_000
# What is rarer than this beside the word itself is somebody's slip.
_SLIP_SHARE = 0.01
_JOINED_SHARE = 0.02
_SHORTEST_SPLIT, _SHORTEST_GLUED = 6, 4

# An acronym is what this share of the papers that have it explain, and its meaning what this share of those say.
_EXPLAINED_SHARE = 0.1
_MEANING_SHARE = 0.25
_MAIN_SHARE = 0.5
_MEANINGS = 50
_LONGEST_RUN = 6
_MANY_PAPERS = 10_000

# A word that few papers have is taken for a slip where another one edit away is this many times commoner.
_FEW = 20
_TIMES_COMMONER = 1_000
_SHORTEST_SLIP = 6
_SHORTEST_NAME, _LEAST_NAME_PAPERS = 7, 3
# A slip that some papers share still counts more than what it is corrected to.
_SLIP = 1.5
_MOST_LEAST = 20


class Wording(NamedTuple):
    """Another way to say a word: the query, the stems to mark or one pair of words, and about how many papers match."""

    query: Query
    stems: tuple[str, ...]
    papers: int


class Expander:
    """Finds other wordings for the words of one search, as many as one search may have."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._papers = snapshot.papers_with
        self._corrections_left = MAX_CORRECTIONS
        self.phrases: set[str] = set()
        self._readings: set[tuple[str, str]] = set()
        self._expansions_left = MAX_EXPANSIONS

    def correction(self, form: str, papers: int, *, known: bool) -> str:
        """Give the word that an unknown or all but unknown one was meant to be; empty where there is none.

        ``papers`` have the word in this form or one that it begins; ``known`` is it when some have it in any form.
        """
        if not self._corrections_left or not form.isalpha() or papers > _FEW or self._is_respelt(form):
            return ""
        # A small shelf lacks many a right word, and short ones have many neighbours: "cats" is no "casts" there.
        if len(form) < _SHORTEST_SLIP and self._snapshot.count < _MANY_PAPERS:
            return ""
        if papers or known:
            found = self._slip(form, max(papers, 1))
        else:
            found = self._near("text", form, max(2, min(_MOST_LEAST, self._snapshot.count // 5_000)))
            if not found and len(form) >= _SHORTEST_NAME:
                found = self._near("author", form, _LEAST_NAME_PAPERS, most_edits=1)
        self._corrections_left -= bool(found)
        return found

    def _is_respelt(self, form: str) -> bool:
        return any(self._papers("body", stem(other)) for other in respelt(form))

    def name(self, form: str) -> str:
        """Give the name of an author that an unknown one was meant to be; empty where there is none."""
        if not self._corrections_left or not form.isalpha():
            return ""
        found = self._near("author", form, _LEAST_NAME_PAPERS - 1, most_edits=1)
        self._corrections_left -= bool(found)
        return found

    def slip(self, rare: Demand, meant: Demand) -> Query:
        """Match a word taken for a slip, paid a little more than what it was meant to be and not for its rarity."""
        scale = self._snapshot.weight(meant.stem) / self._snapshot.weight(rare.stem)
        return Query.boost_query(rare.match, _SLIP * scale)

    def _slip(self, form: str, papers: int) -> str:
        least = papers * _TIMES_COMMONER
        if len(form) < _SHORTEST_SLIP or self._snapshot.count < least:
            return ""
        return self._near("text", form, least, most_edits=1)

    def _near(self, kind: str, form: str, least: int, most_edits: int = 2) -> str:
        # Counted whether they were read before or not, so that an answer does not depend on what was asked earlier.
        readings = self._readings | {(kind, form[0])}
        if not edits_allowed(form) or len(readings) > _MAX_READINGS:
            return ""
        self._readings = readings
        near = self._snapshot.near(kind, form, least=least, most_edits=most_edits)
        return near if stem(near) != stem(form) else ""

    def widen(self, demand: Demand) -> list[str]:
        """Let a bare word also match in other spellings and, an acronym, spelt out; gives the stems to mark."""
        found = [*self._spellings(demand), *self._parted(demand), *self._spelt_out(demand)]
        return self._add(demand, found)

    def widen_runs(self, demands: Sequence[Demand]) -> list[str]:
        """Let neighbouring bare words also match as one word or by their acronym; gives the stems to mark."""
        marks: list[str] = []
        for first, second in pairwise(demands):
            marks += self._joined(first, second)
        at = 0
        while at < len(demands) - 1 and self._expansions_left:
            length, short = self._named_run(demands[at:])
            for demand in demands[at : at + length]:
                scale = _EXPANSION * self._snapshot.weight(demand.stem) / self._snapshot.weight(short)
                query = self._snapshot.term("body", short, scale)
                marks += self._add(demand, [Wording(query, (short,), self._papers("body", short))])
            at += length or 1
        return marks

    def _add(self, demand: Demand, wordings: list[Wording]) -> list[str]:
        wordings = wordings[: self._expansions_left]
        if not wordings:
            return []
        self._expansions_left -= len(wordings)
        self.phrases.update(token for wording in wordings for token in wording.stems if " " in token)
        demand.match = best_of([demand.match, *(wording.query for wording in wordings)])
        demand.papers = max(demand.papers, *(wording.papers for wording in wordings))
        demand.wordings += [wording.stems for wording in wordings]
        return [token for wording in wordings for token in wording.stems if token not in self.phrases]

    def _spellings(self, demand: Demand) -> list[Wording]:
        found = []
        for other in sorted({stem(each) for each in respelt(demand.form)} - {demand.stem}):
            papers = self._papers("body", other)
            if papers > demand.papers * _SLIP_SHARE:
                found.append(Wording(self._as_common(other, demand), (other,), papers))
        return found

    @property
    def _common(self) -> float:
        return max(_COMMON, self._snapshot.count * _COMMON_SHARE)

    def _as_common(self, other: str, demand: Demand, worth: float = _VARIANT) -> Query:
        """Match another spelling, paid as much as the one asked for where that is known."""
        scale = self._snapshot.weight(demand.stem) / self._snapshot.weight(other) if demand.papers else 1.0
        return self._snapshot.term("body", other, worth * scale)

    def _parted(self, demand: Demand) -> list[Wording]:
        """Match a compound as two words: as a phrase, or in papers with both where nobody writes the compound."""
        if demand.papers > self._common or len(demand.form) < _SHORTEST_SPLIT or not demand.form.isalpha():
            return []
        counted = [
            (min(self._written(first), self._written(second)), first, second)
            for first, second in splits(demand.form)
            if not {first, second} & GLUE and self._written(first) > demand.papers * _SLIP_SHARE
        ]
        rarer, first, second = max(counted, default=(0, "", ""))
        if not rarer or rarer <= demand.papers * _SLIP_SHARE:
            return []
        score = _VARIANT * self._snapshot.weight(demand.stem if demand.papers else stem(second))
        if rarer <= _MOST_PHRASE_PAPERS:
            papers = self._snapshot.papers_beyond(first, second, demand.stem)
            if papers > demand.papers * _SLIP_SHARE:
                return [
                    Wording(
                        Query.const_score_query(self._snapshot.phrase(first, second), score),
                        (f"{first} {second}",),
                        papers,
                    )
                ]
        elif not demand.papers and min(len(first), len(second)) >= _SHORTEST_GLUED:
            tokens = (stem(first), stem(second))
            return [Wording(all_of([self._snapshot.term("body", token) for token in tokens]), tokens, rarer)]
        return []

    def _written(self, form: str) -> int:
        """Count the papers that write a word in this form, in title or abstract, twice where it stands in both."""
        return self._papers("abstract_form", form) + self._papers("title_form", form)

    def _joined(self, first: Demand, second: Demand) -> list[str]:
        if len(second.form) == 1 and not second.possessive:
            return []  # "plan b" is not said by what says "plan"
        form = first.form if second.possessive else first.form + second.form
        # Asked of the forms, because the stems hold all that is written with a hyphen too.
        papers = self._written(form) if form.isalpha() else 0
        if papers <= min(first.papers, second.papers) * _JOINED_SHARE:
            return []
        token = stem(form)
        marks = []
        for demand in (second,) if second.possessive else (first, second):
            marks += self._add(demand, [Wording(self._as_common(token, demand, _JOINED), (token,), papers)])
        return marks

    def _spelt_out(self, demand: Demand) -> list[Wording]:
        if demand.papers > self._common:
            return []
        weight = _EXPANSION * self._snapshot.weight(demand.stem)
        found = []
        for long, papers in self._meanings(demand.stem) or self._meanings(demand.form):
            tokens = tuple(long.split())
            every = all_of([self._snapshot.term("body", token) for token in tokens])
            found.append(Wording(Query.const_score_query(every, weight), tokens, papers))
        return found

    def _meanings(self, short: str, share: float = _MEANING_SHARE) -> list[tuple[str, int]]:
        """Give what an acronym stands for, stemmed, as most of the papers that explain it say."""
        if not 1 < len(short) <= LONGEST_SHORT:
            return []
        told = self._snapshot.counted("short", f"{short}=", _MEANINGS)
        total = sum(papers for _, papers in told)
        if total < max(self._least_telling, self._papers("body", stem(short)) * _EXPLAINED_SHARE):
            return []
        return [(term.partition("=")[2], papers) for term, papers in told if papers >= total * share]

    @property
    def _least_telling(self) -> int:
        return 1 if self._snapshot.count < _MANY_PAPERS else 3

    def _named_run(self, demands: Sequence[Demand]) -> tuple[int, str]:
        """Find the longest run of words at the beginning that has an acronym."""
        two = f"{demands[0].stem} {demands[1].stem}"
        if demands[0].stem in GLUE or not self._snapshot.counted("long", two, 1):
            return 0, ""
        for length in range(min(len(demands), _LONGEST_RUN), 1, -1):
            if min(demand.papers for demand in demands[:length]) > self._common:
                continue
            long = " ".join(demand.stem for demand in demands[:length])
            for term, _ in self._snapshot.counted("long", f"{long}=", 1):
                short = term.partition("=")[2]
                if [meaning for meaning, _ in self._meanings(short, _MAIN_SHARE)][:1] == [long]:
                    return length, stem(short)
        return 0, ""
