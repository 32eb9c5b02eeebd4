"""Make the order of any past moment again from the log of evidence, and compare it with what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from broadsheet.flow.house import House
from broadsheet.flow.scoring import stored as stored_formula
from broadsheet.rank.trending import FORMULAS, Evidence, Formula, digest_of
from broadsheet.store import evidence_log, scores
from broadsheet.store.connect import Connection

_KINDS = ("upvotes", "comments", "hf_upvotes", "stars_per_day")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """An order as ``(paper id, key)``, highest key first, ties by paper id, and its hash."""

    papers: tuple[tuple[int, int], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The order that the log gives in the end, the stored one, and papers whose counters are not what rows say."""

    replayed: Order
    stored: Order
    miscounted: tuple[int, ...]

    @property
    def agrees(self) -> bool:
        """Whether what is stored is what the log and the rows say."""
        return self.replayed == self.stored and not self.miscounted


def replay(house: House, at: datetime | None = None) -> Order:
    """Make the order at a moment again, None for now, by nothing but the log and the formula of today.

    A formula that is not stored because it changes with every moment is replaced by the one that is.
    """
    with house.store.reading() as connection:
        return _replayed(connection, _formula(house), at)


def verify(house: House) -> Verdict:
    """Compare, at one moment, the log replayed to its end with the stored order, and counters with upvotes."""
    with house.store.reading() as connection:
        kept = scores.everything(connection)
        stored = tuple((score.paper_id, score.key) for score in kept)
        return Verdict(
            _replayed(connection, _formula(house), None),
            Order(stored, digest_of(stored)),
            tuple(scores.miscounted(connection)),
        )


def _formula(house: House) -> Formula:
    return FORMULAS[stored_formula(house.settings.trending_formula)]


def _replayed(connection: Connection, formula: Formula, at: datetime | None) -> Order:
    standing = evidence_log.standing(connection, at)
    keys = [(paper_id, _key(told, formula)) for paper_id, told in standing.items() if not told.get("gone")]
    order = tuple(sorted(keys, key=lambda each: (-each[1], each[0])))
    return Order(order, digest_of(order))


def _key(told: Mapping[str, int], formula: Formula) -> int:
    born = _EPOCH + timedelta(microseconds=told["born"])
    upvotes, comments, hf_upvotes, stars = (told.get(kind, 0) for kind in _KINDS)
    return formula.score(Evidence(upvotes, comments, hf_upvotes, stars / 1000), born, born)
