"""Papers near a query in meaning, joined with those that answer it by words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from broadsheet.flow.house import House
from broadsheet.flow.spaces import Answering
from broadsheet.index.port import MOST_AMONG, TextResult, VectorIndex, Vectors
from broadsheet.model.query import Query
from broadsheet.rank.fusion import FEEDBACK_HITS, Candidates, Fused, on_topic, share_of_meaning, towards

# Where the two lists are joined; past this words alone go on.
DEPTH = 200
NEAREST = 100
# The nearest of all that are sifted at most, and how many more than needed are taken on average.
_MOST_SIFTED = 5_000
_SPARE = 1.5


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the query for the words, what it is about, and the vector of that.

    ``titled`` are papers whose title the text is, ``besides`` papers that are not to be found.
    """

    query: Query
    about: str
    vector: Vectors
    titled: frozenset[int] = frozenset()
    besides: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Joined:
    """All that is found in order, as ``(paper id, score)``; ``related`` are there for their meaning alone."""

    hits: tuple[tuple[int, float], ...]
    words: TextResult
    related: frozenset[int]


def join(house: House, asked: Asked, answering: Answering) -> Joined:
    """Find by words and by meaning, and put both in one order."""
    return join_by(house, asked, answering, (answering.weight,))[0]


def join_by(house: House, asked: Asked, answering: Answering, weights: Sequence[float]) -> list[Joined]:
    """Find once, and put what was found in one order for each weight that meaning may have."""
    query = asked.query
    end = query.offset + query.limit + len(asked.besides)
    words = house.text_index.search(
        replace(query, offset=0, limit=max(DEPTH, end)), deadline_ms=house.settings.search_deadline_ms
    )
    by_words = [hit for hit in words.hits if hit[0] not in asked.besides] if query.way == "both" else []
    near = _near(house, asked, answering.vectors, _least(query, answering.vectors, asked.vector, words))
    titled = [hit for hit in by_words if hit[0] in asked.titled]
    by_words = [*titled, *(hit for hit in by_words if hit[0] not in asked.titled)]
    candidates = Candidates(by_words[:DEPTH], near, len(titled) or words.whole)

    def ordered(weight: float) -> Joined:
        share = share_of_meaning(weight, words.telling, passage=query.passage) if by_words else 1.0
        head = _with_feedback(answering.vectors, asked.vector, candidates, share)
        known = {each.paper_id for each in head}
        # Scores by words go on below those of the joined order, so that they fall throughout.
        tail = [(paper_id, 0.0) for paper_id, _ in by_words[DEPTH:] if paper_id not in known]
        hits = [(each.paper_id, each.score) for each in head]
        return Joined((*hits, *tail), words, frozenset(each.paper_id for each in head if not each.by_words))

    return [ordered(weight) for weight in weights]


def _least(query: Query, vectors: VectorIndex, vector: Vectors, words: TextResult) -> float:
    """Give the cosine below which a paper is near by accident; whoever asks for meaning alone sees the nearest."""
    return -1.0 if query.way == "meaning" else on_topic(*vectors.spread(vector), matched=words.total > 0)


def _near(house: House, asked: Asked, vectors: VectorIndex, least: float) -> dict[int, float]:
    """Find the nearest papers that meet what narrows the query, and lie no further than ``least``."""
    total, among = house.text_index.narrowed(asked.query, MOST_AMONG)
    if among is not None:
        found = vectors.nearest(asked.vector, NEAREST, among=among)
    elif total < vectors.count():
        found = _sifted(house, asked, vectors, total)
    else:
        found = vectors.nearest(asked.vector, NEAREST + len(asked.besides))
    return {paper_id: cosine for paper_id, cosine in found if cosine >= least and paper_id not in asked.besides}


def _sifted(house: House, asked: Asked, vectors: VectorIndex, total: int) -> list[tuple[int, float]]:
    share = max(total, 1) / vectors.count()
    found = vectors.nearest(asked.vector, min(_MOST_SIFTED, ceil(NEAREST / share * _SPARE)))
    fitting = house.text_index.fitting(asked.query, [paper_id for paper_id, _ in found])
    return [hit for hit in found if hit[0] in fitting][:NEAREST]


def _with_feedback(vectors: VectorIndex, vector: Vectors, candidates: Candidates, weight: float) -> list[Fused]:
    """Order papers; where words speak too, move the query towards the first of them and order them again."""
    first = candidates.fused(vectors.cosines(vector, candidates.ids), weight)
    if weight == 1.0:
        return first
    leading = vectors.vectors([each.paper_id for each in first[:FEEDBACK_HITS]])
    return candidates.fused(vectors.cosines(towards(vector, list(leading.values())), candidates.ids), weight)
