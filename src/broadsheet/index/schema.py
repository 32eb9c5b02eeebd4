"""What the word index holds of a paper: postings and columns, no stored text."""

import re
from typing import Any

import tantivy

from broadsheet.index.acronyms import definitions
from broadsheet.index.spelling import compounds
from broadsheet.index.words import all_indexable, analyser, indexable, turns
from broadsheet.model.paper import Paper

# Raise the first number whenever schema, analysis or document change: an index of another format is built anew.
FORMAT = f"3/tantivy-{tantivy.__version__}"  # type: ignore[attr-defined]  # the stubs lack it

FACET_SIZE = 12
# Beyond these a paper is a collaboration; its first authors are found by bare words, all of them by author:.
_BARE_AUTHORS = 40
# Beyond these nobody is suggested, of a collaboration.
_SUGGESTED_AUTHORS = 100
_LONGEST_VALUE = 200
_ID_BITS = 36
_ID_MASK = (1 << _ID_BITS) - 1
_MOST_UPVOTES = (1 << 23) - 1
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def build_schema() -> tantivy.Schema:
    """Describe the fields.

    ``body`` holds every word stemmed and decides what matches; the other text fields score, filter and hold phrases.
    ``names`` holds authors, organisations, venue and keywords. ``*_form`` fields hold unstemmed words. ``tag`` holds
    ``kind:value`` in lower case for filters. ``newest`` and ``loved`` are sort keys that end in the inverted id, so
    that no two papers tie.

    Three raw fields are there for their term dictionaries, which count papers: ``short`` holds what a paper says in
    parentheses as ``gnn=graph neural network``, ``long`` the same the other way round, and ``called`` the names of
    authors, folded, from the first part on and from the last.
    """
    builder = tantivy.SchemaBuilder()
    for name in ("id", "year", "code"):
        builder.add_unsigned_field(name, indexed=name != "code", fast=True)
    for name in ("stamp", "day", "newest", "loved"):
        builder.add_unsigned_field(name, fast=True)
    for name, words in {"body": "stem", "title": "stem", "names": "form"}.items():
        builder.add_text_field(name, tokenizer_name=words, index_option="freq")
    for name in ("title_form", "abstract_form", "author", "org", "venue"):
        builder.add_text_field(name, tokenizer_name="form", index_option="position")
    for name in ("category", "source", "venue_name", "organisation"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("tag", "short", "long", "called"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def open_tantivy(folder: str) -> tantivy.Index:
    """Open or make the tantivy index in ``folder`` with our analysers."""
    index = tantivy.Index(build_schema(), path=folder)
    # The engine looks for commits itself; the default policy keeps a polling thread for every index opened.
    index.config_reader("manual")
    index.register_tokenizer("stem", analyser(stemmed=True))
    index.register_tokenizer("form", analyser(stemmed=False))
    return index


def document(paper: Paper) -> dict[str, Any]:
    """Give a paper's fields as tantivy takes them."""
    title, abstract = indexable(paper.title), indexable(paper.abstract)
    authors = all_indexable(tuple([author.name for author in paper.authors]))
    organisations = all_indexable(paper.organisations)
    venue = indexable(paper.venue)
    defined = {*definitions(title), *definitions(abstract)}
    joined = " ".join(compounds(title))
    others = [*authors[:_BARE_AUTHORS], *organisations, venue, *all_indexable(paper.keywords)]
    return {
        "id": paper.id,
        "stamp": paper.stamp,
        "body": [title, abstract, "\n".join(others), joined, " ".join(compounds(abstract))],
        "title": [title, joined],
        "title_form": title,
        "abstract_form": abstract,
        "names": "\n".join(others),
        "author": authors,
        "org": organisations,
        "venue": venue,
        "category": _clipped(paper.categories),
        "source": _clipped(paper.sources),
        "venue_name": _clipped((paper.venue,)),
        "organisation": _clipped(paper.organisations),
        "tag": _tags(paper),
        "short": [f"{short}={long}" for short, long in defined],
        "long": [f"{long}={short}" for short, long in defined],
        "called": [turn for author in paper.authors[:_SUGGESTED_AUTHORS] for turn in turns(author.name)],
        **_columns(paper),
    }


def id_of(key: int) -> int:
    """Read the paper id off a sort key of ``newest`` or ``loved``."""
    return _ID_MASK - (key & _ID_MASK)


def upvotes_of(key: int) -> int:
    """Read the upvotes off a sort key of ``loved``."""
    return key >> _ID_BITS


def tag(kind: str, value: str) -> str:
    """Spell a filter's term; letter case does not matter to it."""
    return f"{kind}:{value[:_LONGEST_VALUE].casefold()}"


def _clipped(values: tuple[str, ...]) -> list[str]:
    return [value[:_LONGEST_VALUE] for value in values if value]


def _tags(paper: Paper) -> list[str]:
    found = [tag("source", value) for value in paper.sources]
    found += [tag("org", value) for value in paper.organisations]
    found += [tag("has", kind) for kind in {link.kind for link in paper.links}]
    for value in paper.categories:
        found.append(tag("cat", value))
        archive, dot, _ = value.partition(".")
        if dot:
            found.append(tag("cat", archive))
    if paper.venue:
        found.append(tag("venue", paper.venue))
    if paper.abstract:
        found.append(tag("has", "abstract"))
    return found


def _columns(paper: Paper) -> dict[str, int]:
    day = _day(paper.published)
    rank = _ID_MASK - paper.id
    columns = {
        "code": int(paper.has_code),
        "newest": day << _ID_BITS | rank,
        "loved": min(max(paper.upvotes, 0), _MOST_UPVOTES) << _ID_BITS | rank,
    }
    if day:
        columns |= {"day": day, "year": day // 10_000}
    return columns


def _day(published: str) -> int:
    """Read an ISO date of any precision as the number YYYYMMDD, its first day; 0 when there is none."""
    match = _DATE.match(published)
    if match is None:
        return 0
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return year * 10_000 + month * 100 + day
