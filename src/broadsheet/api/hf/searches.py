"""Searches: what answers a few words, and all papers by their day of publication."""

from collections.abc import Sequence

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.flow.lists import keeping
from broadsheet.flow.reading.search import search
from broadsheet.flow.selecting.select import select
from broadsheet.model.paper import Paper
from broadsheet.model.query import MAX_LIMIT, MAX_OFFSET, Hit, Query
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection, Stretch

_BEGINS = "after-"


def searched(house: House, text: str, limit: int, reader: Reader | None) -> list[Hit]:
    """Give the hits for a text in the order of the search page, those that the reader hid left out."""
    hidden = keeping.hidden(house, reader)
    hits: list[Hit] = []
    while len(hits) < limit:
        size = min(limit - len(hits), MAX_LIMIT)
        results = search(house, Query(text=text.strip(), limit=size, offset=len(hits)))
        if results.exact is not None:
            return [Hit(1, 1.0, results.exact)]
        hits += results.hits
        if len(results.hits) < size:
            break
    return [hit for hit in hits if hit.paper.id not in hidden]


def newest_papers(house: House, cursor: str, limit: int, reader: Reader | None) -> tuple[Sequence[Paper], str]:
    """Give papers by their day of publication from a cursor on, and the cursor of what follows, empty for nothing."""
    start = _start(cursor)
    by_date = Selection("search", query=Query(sort="date"))
    found = select(house, by_date, Stretch(start, limit + 1), reader).papers
    more = len(found) > limit and start + limit <= MAX_OFFSET
    return found[:limit], f"{_BEGINS}{start + limit}" if more else ""


def _start(cursor: str) -> int:
    """Read a cursor; raises Invalid for one that we did not make."""
    number = cursor.removeprefix(_BEGINS) or "0"
    if not (number.isascii() and number.isdigit()) or int(number) > MAX_OFFSET:
        raise Invalid("This is no cursor of ours; take it from the Link of the page before.", field="cursor")
    return int(number)
