"""Test search on the shelf's own papers, and find which share of meaning serves this shelf best."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from statistics import fmean, median

from broadsheet.flow.house import House
from broadsheet.flow.reading.asking import ask
from broadsheet.flow.reading.near import join_by
from broadsheet.flow.reading.search import search
from broadsheet.flow.spaces import Answering
from broadsheet.flow.upkeep.known_items import KnownItem, draw
from broadsheet.model.query import WAYS, Way
from broadsheet.model.selftest import DEPTH, KINDS, Kind, Measured, SelfTest, Trial
from broadsheet.rank.tuning import WEIGHTS, better_weight, is_fit, mean_gain
from broadsheet.store import selftests, spaces

# Papers to draw: a query of each kind from each. So many tell an MRR to within .02 (two standard errors, on 164,537).
PAPERS = 300
# Kinds of look-up that meaning must not spoil, whatever it does for others.
_GUARDED: tuple[Kind, ...] = ("title", "half title")

Progress = Callable[[int, int], None]
Gains = dict[str, list[float]]


def selftest(
    house: House, *, papers: int = PAPERS, seed: int = 1, tune: bool = True, progress: Progress | None = None
) -> SelfTest:
    """Ask for known papers by words, by meaning and by both; keep what was found, and with ``tune`` a better weight.

    ``papers`` are drawn by ``seed``, and a query of each of KINDS is made from each. With ``tune`` the shares of
    meaning in WEIGHTS are tried first: one that clearly finds more than the embedder's own, and loses nothing where
    titles are looked up, is used from then on, else the embedder's own. ``progress`` hears
    ``(searches done, in all)``. Raises Invalid when there are too few papers with abstracts, Unavailable when the
    embedder does not answer.
    """
    drawn = draw(house, papers, seed)
    answering = house.spaces.answering()
    items = list(chain.from_iterable(drawn.values()))
    tell = _counting(progress, len(items) * (len(WAYS) + tune))
    trials: tuple[Trial, ...] = ()
    weight = answering.space.weight
    if tune:
        trials, weight = _tuned(house, answering, tell(items))
        with house.store.writing() as connection:
            spaces.weigh(connection, answering.space.id, weight)
        house.spaces.look_again()
    found = SelfTest(
        at=house.clock(),
        embedder=answering.space.identity.name,
        version=answering.space.identity.version,
        papers=len(drawn),
        seed=seed,
        default=answering.embedder.weight,
        weight=weight,
        measured=tuple(each for way in WAYS for each in _measured(house, tell(items), way)),
        trials=trials,
    )
    with house.store.writing() as connection:
        selftests.add(connection, answering.space.id, found)
    return found


def latest(house: House) -> SelfTest | None:
    """Give what the last self-test found, None where there was none."""
    with house.store.reading() as connection:
        return selftests.latest(connection)


def _counting(progress: Progress | None, total: int) -> Callable[[Iterable[KnownItem]], Iterator[KnownItem]]:
    done = 0

    def told(items: Iterable[KnownItem]) -> Iterator[KnownItem]:
        nonlocal done
        for item in items:
            yield item
            done += 1
            if progress:
                progress(done, total)

    return told


def _tuned(house: House, answering: Answering, items: Iterable[KnownItem]) -> tuple[tuple[Trial, ...], float | None]:
    """Try all weights on what one retrieval a query finds; give the trials and the better weight, None for none."""
    default = answering.embedder.weight
    weights = sorted({*WEIGHTS, default})
    by_words = _no_gains()
    tried = {weight: _no_gains() for weight in weights}
    for item in items:
        asked = ask(house, replace(item.query, limit=DEPTH), answering)
        joined = join_by(house, asked, answering, weights)
        by_words[item.kind].append(_gain([paper_id for paper_id, _ in joined[0].words.hits], item))
        for weight, found in zip(weights, joined, strict=True):
            tried[weight][item.kind].append(_gain([paper_id for paper_id, _ in found.hits], item))
    trials = tuple(
        Trial(weight=weight, mrr=mean_gain(gains), fit=is_fit(gains, by_words, _GUARDED))
        for weight, gains in tried.items()
    )
    return trials, better_weight(tried, by_words, _GUARDED, default)


def _no_gains() -> Gains:
    return {kind: [] for kind in KINDS}


def _gain(found: Sequence[int], item: KnownItem) -> float:
    """Give one over the rank of the paper looked for, 0 beyond DEPTH."""
    first = found[:DEPTH]
    return 1 / (first.index(item.paper_id) + 1) if item.paper_id in first else 0.0


def _measured(house: House, items: Iterable[KnownItem], way: Way) -> Iterator[Measured]:
    gains, times = _no_gains(), _no_gains()
    for item in items:
        found = search(house, replace(item.query, way=way, limit=DEPTH))
        papers = [found.exact] if found.exact else [hit.paper for hit in found.hits]
        gains[item.kind].append(_gain([paper.id for paper in papers], item))
        times[item.kind].append(found.took_ms)
    for kind in KINDS:
        if gains[kind]:
            yield Measured(
                kind=kind,
                way=way,
                queries=len(gains[kind]),
                first=fmean(gain == 1 for gain in gains[kind]),
                tenth=fmean(gain > 0 for gain in gains[kind]),
                mrr=fmean(gains[kind]),
                ms=median(times[kind]),
            )
