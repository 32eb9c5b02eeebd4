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
    return [
        _with_closest(house, text, paper, each) if each.evidence == "same topic" and paper.abstract else each
        for paper, each in zip(found, shown, strict=True)
    ]


def _with_closest(house: House, text: str, paper: Paper, shown: Shown) -> Shown:
    told = sentences(plain(paper.abstract))[:_MOST_SENTENCES]
    rows = house.spaces.embedders[-1].embed([text, *told])
    best = nearest(rows[0], rows[1:])
    sentence = told[best]
    cut = len(sentence) > _LONGEST_SENTENCE
    words = f"{sentence[:_LONGEST_SENTENCE].rsplit(' ', 1)[0]} …" if cut else sentence
    return replace(shown, sentence=(*((Span("… "),) if best else ()), Span(words)))
