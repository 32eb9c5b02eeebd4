"""Papers as agents get them: facts in a structure, and the same as text of at most MOST characters."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from broadsheet.cite.markdown import markdown
from broadsheet.mcp.desk import Desk
from broadsheet.mcp.quoting import NOTICE, cut, line, lines, marked
from broadsheet.model.paper import Paper

MOST = 20_000
# What is left of MOST for papers after our own sentences around them.
_ROOM = MOST - 2_500
_TITLE, _NAME, _NAMES, _SENTENCE, _ID, _URL = 300, 80, 8, 400, 1_000, 3_000
_NOTICES, _NOTICE = 5, 300
_ABSTRACT = 10_000
Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool answers: a structure, and a text that says the same."""

    facts: Facts
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper of a list, its place there counted from 0, why it is there, and a sentence of it that shows that."""

    place: int
    paper: Paper
    evidence: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list. ``name`` is ours, and so are ``sentences``, which tell how the list is to be read.

    ``following`` is the place after it, None where nothing follows; ``total`` is how many there are, where known.
    """

    name: str
    entries: Sequence[Entry]
    following: int | None = None
    total: int | None = None
    sentences: Sequence[str] = field(default_factory=tuple)


def listed(desk: Desk, page: Page) -> Answer:
    """Tell a list, as many of its papers as there is room for, and how to go on."""
    blocks, shown, size = [], [], 0
    for entry in page.entries:
        block = _block(desk, entry)
        size += len(block) + 1
        if size > _ROOM:
            break
        blocks.append(block)
        shown.append(_listed_facts(desk, entry))
    was_cut = len(shown) < len(page.entries)
    following = page.entries[len(shown)].place if was_cut else page.following
    sentences = [line(each, _NOTICE) for each in page.sentences[:_NOTICES]]
    facts: Facts = {
        "notice": NOTICE,
        "list": page.name,
        "papers": shown,
        "total": page.total,
        "next_offset": following,
        "sentences": sentences,
    }
    ends = _ends(len(shown), len(page.entries) if was_cut else 0, following)
    body = [NOTICE, marked("\n".join(blocks))] if blocks else ["No papers."]
    return Answer(facts, "\n\n".join([page.name, *sentences, *body, *ends]))


def whole(desk: Desk, paper: Paper) -> Answer:
    """Tell one paper as Markdown, with its abstract as far as there is room."""
    text, abstract = lines(markdown(paper)), lines(paper.abstract)
    was_cut = len(text) > _ROOM
    facts: Facts = {"notice": NOTICE, **paper_facts(desk, paper), "abstract": cut(abstract, _ABSTRACT)}
    counts = f"{paper.upvotes:,} upvotes, {paper.comments:,} comments; {_url(desk, paper)}"
    ends = [f"Cut here; the whole stands at {_url(desk, paper)}.md"] if was_cut else []
    return Answer(facts, "\n\n".join([NOTICE, marked(cut(f"{counts}\n\n{text}", _ROOM)), *ends]))


def paper_facts(desk: Desk, paper: Paper) -> Facts:
    """Give what is known of a paper that is short."""
    return {
        "id": _id(paper),
        "title": line(paper.title, _TITLE),
        "authors": [line(author.name, _NAME) for author in paper.authors[:_NAMES]],
        "author_count": max(len(paper.authors), paper.author_count),
        "published": line(paper.published, _NAME),
        "upvotes": paper.upvotes,
        "comments": paper.comments,
        "withdrawn": paper.withdrawn,
        "url": _url(desk, paper),
    }


def _listed_facts(desk: Desk, entry: Entry) -> Facts:
    return {
        **paper_facts(desk, entry.paper),
        "evidence": line(entry.evidence, _NAME),
        "sentence": line(entry.sentence, _SENTENCE),
    }


def _block(desk: Desk, entry: Entry) -> str:
    paper = entry.paper
    names = ", ".join(line(author.name, _NAME) for author in paper.authors[:_NAMES])
    more = len(paper.authors) - _NAMES
    parts = [
        f"{entry.place + 1}. {line(paper.title, _TITLE)}",
        f"   id: {_id(paper)}",
        f"   url: {_url(desk, paper)}",
        f"   authors: {names}{f', and {more} more' if more > 0 else ''}" if names else "",
        f"   published: {line(paper.published, _NAME)}" if paper.published else "",
        f"   upvotes: {paper.upvotes}",
        "   withdrawn by its authors or its source" if paper.withdrawn else "",
        f"   here because: {entry.evidence}" if entry.evidence else "",
        f"   says: {line(entry.sentence, _SENTENCE)}" if entry.sentence else "",
    ]
    return "\n".join(filter(None, parts))


def _ends(shown: int, wanted: int, following: int | None) -> list[str]:
    ends = [f"Cut after {shown} of {wanted} papers, for want of room."] if wanted else []
    return ends if following is None else [*ends, f"More papers follow: call this again with offset {following}."]


def _id(paper: Paper) -> str:
    return cut(lines(paper.slug), _ID)


def _url(desk: Desk, paper: Paper) -> str:
    return cut(lines(desk.url(paper)), _URL)
