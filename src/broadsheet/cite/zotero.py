"""Papers as items of Zotero's Web API, version 3 (zotero.org/support/dev/web_api/v3/write_requests)."""

import re
from typing import Any

from broadsheet.cite.facts import date_of, ids_of, line, url_of, work_of
from broadsheet.cite.names import name_of
from broadsheet.model.paper import Paper

_TYPES = {"article": "journalArticle", "inproceedings": "conferencePaper", "misc": "preprint"}
_VENUES = {"article": "publicationTitle", "inproceedings": "proceedingsTitle"}
# The line of "Extra" by which an item is known to be one of ours.
_MARK = re.compile(r"^Broadsheet: (\S+)[ \t]*$", re.MULTILINE)
MARK = "Broadsheet: "


def zotero_item(paper: Paper, collection: str) -> dict[str, Any]:
    """Give ``paper`` as one new item in a collection, without what it does not tell."""
    ids, work = ids_of(paper), work_of(paper)
    arxiv = ids.get("arxiv", "")
    is_arxiv = work == "misc" and bool(arxiv)
    facts = {
        "itemType": _TYPES[work],
        "title": line(paper.title),
        "creators": [_creator(author.name) for author in paper.authors if line(author.name)],
        "abstractNote": line(paper.abstract),
        "date": "-".join(f"{part:02}" for part in date_of(paper)),
        _VENUES.get(work, "repository"): "arXiv" if is_arxiv else line(paper.venue),
        "archiveID": f"arXiv:{arxiv}" if is_arxiv else "",
        "DOI": line(ids.get("doi", "")),
        "url": line(url_of(ids)),
        "extra": f"{MARK}{names_of(paper)[0]}",
        "tags": [{"tag": tag} for tag in dict.fromkeys(filter(None, map(line, (*paper.keywords, *paper.categories))))],
        "collections": [collection],
    }
    return {name: value for name, value in facts.items() if value}


def names_of(paper: Paper) -> tuple[str, ...]:
    """Give the names that the mark of a paper's item may bear, the one for a new item first."""
    return (*(str(each) for each in paper.ids if not re.search(r"\s", each.value)), paper.slug)


def marked(extra: str) -> str:
    """Give the name of the paper that an item was made of, from its "Extra"; an empty text for one of others."""
    found = _MARK.search(extra)
    return found[1] if found else ""


def unmarked(extra: str) -> str:
    """Give "Extra" without our mark."""
    return _MARK.sub("", extra).strip()


def _creator(printed: str) -> dict[str, str]:
    name = name_of(printed)
    if not name.given:
        return {"creatorType": "author", "name": name.last}
    last = " ".join(filter(None, (name.last, name.suffix)))
    return {"creatorType": "author", "firstName": name.given, "lastName": last}
