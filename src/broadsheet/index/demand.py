"""What a query asks for, piece by piece, and how the pieces become one tantivy query."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tantivy import FieldType, Occur, Query, Schema

_Clauses = list[tuple[Occur, Query]]


@dataclass(slots=True)
class Demand:
    """One thing a query asks for; ``extras`` only add to the score.

    ``bare`` words may be missing in a wider search. ``papers`` is about how many match, where it was counted. A text
    says the word when it has the ``stem``, all stems of one of the other ``wordings``, or a word that begins with
    ``beginning``. ``possessive`` is the s behind an apostrophe.
    """

    match: Query
    extras: list[Query] = field(default_factory=list)
    bare: bool = False
    excluded: bool = False
    scored: bool = True
    papers: int = 0
    stem: str = ""
    form: str = ""
    wordings: list[tuple[str, ...]] = field(default_factory=list)
    beginning: str = ""
    possessive: bool = False


def any_of(queries: list[Query]) -> Query:
    """Match any of the queries."""
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def best_of(queries: list[Query]) -> Query:
    """Match any of several wordings of one thing, paid as the best of them."""
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def all_of(queries: list[Query]) -> Query:
    """Match all of the queries."""
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])


def silent(query: Query) -> Query:
    """Match without adding to the score."""
    return Query.const_score_query(query, 0.0)


def days_query(schema: Schema, first: int, last: int) -> Query:
    """Match papers published within two days YYYYMMDD, both inclusive; an undated paper never matches."""
    return Query.range_query(schema, "day", FieldType.Unsigned, first, last)


def every(demands: Iterable[Demand], *, scored: bool) -> Query:
    """Match what meets all demands, including only exclusions."""
    return Query.boolean_query(clauses(demands, scored=scored))


def ranked(demands: Iterable[Demand], filters: _Clauses) -> Query:
    """Match what meets all demands and filters, scored with its extras.

    One extra is laid about the next: side by side they would be a union, which the engine reads also where nothing
    matches. That halves the time.
    """
    known = list(demands)
    query = Query.boolean_query([*clauses(known, scored=False), *filters])
    for extra in (extra for demand in known if demand.scored and not demand.excluded for extra in demand.extras):
        query = Query.boolean_query([(Occur.Must, query), (Occur.Should, extra)])
    return query


def clauses(demands: Iterable[Demand], *, scored: bool) -> _Clauses:
    """Spell demands that must all be met as clauses of one boolean query."""
    found: _Clauses = []
    for demand in demands:
        found.append((Occur.MustNot if demand.excluded else Occur.Must, demand.match))
        if scored and not demand.excluded:
            found += [(Occur.Should, extra) for extra in demand.extras]
    if all(occur == Occur.MustNot for occur, _ in found):
        found.append((Occur.Must, silent(Query.all_query())))
    return found
