"""Show one paper, whatever name the reader has for it."""

from broadsheet.errors import NotFound
from broadsheet.flow.house import House
from broadsheet.model.ids import parse_id
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


def find(connection: Connection, reference: str, *, hidden: bool = False) -> Paper:
    """Find a paper as ``show`` does, in a transaction that is open; what is done with it then cannot be overtaken."""
    external_id = parse_id(reference) or page_id(reference.removeprefix("url/"))
    paper = papers.find(connection, external_id, hidden=hidden) if external_id else None
    if paper is None:
        raise NotFound(f"No paper is known as {reference[:200]!r}.")
    return paper
