"""The one or two sentences of an abstract that a digest shows, as plain text."""

from broadsheet.flow.house import House
from broadsheet.model.paper import Paper
from broadsheet.model.text import plain, sentences
from broadsheet.model.wording import shortened
from broadsheet.rank import telling as rank

# Past these an abstract is none, and nobody reads a sentence in a digest.
_MOST_SENTENCES = 30
_LONGEST = 320
# Two sentences that are longer than this together are one too many.
_LONGEST_TWO = 420


def telling_of(house: House, paper: Paper) -> tuple[str, ...]:
    """Choose by the bundled embedder, whichever is at work, so that everybody reads the same; none of no abstract."""
    found = sentences(plain(paper.abstract))[:_MOST_SENTENCES]
    if len(found) > 1:
        chosen = rank.telling(plain(paper.title), found, house.spaces.embedders[-1].embed(found))
        found = [found[number] for number in chosen]
    found = [shortened(sentence, _LONGEST) for sentence in found]
    return tuple(found if sum(map(len, found)) <= _LONGEST_TWO else found[:1])
