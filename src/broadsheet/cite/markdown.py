"""A paper as Markdown, for agents and notes: what it is, where it stands, and its abstract.

Formulas stay in TeX between dollars, which is how Markdown has them.
"""

import re
from collections.abc import Iterator

from broadsheet.model.paper import Paper
from broadsheet.model.text import plain

_MOST_NAMES = 100
# What would begin a heading, a list or a quotation where a line begins, or raw HTML anywhere.
_MARKS = re.compile(r"(?m)^(?=\s{0,3}(?:[#>+-]|\d{1,9}[.)])(?:\s|$))")
_HTML = re.compile(r"<(?=[A-Za-z/!?])")


def markdown(paper: Paper) -> str:
    """Write a paper as Markdown; what is not known is left out."""
    return "\n\n".join(_parts(paper)) + "\n"


def _parts(paper: Paper) -> Iterator[str]:
    yield f"# {_line(paper.title)}"
    if names := [_line(author.name) for author in paper.authors]:
        more = f", and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        yield f"**Authors:** {', '.join(names[:_MOST_NAMES])}{more}"
    if facts := list(_facts(paper)):
        yield "\n".join(f"- **{name}:** {value}" for name, value in facts)
    if paper.withdrawn:
        yield "This paper was withdrawn."
    if paper.summary:
        yield f"> {_line(paper.summary)}"
    yield "## Abstract"
    yield _text(paper.abstract) if paper.abstract else "No source gives an abstract."
    yield "The full text is not kept here."


def _facts(paper: Paper) -> Iterator[tuple[str, str]]:
    yield from ((each.scheme, _line(each.value)) for each in paper.ids)
    told = {
        "published": paper.published,
        "updated": paper.updated,
        "venue": paper.venue,
        "organisations": ", ".join(paper.organisations),
        "categories": ", ".join(paper.categories),
        "keywords": ", ".join(paper.keywords),
    }
    yield from ((name, _line(value)) for name, value in told.items() if value)
    yield from ((link.kind, f"<{link.url}>") for link in paper.links if _is_whole(link.url))


def _is_whole(url: str) -> bool:
    """Tell whether an address can stand between angle brackets (CommonMark 0.31, section 6.5)."""
    return url.startswith(("https://", "http://")) and not set(url) & set(" <>\n\t")


def _line(text: str) -> str:
    return _HTML.sub(r"\\<", " ".join(plain(text).split()))


def _text(text: str) -> str:
    return _MARKS.sub(r"\\", _HTML.sub(r"\\<", text))
