"""arXiv's announcements: the papers of a night, in its RSS and Atom feeds, before its repository has them.

What they tell is less than what the repository will, so it is kept beside and counts less: under a source of its own,
by version. The same paper is ``new`` in the feed of one category and ``cross`` in the next, the same night or years
later; a cross-listing says nothing of when a paper came, and has a key of its own so that neither telling undoes the
other.
"""

import re
from datetime import datetime

from broadsheet.model.ids import ExternalId, arxiv_id
from broadsheet.model.record import Record
from broadsheet.sources import fields
from broadsheet.sources.feed_items import Item

SOURCE = "arxiv-rss"
_OWN = "oai:arXiv.org:"
_SAID = re.compile(r"arXiv:(\S+)\s+Announce Type:\s*([\w-]+)\s*(?:Abstract:\s*)?")
_NEW, _CROSS = "new", "cross"


def read(item: Item, observed: datetime | None) -> Record | None:
    """Make a record of an announcement; None for any other item."""
    said = _SAID.match(item.text)
    named = item.own.removeprefix(_OWN) if item.own.startswith(_OWN) else said[1] if said else ""
    found = arxiv_id(named)
    if found is None:
        return None
    own, version = found
    kind = item.kind or (said[2] if said else "")
    crossed = kind.endswith(_CROSS)
    abstract = item.text[said.end() :] if said else item.text
    return Record(
        source=SOURCE,
        key=f"{own.value}#cross" if crossed else own.value,
        version=version,
        title=item.title,
        abstract=abstract,
        authors=item.authors,
        ids=(own, *(one for one in _dois(item) if one != own)),
        published=item.published if kind == _NEW else "",
        updated=item.published if not crossed and version > 1 else "",
        categories=item.tags,
        venue=item.venue,
        links=fields.links_of(item.links, abstract),
        licence=item.licence,
        withdrawn=fields.is_withdrawn(abstract),
        observed=observed,
    )


def _dois(item: Item) -> tuple[ExternalId, ...]:
    return tuple(one for name in item.named for one in fields.dois(name))
