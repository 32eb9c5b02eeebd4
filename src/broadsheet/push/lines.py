"""How a message reads, line by line; each service writes the same lines in its own markup."""

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.push.brief import Brief, Item, Part, papers

_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a line, which may lead somewhere; ``strong`` are titles and what stands above others."""

    text: str
    url: str = ""
    strong: bool = False


Line = tuple[Span, ...]


def all_lines(brief: Brief) -> Iterator[Line]:
    """Give a whole message, its headline first; an empty line parts what does not belong together."""
    yield (Span(brief.headline, strong=True),)
    yield from below_headline(brief)


def below_headline(brief: Brief) -> Iterator[Line]:
    """Give a message without its headline, beginning with an empty line."""
    for part in brief.parts:
        if len(brief.parts) > 1:
            yield from ((), heading(part))
        for item in part.items:
            yield from ((), title(item), *details(item))
        if part.more:
            yield from ((), more(part))
    if last := closing(brief):
        yield from ((), *last)


def heading(part: Part) -> Line:
    """Name a list above its papers."""
    return (Span(part.title, part.url, strong=True),)


def title(item: Item) -> Line:
    """Give a paper's title, which leads to its page."""
    return (Span(item.title, item.url, strong=True),)


def details(item: Item) -> Iterator[Line]:
    """Give what stands below a title: whose it is, what it says, upvotes, links and why it is here."""
    yield from ((Span(text),) for text in (item.by, item.telling) if text)
    upvotes = [Span(f"▲ {item.paper.upvotes:,}")] if item.paper.upvotes > 0 else []
    why = [Span(item.why)] if item.why else []
    if last := _row([*upvotes, *(Span(*link) for link in item.links), *why]):
        yield last


def more(part: Part) -> Line:
    """Say how many more papers a list has, and where they are."""
    told = f"and {part.more:,} more" if part.items else papers(part.more)
    return (Span(told, part.url),)


def closing(brief: Brief) -> list[Line]:
    """Give what stands below all: what is not shown, why it comes, and where to read on or change it."""
    beyond = (Span(f"and {papers(brief.beyond)} on other lists"),) if brief.beyond else ()
    why = (Span(brief.why),) if brief.why else ()
    return [told for told in (beyond, why, _row([Span(*link) for link in brief.closing])) if told]


def as_plain(line: Line) -> str:
    """Write a line without markup: a title's address stands below it, another one behind its words."""
    return "".join(
        f"{span.text}{chr(10) if span.strong else ': '}{span.url}" if span.url else span.text for span in line
    )


def _row(spans: list[Span]) -> Line:
    return tuple(each for span in spans for each in (Span(_BETWEEN), span))[1:]
