"""How the house stands, in a few cheap questions; the doctor looks closer."""

from dataclasses import dataclass
from importlib.metadata import version

from broadsheet.errors import BroadsheetError
from broadsheet.flow.house import House
from broadsheet.flow.spaces import Answering
from broadsheet.model.selftest import SelfTest
from broadsheet.store import changes, embeddings, records, selftests, spaces
from broadsheet.store import problems as misread
from broadsheet.store.connect import Connection
from broadsheet.store.spaces import Space

_ENGINES = ("tantivy", "faiss-cpu", "broadsheet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The embedder that answers; ``weight`` is its share beside words, which a self-test chose where ``weighed``."""

    embedder: str
    version: str
    dimension: int
    embedded: int
    complete: bool
    weight: float
    weighed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Another embedder that papers are being moved to, and how many it has embedded."""

    embedder: str
    embedded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What stands where. ``sources`` are their names with how many records each has told, most first.

    ``behind`` counts changes the word index has not taken in. ``meaning`` is None while search goes by words alone.
    """

    papers: int
    records: int
    sources: tuple[tuple[str, int], ...]
    problems: int
    indexed: int
    behind: int
    meaning: Embedded | None
    moves: tuple[Move, ...]
    selftest: SelfTest | None
    versions: dict[str, str]


def status(house: House) -> Status:
    """Tell how the house stands; counts at most a line a record, in an index of the store."""
    try:
        answering = house.spaces.answering()
    except BroadsheetError:
        answering = None
    with house.store.reading() as connection:
        count, told = records.counts(connection)
        return Status(
            papers=count,
            records=sum(told.values()),
            sources=tuple(sorted(told.items(), key=lambda each: (-each[1], each[0]))),
            problems=misread.count(connection),
            indexed=house.text_index.count(),
            behind=max(0, changes.head(connection) - house.text_index.seen()),
            meaning=None if answering is None else _meaning(answering),
            moves=tuple(_moves(connection, spaces.live(connection), answering, count)),
            selftest=selftests.latest(connection),
            versions=versions(house),
        )


def versions(house: House) -> dict[str, str]:
    """Name what the house is built of, with versions."""
    return {**house.store.versions(), **{name: version(name) for name in _ENGINES}}


def _meaning(answering: Answering) -> Embedded:
    identity = answering.space.identity
    return Embedded(
        embedder=identity.name,
        version=identity.version,
        dimension=identity.dimension,
        embedded=answering.vectors.count(),
        complete=answering.complete,
        weight=answering.weight,
        weighed=answering.space.weight is not None,
    )


def _moves(connection: Connection, live: tuple[Space, ...], answering: Answering | None, count: int) -> list[Move]:
    """Tell of spaces that are not complete; one that only goes on where it stands is no move."""
    ours = None if answering is None else answering.space.id
    return [
        Move(embedder=space.identity.name, embedded=min(count, embeddings.entries(connection, space.id)))
        for space in live
        if space.id != ours and not space.complete
    ]
