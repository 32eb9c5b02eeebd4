"""Find papers by words and by meaning; a pasted id or address goes straight to its paper."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from time import perf_counter

from broadsheet.errors import BroadsheetError, Invalid, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.paper import show
from broadsheet.flow.reading.asking import Asked, about_of, ask, ask_like
from broadsheet.flow.reading.closest import show_closest
from broadsheet.flow.reading.near import DEPTH, join
from broadsheet.flow.spaces import Answering
from broadsheet.index.port import Highlighter
from broadsheet.model.ids import parse_id
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIKE, MAX_LIMIT, MAX_OFFSET, MAX_TEXT, Hit, Query, Results
from broadsheet.model.text import clean
from broadsheet.store import papers

_ONLY_WORDS = "Search by meaning is not ready; these papers were found by words alone."
_NOT_LIKE = "Papers like others are found when search by meaning is ready; it is not."
_BOTH_WAYS = "Papers like others are found by words and meaning; leave the way as it is."
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


def _checked(query: Query) -> Query:
    if len(query.text) > MAX_TEXT:
        raise Invalid(f"A search takes at most {MAX_TEXT:,} characters, not {len(query.text):,}.", field="q")
    if max(len(query.like), len(query.unlike)) > MAX_LIKE:
        raise Invalid(f"A search takes at most {MAX_LIKE} papers to be like, and as many to be unlike.", field="like")
    if query.unlike and not (query.like or query.text.strip()):
        raise Invalid("Name a paper to be like, or words, beside those to be unlike.", field="like")
    if (query.like or query.unlike) and query.way == "words":
        raise Invalid(_BOTH_WAYS, field="way")
    return replace(query, limit=min(max(query.limit, 1), MAX_LIMIT), offset=min(max(query.offset, 0), MAX_OFFSET))


def _named(house: House, query: Query) -> Paper | None:
    # What is pasted may bring characters that nobody sees.
    external_id = None if query.passage else parse_id(clean(query.text))
    if external_id is None:
        return None
    with house.store.reading() as connection:
        return papers.find(connection, external_id)


def _by_text(house: House, query: Query) -> Results:
    if query.way == "words" or query.sort != "relevance" or not about_of(house, query).strip():
        return _by_words(house, query)
    try:
        answering = house.spaces.answering()
        asked = ask(house, query, answering)
    except BroadsheetError:
        # Why is for the operator, who hears it from the embedding itself.
        return _by_words(house, query, _ONLY_WORDS)
    return _joined(house, asked, answering)


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
    by_words = query.way == "both"
    total = max(0, words.total - len(asked.besides)) if by_words else 0
    notices = [] if answering.complete else [_BACKLOG]
    notices += words.notices if by_words else ()
    if by_words and found.hits and not total:
        notices.append(_NEAR_ONLY)
    page = found.hits[query.offset : query.offset + query.limit]
    hits = _hits(house, query, page, words.highlighter, asked.about)
    # Of more matches than are joined, some are found by their meaning first, and nobody knows how many.
    certain = words.total <= DEPTH
    return Results(
        query=query,
        hits=tuple(replace(hit, guess=True) if _is_guess(hit, found.related, certain=certain) else hit for hit in hits),
        total=total,
        at_least=by_words and words.at_least,
        related=len(found.related) if certain or not by_words else 0,
        facets=words.facets,
        notices=tuple(notices),
    )


def _is_guess(hit: Hit, related: Collection[int], *, certain: bool) -> bool:
    labels = ("same topic", "some words") if certain else ("same topic",)
    return hit.paper.id in related and hit.evidence in labels


def _like(house: House, query: Query) -> Results:
    like, unlike = ([show(house, name) for name in names] for names in (query.like, query.unlike))
    try:
        answering = house.spaces.answering()
        asked = ask_like(house, query, like, unlike, answering)
    except BroadsheetError as error:
        wait_s = error.retry_after_s if isinstance(error, Unavailable) else None
        raise Unavailable(_NOT_LIKE, retry_after_s=wait_s) from error
    return replace(_joined(house, asked, answering), like=tuple(like), unlike=tuple(unlike))


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
