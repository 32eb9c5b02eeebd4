"""Why a paper is among the hits, judged on its very text: so a label is true, whatever the engine counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.index.demand import Demand
from broadsheet.index.highlight import SNIPPET_CHARACTERS, Marks, Place, marked, snippet
from broadsheet.index.port import Shown
from broadsheet.index.side_by_side import place
from broadsheet.index.words import stem
from broadsheet.model.paper import Paper
from broadsheet.model.query import Evidence, Span
from broadsheet.model.text import plain


@dataclass(frozen=True, slots=True)
class Reading:
    """What a search text asks for, as far as a text shows it.

    ``words`` are the bare words that tell something, ``run`` the folded forms of all bare words in order, ``phrases``
    the folded forms of what was quoted. ``firm`` when there are words that every hit must have, such as an author's
    name.
    """

    words: tuple[Demand, ...] = ()
    run: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    firm: bool = False


class Judge:
    """The Highlighter of one query."""

    def __init__(self, marks: Marks, reading: Reading) -> None:
        self._marks = marks
        self._reading = reading

    def shown(self, paper: Paper) -> Shown:
        """See Highlighter.shown."""
        title, abstract = plain(paper.title), plain(paper.abstract)
        in_title, in_abstract = self._marks.places(title), self._marks.places(abstract)
        found = _words(in_title) | _words(in_abstract)
        names = ""
        if not (in_abstract or in_title) or not self._has_all(found):
            names = _names(paper)
            found |= _words(self._marks.places(names))
        evidence, at = self._judged(found, title, abstract)
        if found and not (in_abstract or in_title):
            sentence = _line(names, self._marks.places(names))
        else:
            sentence = snippet(abstract, in_abstract, at)
        return Shown(evidence, marked(title, in_title), sentence)

    def _judged(self, found: set[str], title: str, abstract: str) -> tuple[Evidence | None, int]:
        """Give the strongest evidence, and where in the abstract it stands, -1 where any match will do."""
        reading = self._reading
        if not (reading.words or reading.phrases):
            return ("all words" if reading.firm else None), -1
        said = sum(_says(found, word) for word in reading.words)
        if said < len(reading.words):
            return ("some words" if said else "same topic"), -1
        runs = (reading.run,) if len(reading.run) > 1 else () if reading.words else reading.phrases
        places = [place(abstract, run) for run in runs]
        if runs and all(at is not None or place(title, run) is not None for at, run in zip(places, runs, strict=True)):
            return "phrase", max((at for at in places if at is not None), default=-1)
        return "all words", -1

    def _has_all(self, found: set[str]) -> bool:
        return all(_says(found, word) for word in self._reading.words)


def _line(names: str, places: list[Place]) -> tuple[Span, ...]:
    """Mark a line of names from its beginning, unless what matched stands further than a snippet reaches."""
    return snippet(names, places, 0 if places and places[0][1] < SNIPPET_CHARACTERS // 2 else -1)


def _words(places: Sequence[Place]) -> set[str]:
    """Give what stands in these places; a pair of words also counts as each of them."""
    found = {word for _, _, word in places}
    return found.union(*([stem(part) for part in pair.split(" ")] for pair in found if " " in pair))


def _says(found: set[str], word: Demand) -> bool:
    wordings = [(word.stem,), *word.wordings] if word.stem else word.wordings
    return any(all(_has(found, token) for token in wording) for wording in wordings) or bool(
        word.beginning and any(each.startswith(word.beginning) for each in found)
    )


def _has(found: set[str], token: str) -> bool:
    # A stretch of a script without spaces is marked as a whole; a pair of its letters stands inside.
    return token in found or (not token.isascii() and any(token in each for each in found))


def _names(paper: Paper) -> str:
    """Put in one line what a paper is found by beside its text."""
    authors = ", ".join(author.name for author in paper.authors)
    return plain(" · ".join(filter(None, (authors, *paper.organisations, paper.venue, ", ".join(paper.keywords)))))
