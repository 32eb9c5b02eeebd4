"""Papers near a query in meaning, joined with those that answer it by words."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import ceil
from os import cpu_count

from broadsheet.flow.house import House
from broadsheet.flow.reading.asking import Asked
from broadsheet.flow.spaces import Answering
from broadsheet.index.port import MOST_AMONG, TextResult, VectorIndex, Vectors
from broadsheet.model.query import Query
from broadsheet.rank.fusion import FEEDBACK_HITS, Candidates, Fused, Held, on_topic, share_of_meaning, towards

# Where the two lists are joined; past this words alone go on.
DEPTH = 200
NEAREST = 100
# The nearest of all that are sifted at most, and how many more than needed are taken on average.
_MOST_SIFTED = 5_000
_SPARE = 1.5
_LEAST_SHARE = 1e-3
# Both engines compute outside Python, so the two searches take as long as the slower one.
_BESIDE = ThreadPoolExecutor(max_workers=cpu_count() or 1, thread_name_prefix="nearest")


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
    query, besides = asked.query, asked.besides
    end = max(DEPTH, query.offset + query.limit) + len(besides)
    nearest = _BESIDE.submit(_nearest, house, asked, answering.vectors)
    words = house.text_index.search(replace(query, offset=0, limit=end), deadline_ms=house.settings.search_deadline_ms)
    least = _least(query, answering.vectors, asked.vector, words)
    near = [paper_id for paper_id, cosine in nearest.result() if cosine >= least and paper_id not in besides]
    by_words = [hit for hit in words.hits if hit[0] not in besides] if query.way == "both" else []
    head, tail = by_words[:DEPTH], by_words[DEPTH:]
    head.sort(key=lambda hit: hit[0] not in asked.titled)
    titled = sum(paper_id in asked.titled for paper_id, _ in head)
    whole = sum(paper_id not in besides for paper_id, _ in words.hits[: words.whole]) if by_words else 0
    candidates = Candidates(head, near, titled=titled, whole=whole)

    def ordered(weight: float) -> Joined:
        share = share_of_meaning(weight, words.said, passage=query.passage) if by_words else 1.0
        first = _with_feedback(answering.vectors, asked.vector, candidates, share)
        known = {each.paper_id for each in first}
        # Scores by words go on below those of the joined order, so that they fall throughout.
        rest = [(paper_id, 0.0) for paper_id, _ in tail if paper_id not in known]
        hits = [(each.paper_id, each.score) for each in first]
        return Joined((*hits, *rest), words, frozenset(each.paper_id for each in first if not each.by_words))

    return [ordered(weight) for weight in weights]


def _least(query: Query, vectors: VectorIndex, vector: Vectors, words: TextResult) -> float:
    """Give the cosine below which a paper is near by accident; whoever asks for meaning alone sees the nearest."""
    return -1.0 if query.way == "meaning" else on_topic(*vectors.spread(vector), matched=words.total > 0)


def _nearest(house: House, asked: Asked, vectors: VectorIndex) -> list[tuple[int, float]]:
    """Find the nearest papers that meet what narrows the query: all of few are compared, the nearest of many sifted."""
    most = NEAREST + len(asked.besides)
    total, among = house.text_index.narrowed(asked.query, MOST_AMONG)
    if among is not None:
        return vectors.nearest(asked.vector, most, among=among)
    share = total / max(total, house.text_index.count(), 1)
    wanted = most if share == 1 else min(_MOST_SIFTED, ceil(most / max(share, _LEAST_SHARE) * _SPARE))
    found = vectors.nearest(asked.vector, wanted)
    fitting = house.text_index.fitting(asked.query, [paper_id for paper_id, _ in found])
    return [hit for hit in found if hit[0] in fitting][:most]


def _with_feedback(vectors: VectorIndex, vector: Vectors, candidates: Candidates, weight: float) -> list[Fused]:
    """Order papers; where words speak too, move the query towards the first of them and order them again."""
    held = vectors.vectors(candidates.ids)
    rows = Held(held, candidates.ids)
    cosines = rows.cosines(vector)
    if weight < 1:
        leading = candidates.leading(cosines, weight, FEEDBACK_HITS)
        moved = towards(vector, [held[paper_id] for paper_id in leading if paper_id in held])
        cosines = rows.cosines(moved)
    return candidates.fused(cosines, weight)
