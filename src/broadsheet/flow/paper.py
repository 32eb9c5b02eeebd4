"""Show one paper, whatever name the reader has for it."""

from collections.abc import Sequence

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.model.ids import ExternalId, parse_id
from broadsheet.model.links import page_id
from broadsheet.model.paper import Paper
from broadsheet.store import papers
from broadsheet.store.connect import Connection


def show(house: House, reference: str, *, hidden: bool = False) -> Paper:
    """Find a paper by its slug, an id or an address in any scheme; a merged paper's old names still lead to it.

    ``hidden`` finds one that a moderator has hidden, too. Raises NotFound when the text names no paper on the shelf.
    """
    with house.store.reading() as connection:
        return find(connection, reference, hidden=hidden)


def several(house: House, references: Sequence[str]) -> tuple[Paper | None, ...]:
    """Find papers as ``show`` does, None for a text that names none; one statement, and one for each scheme."""
    named = [_named(reference) for reference in references]
    with house.store.reading() as connection:
        known = papers.find_several(connection, {each for each in named if each})
    return tuple(known.get(each) if each else None for each in named)


def find(connection: Connection, reference: str, *, hidden: bool = False) -> Paper:
    """Find a paper as ``show`` does, in a transaction that is open; what is done with it then cannot be overtaken."""
    external_id = _named(reference)
    paper = papers.find(connection, external_id, hidden=hidden) if external_id else None
    if paper is None:
        raise NotFound(f"No paper is known as {reference[:200]!r}.")
    return paper


def _named(reference: str) -> ExternalId | None:
    return parse_id(reference) or page_id(reference.removeprefix("url/"))
