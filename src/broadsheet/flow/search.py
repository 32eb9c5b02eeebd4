"""Find papers by words and by meaning; a pasted id or address goes straight to its paper."""

from collections.abc import Iterable
from dataclasses import replace
from time import perf_counter

from broadsheet.embed.port import Vectors
from broadsheet.errors import BroadsheetError, Invalid
from broadsheet.flow.closest import show_closest
from broadsheet.flow.house import House
from broadsheet.flow.near import DEPTH, Asked, Joined, join
from broadsheet.flow.paper import show
from broadsheet.flow.spaces import Answering
from broadsheet.index.port import Highlighter
from broadsheet.model.identity import title_key
from broadsheet.model.ids import parse_id
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIKE, MAX_LIMIT, MAX_OFFSET, MAX_TEXT, Hit, Query, Results
from broadsheet.model.text import clean, plain
from broadsheet.rank.fusion import between, unit
from broadsheet.store import papers, records

# A paper that many are to be like is told by its beginning; the rarest words of all of them are searched.
_TEXT_OF_ONE = 2_000

_ONLY_WORDS = "Search by meaning is not ready ({reason}); these papers were found by words alone."
_BACKLOG = "Papers are still being embedded, the newest first; older ones are found by words alone until then."
_NEAR_ONLY = "No paper has these words; these are near in meaning."


def search(house: House, query: Query) -> Results:
    """Answer a query with a page of hits, best first; ``limit`` and ``offset`` are clamped to what the model allows.

    By words and meaning, unless ``query.way`` says otherwise; another order than relevance is one of words alone.
    Raises Invalid (field ``q``) for a text longer than MAX_TEXT characters, or (field ``like``) for more than MAX_LIKE
    papers to be like; NotFound when one of those is not on the shelf. Any other text gets an answer or a notice.
    """
    start = perf_counter()
    asked = _checked(query)
    if asked.like or asked.unlike:
        found = _like(house, asked)
    elif (exact := _named(house, asked)) is not None:
        found = Results(query=asked, exact=exact, total=1)
    else:
        found = _by_text(house, asked)
    return replace(found, query=asked, took_ms=(perf_counter() - start) * 1000)


def ask(house: House, query: Query, answering: Answering) -> Asked:
    """Tell what a query's text asks of words and of vectors. Raises Unavailable when the embedder does not answer."""
    about = query.text if query.passage else house.text_index.about(query.text)
    return Asked(query, about, _vector_of(answering, about), titled=_titled(house, query))


def _checked(query: Query) -> Query:
    if len(query.text) > MAX_TEXT:
        raise Invalid(f"A search takes at most {MAX_TEXT:,} characters, not {len(query.text):,}.", field="q")
    if max(len(query.like), len(query.unlike)) > MAX_LIKE:
        raise Invalid(f"A search takes at most {MAX_LIKE} papers to be like, and as many to be unlike.", field="like")
    if query.unlike and not (query.like or query.text.strip()):
        raise Invalid("Name a paper to be like, or words, beside those to be unlike.", field="like")
    return replace(query, limit=min(max(query.limit, 1), MAX_LIMIT), offset=min(max(query.offset, 0), MAX_OFFSET))


def _named(house: House, query: Query) -> Paper | None:
    # What is pasted may bring characters that nobody sees.
    external_id = None if query.passage else parse_id(clean(query.text))
    if external_id is None:
        return None
    with house.store.reading() as connection:
        return papers.find(connection, external_id)


def _by_text(house: House, query: Query) -> Results:
    about = query.text if query.passage else house.text_index.about(query.text)
    if query.way == "words" or query.sort != "relevance" or not about.strip():
        return _by_words(house, query)
    try:
        answering = house.spaces.answering()
        asked = ask(house, query, answering)
    except BroadsheetError as error:
        return _by_words(house, query, _ONLY_WORDS.format(reason=str(error).rstrip(".")))
    return _joined(house, asked, answering)


def _titled(house: House, query: Query) -> frozenset[int]:
    """Give the papers that a whole title names: whoever types one wants that paper first."""
    key = 0 if query.passage else title_key(query.text)
    if not key:
        return frozenset()
    with house.store.reading() as connection:
        return frozenset(records.papers_titled(connection, (key,)))


def _by_words(house: House, query: Query, *notices: str) -> Results:
    found = house.text_index.search(query, deadline_ms=house.settings.search_deadline_ms)
    return Results(
        query=query,
        hits=_hits(house, query, found.hits, found.highlighter),
        total=found.total,
        at_least=found.at_least,
        facets=found.facets,
        notices=(*notices, *found.notices),
    )


def _joined(house: House, asked: Asked, answering: Answering) -> Results:
    query = asked.query
    found = join(house, asked, answering)
    words = found.words
    page = found.hits[query.offset : query.offset + query.limit]
    total = words.total if query.way == "both" else 0
    notices = (*([] if answering.complete else [_BACKLOG]), *(words.notices if query.way == "both" else ()))
    if found.hits and not total:
        notices = (*notices, _NEAR_ONLY) if query.way == "both" else notices
    return Results(
        query=query,
        hits=tuple(
            replace(hit, guess=_is_guess(hit, found))
            for hit in _hits(house, query, page, words.highlighter, asked.about)
        ),
        total=total,
        at_least=words.at_least,
        related=len(found.related),
        facets=words.facets,
        notices=notices,
    )


def _is_guess(hit: Hit, found: Joined) -> bool:
    # Of more matches than are joined, some are found by their meaning first.
    known = found.words.total <= DEPTH
    return hit.paper.id in found.related and (hit.evidence == "same topic" or (known and hit.evidence == "some words"))


def _like(house: House, query: Query) -> Results:
    """Find papers like some and unlike others: by the direction between them, and by the rarest words of the former."""
    like, unlike = ([show(house, name) for name in names] for names in (query.like, query.unlike))
    besides = frozenset(paper.id for paper in (*like, *unlike))
    text = query.text
    if like:
        told = [f"{plain(paper.title)}\n{plain(paper.abstract)}"[:_TEXT_OF_ONE] for paper in like]
        text = "\n".join(filter(None, (query.text, *told)))[:MAX_TEXT]
    worded = replace(query, text=text, passage=bool(like) or query.passage)
    answering = house.spaces.answering()
    wanted = _vectors_of(answering, like)
    if query.text.strip():
        wanted = [*wanted, _vector_of(answering, query.text)]
    vector = between(wanted, _vectors_of(answering, unlike))
    found = _joined(house, Asked(worded, text, vector, besides=besides), answering)
    return replace(found, like=tuple(like), unlike=tuple(unlike))


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


def _hits(
    house: House,
    query: Query,
    found: Iterable[tuple[int, float]],
    highlighter: Highlighter,
    about: str = "",
) -> tuple[Hit, ...]:
    ranked = list(found)
    with house.store.reading() as connection:
        known = {paper.id: paper for paper in papers.by_ids(connection, [paper_id for paper_id, _ in ranked])}
    # A paper merged away since an index last looked has no page any more, and so no hit.
    shown = [(known[paper_id], score) for paper_id, score in ranked if paper_id in known]
    texts = [highlighter.shown(paper) for paper, _ in shown]
    if about:
        texts = show_closest(house, about, [paper for paper, _ in shown], texts)
    return tuple(
        Hit(rank, score, paper, text.title, text.sentence, text.evidence)
        for rank, ((paper, score), text) in enumerate(zip(shown, texts, strict=True), query.offset + 1)
    )
