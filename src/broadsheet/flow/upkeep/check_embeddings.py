"""Check that what is embedded is what papers say, and that the vectors searched are those of the store."""

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.errors import BroadsheetError
from broadsheet.flow.house import House
from broadsheet.flow.shelf import embedding
from broadsheet.flow.spaces import Work, answering_among
from broadsheet.store import changes, embeddings, papers, spaces

_PAPERS_PER_READ = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What the doctor found of the embedder that answers, before healing.

    ``missing`` papers have no embedding, ``stale`` ones that of another text, ``extra`` ones are gone; ``adrift`` is by
    how many papers the vectors searched differ from those embedded. ``trouble`` is why it could not be checked or
    mended.
    """

    embedder: str = ""
    embedded: int = 0
    behind: int = 0
    missing: int = 0
    stale: int = 0
    extra: int = 0
    adrift: int = 0
    trouble: str = ""

    @property
    def differences(self) -> int:
        """How many papers are not embedded as they should be."""
        return self.missing + self.stale + self.extra + self.adrift


def check(house: House, *, heal: bool) -> Meaning:
    """Look at every paper's embedding, and with ``heal`` mend what is wrong; what is merely behind is caught up first.

    An embedder that fails is no error but a ``trouble``.
    """
    try:
        return _checked(house, heal=heal)
    except BroadsheetError as error:
        return Meaning(trouble=str(error))


def _checked(house: House, *, heal: bool) -> Meaning:
    work = _work(house)
    with house.store.reading() as connection:
        behind = changes.head(connection) - (0 if work is None else work.space.seen)
        count = papers.counts(connection)["papers"]
    if heal:
        embedding.catch_up(house)
        work = _work(house)
    if work is None:
        return Meaning(behind=behind, missing=count)
    with house.store.reading() as connection:
        missing = embeddings.backlog(connection, work.space.id)
        extra = embeddings.left_behind(connection, work.space.id)
    stale = list(_stale(house, work)) if heal or not behind else []
    wrong = sorted({*missing, *extra, *stale})
    if heal and wrong:
        embedding.mend(house, work, wrong)
    adrift = _adrift(house, work)
    if heal and adrift:
        house.spaces.rebuild()
    with house.store.reading() as connection:
        embedded = embeddings.count(connection, work.space.id)
    return Meaning(
        embedder=work.space.identity.name,
        embedded=embedded,
        behind=behind,
        missing=len(missing),
        stale=len(set(stale) - {*missing, *extra}),
        extra=len(extra),
        adrift=adrift,
    )


def _work(house: House) -> Work | None:
    with house.store.reading() as connection:
        return answering_among(spaces.live(connection), house.spaces.embedders)


def _stale(house: House, work: Work) -> Iterator[int]:
    after = 0
    while True:
        with house.store.reading() as connection:
            ids = papers.numbers(connection, after, _PAPERS_PER_READ)
            if not ids:
                return
            yield from embedding.stale(connection, work, ids)
        after = ids[-1]


def _adrift(house: House, work: Work) -> int:
    """Count the difference, if both are of one space at one number of its log; another process may be embedding."""
    house.spaces.look_again()
    answering = house.spaces.answering()
    seen, held = answering.vectors.seen(), answering.vectors.count()
    with house.store.reading() as connection:
        embedded = embeddings.count(connection, work.space.id)
        # Asked last: vectors that were at the head of the log then have been there all along.
        heads = [space.head for space in spaces.live(connection) if space.id == work.space.id]
    return abs(held - embedded) if answering.space.id == work.space.id and heads == [seen] else 0
