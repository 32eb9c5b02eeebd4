"""Check that the store and its memories, the indexes, agree, and heal these where they do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from broadsheet.flow.house import House
from broadsheet.flow.shelf import reindex
from broadsheet.flow.upkeep.check_embeddings import Meaning, check
from broadsheet.flow.upkeep.status import versions
from broadsheet.store import changes, papers

_BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What the doctor found. ``missing``, ``stale`` and ``extra`` count papers of the index before healing.

    ``damage`` are sentences on broken files of the index before healing, ``faults`` on failed integrity checks of the
    store, which cannot be healed from here. ``meaning`` is what was found of embeddings.
    """

    papers: int
    indexed: int
    behind: int
    missing: int
    stale: int
    extra: int
    damage: tuple[str, ...]
    faults: tuple[str, ...]
    versions: dict[str, str]
    healed: bool
    meaning: Meaning

    @property
    def differences(self) -> int:
        """How many papers differ between store and index."""
        return self.missing + self.stale + self.extra

    @property
    def well(self) -> bool:
        """Whether nothing is wrong, or everything that was wrong has been healed."""
        if self.faults or self.meaning.trouble:
            return False
        wrong = self.differences or self.behind or self.damage or self.meaning.differences or self.meaning.behind
        return self.healed or not wrong


def doctor(house: House, *, heal: bool = True) -> Diagnosis:
    """Read the whole index, and compare every paper's stamp in store and index; with ``heal`` mend the indexes.

    The store is the truth. An index that is merely behind is caught up first, so a difference is one that no pending
    change explains. A damaged index is built anew, or else not compared.
    """
    damage = house.text_index.damage()
    with house.store.reading() as connection:
        behind = 0 if damage else max(0, changes.head(connection) - house.text_index.seen())
        faults = papers.faults(connection)
    if heal and damage:
        reindex.words_from_scratch(house)
    elif heal and behind:
        reindex.words(house)
    differences = _compare(house) if heal or not damage else _Differences([], [], [])
    if heal:
        _mend(house, differences)
    meaning = check(house, heal=heal)
    with house.store.reading() as connection:
        count = papers.counts(connection)["papers"]
    return Diagnosis(
        papers=count,
        indexed=house.text_index.count(),
        behind=behind,
        missing=len(differences.missing),
        stale=len(differences.stale),
        extra=len(differences.extra),
        damage=damage,
        faults=faults,
        versions=versions(house),
        healed=heal and bool(damage or behind or differences.any or meaning.behind or meaning.differences),
        meaning=meaning,
    )


@dataclass(frozen=True, slots=True)
class _Differences:
    missing: list[int]
    stale: list[int]
    extra: list[int]

    @property
    def any(self) -> bool:
        return bool(self.missing or self.stale or self.extra)


def _compare(house: House) -> _Differences:
    with house.store.reading() as connection:
        truth = dict(papers.stamps(connection))
    missing, stale, extra = [], [], []
    seen: set[int] = set()
    for paper_id, stamp in house.text_index.stamps():
        if paper_id not in truth or paper_id in seen:
            extra.append(paper_id)
        elif truth[paper_id] != stamp:
            stale.append(paper_id)
        seen.add(paper_id)
    missing = sorted(truth.keys() - seen)
    return _Differences(missing, stale, extra)


def _mend(house: House, found: _Differences) -> None:
    upto = house.text_index.seen()
    # An extra copy of a live paper is removed with its twin and written back once.
    wrong = sorted({*found.missing, *found.stale, *found.extra})
    for ids in _batches(wrong):
        with house.store.reading() as connection:
            live = papers.by_ids(connection, ids)
        gone = set(ids) - {paper.id for paper in live}
        house.text_index.write(live, sorted(gone), upto)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
