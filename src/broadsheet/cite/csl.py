"""Cite papers in CSL-JSON, which Zotero, Pandoc and citeproc read (docs.citationstyles.org, csl-data.json)."""

import json
from collections.abc import Iterable
from typing import Any

from broadsheet.cite.bibtex import key_of
from broadsheet.cite.facts import date_of, ids_of, line, url_of, work_of
from broadsheet.cite.names import name_of
from broadsheet.model.paper import Paper

_TYPES = {"article": "article-journal", "inproceedings": "paper-conference", "misc": "article"}


def csl_item(paper: Paper) -> dict[str, Any]:
    """Give ``paper`` as one CSL item, without what it does not tell."""
    ids, work, parts = ids_of(paper), work_of(paper), date_of(paper)
    facts = {
        "id": paper.slug or key_of(paper),
        "citation-key": key_of(paper),
        "type": _TYPES[work],
        "title": line(paper.title),
        "author": [_name(author.name) for author in paper.authors if line(author.name)],
        "issued": {"date-parts": [list(parts)]} if parts else None,
        "container-title": line(paper.venue),
        "abstract": line(paper.abstract),
        "keyword": ", ".join(map(line, paper.keywords)),
        "DOI": ids.get("doi"),
        "URL": url_of(ids),
        "number": f"arXiv:{ids['arxiv']}" if "arxiv" in ids else "",
        "publisher": "arXiv" if "arxiv" in ids and work == "misc" else "",
    }
    return {name: value for name, value in facts.items() if value}


def csl_list(papers: Iterable[Paper]) -> str:
    """Write one JSON array of items."""
    return json.dumps([csl_item(paper) for paper in papers], ensure_ascii=False, indent=1) + "\n"


def _name(name: str) -> dict[str, str]:
    """Part a name as CSL wants it, a particle apart; what cannot be parted stays whole."""
    parted = name_of(name)
    if not parted.given:
        return {"literal": parted.last}
    parts = {"family": parted.family, "given": parted.given, "suffix": parted.suffix}
    parts["non-dropping-particle"] = parted.particle
    return {key: value for key, value in parts.items() if value}
