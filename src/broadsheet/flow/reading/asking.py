"""What a query asks for: words, the direction of its meaning, and papers that its text names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from broadsheet.embed.port import Vectors
from broadsheet.flow.house import House
from broadsheet.flow.spaces import Answering
from broadsheet.model.identity import title_key
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_TEXT, Query
from broadsheet.model.text import plain
from broadsheet.rank.fusion import between, unit
from broadsheet.store import records

# Each of several papers is told by its beginning; the rarest words of all of them are searched.
_TEXT_OF_ONE = 2_000


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


def about_of(house: House, query: Query) -> str:
    """Give what a query's text is about, without signs and fields."""
    return query.text if query.passage else house.text_index.about(query.text)


def ask(house: House, query: Query, answering: Answering) -> Asked:
    """Ask for what the text says. Raises Unavailable when the embedder does not answer."""
    about = about_of(house, query)
    return Asked(query, about, _vector_of(answering, about), titled=_titled(house, query))


def ask_like(house: House, query: Query, like: Sequence[Paper], unlike: Sequence[Paper], answering: Answering) -> Asked:
    """Ask for papers like some and unlike others: by the direction between them, and by the rarest words of the former.

    A text beside them counts as one more paper to be like. Raises Unavailable when the embedder does not answer.
    """
    about = about_of(house, query)
    wanted = _vectors_of(answering, like)
    if about.strip():
        wanted = [*wanted, _vector_of(answering, about)]
    worded = replace(query, sort="relevance")
    if like:
        told = [f"{plain(paper.title)}\n{plain(paper.abstract)}"[:_TEXT_OF_ONE] for paper in like]
        about = "\n".join(filter(None, (about, *told)))[:MAX_TEXT]
        worded = replace(worded, text=about, passage=True)
    vector = between(wanted, _vectors_of(answering, unlike))
    return Asked(worded, about, vector, besides=frozenset(paper.id for paper in (*like, *unlike)))


def _titled(house: House, query: Query) -> frozenset[int]:
    """Give the papers that a whole title names: whoever types one wants that paper first."""
    key = 0 if query.passage else title_key(query.text)
    if not key:
        return frozenset()
    with house.store.reading() as connection:
        return frozenset(records.papers_titled(connection, (key,)))


def _vector_of(answering: Answering, text: str) -> Vectors:
    embedder = answering.embedder
    return unit(embedder.embed([embedder.query_text(text)])[0])


def _vectors_of(answering: Answering, shown: Iterable[Paper]) -> list[Vectors]:
    """Give the vectors of papers: those that are kept, others made now."""
    wanted = list(shown)
    kept = answering.vectors.vectors([paper.id for paper in wanted])
    embedder = answering.embedder
    return [
        kept[paper.id] if paper.id in kept else embedder.embed([embedder.text_of(paper.title, paper.abstract)])[0]
        for paper in wanted
    ]
