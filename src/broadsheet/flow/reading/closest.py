"""The sentence of a paper that is nearest in meaning, for hits that share no word with what was asked."""

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.flow.house import House
from broadsheet.index.port import Shown
from broadsheet.model.paper import Paper
from broadsheet.model.query import Span
from broadsheet.model.text import plain, sentences
from broadsheet.rank.fusion import nearest

# Past these a sentence is no summary and an abstract no abstract.
_LONGEST_SENTENCE = 300
_MOST_SENTENCES = 30


def show_closest(house: House, text: str, found: Sequence[Paper], shown: Sequence[Shown]) -> list[Shown]:
    """Let papers on the same topic show their sentence nearest to ``text``; the others stay as they are.

    The bundled embedder chooses, whoever found them: it reads a page of abstracts in milliseconds.
    """
    guesses = [number for number, each in enumerate(shown) if each.evidence == "same topic"]
    told = list(shown)
    if guesses:
        embedder = house.spaces.embedders[-1]
        asked = embedder.embed([text])[0]
        for number in guesses:
            if of_one := sentences(plain(found[number].abstract))[:_MOST_SENTENCES]:
                best = nearest(asked, embedder.embed(of_one))
                told[number] = replace(told[number], sentence=_spans(of_one[best], first=best == 0))
    return told


def _spans(sentence: str, *, first: bool) -> tuple[Span, ...]:
    cut = len(sentence) > _LONGEST_SENTENCE
    words = f"{sentence[:_LONGEST_SENTENCE].rsplit(' ', 1)[0]} …" if cut else sentence
    return (*(() if first else (Span("… "),)), Span(words))
