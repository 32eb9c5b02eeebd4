"""``broadsheet search``: find papers by words and by meaning."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broadsheet.cli.asking import (
    CatOption,
    CodeOption,
    LikeOption,
    LimitOption,
    OffsetOption,
    OrgOption,
    PassageOption,
    SinceOption,
    SortOption,
    SourceOption,
    TextArgument,
    UnlikeOption,
    UntilOption,
    VenueOption,
    WayOption,
    YearOption,
    query_of,
)
from broadsheet.cli.output import HomeOption, JsonOption, byline, console, counted, open_home, paper_json, print_json

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

    from broadsheet.model.query import Hit, Results, Span

_DIVIDER = "On the same topic: none or only some of your words stand in what follows, it is near in meaning."


def search(
    text: TextArgument = None,
    passage: PassageOption = None,
    like: LikeOption = None,
    unlike: UnlikeOption = None,
    way: WayOption = "both",
    cat: CatOption = None,
    source: SourceOption = None,
    venue: VenueOption = None,
    org: OrgOption = None,
    year: YearOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    code: CodeOption = None,
    sort: SortOption = "relevance",
    limit: LimitOption = 10,
    offset: OffsetOption = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find papers by words, meaning, fields and filters; an id or address goes straight to its paper."""
    from broadsheet.flow.reading import search as flow
    from broadsheet.flow.shelf.starter import is_empty

    query = query_of(
        text=text,
        passage=passage,
        like=like,
        unlike=unlike,
        way=way,
        cat=cat,
        source=source,
        venue=venue,
        org=org,
        year=year,
        since=since,
        until=until,
        code=code,
        sort=sort,
    )
    with open_home(home) as house:
        results = flow.search(house, replace(query, limit=limit, offset=offset))
        empty = is_empty(house)
    print_results(results, empty=empty, as_json=as_json)


def print_results(results: "Results", *, empty: bool, as_json: bool) -> None:
    """Write what a search found; in words, ``empty`` says that there is nothing in the house to find."""
    if as_json:
        print_json(_as_json(results))
    elif empty:
        console().print(
            "The house is empty. Import papers: broadsheet import PATH, or start with the shelf: broadsheet up"
        )
    else:
        _as_text(results)


def _as_json(results: "Results") -> dict[str, Any]:
    hits = [
        {
            "rank": hit.rank,
            "score": hit.score,
            "evidence": hit.evidence,
            "guess": hit.guess,
            "snippet": _text(hit.snippet),
            **paper_json(hit.paper),
        }
        for hit in results.hits
    ]
    if results.exact:
        one = {"rank": 1, "score": 1.0, "evidence": None, "guess": False, "snippet": ""}
        hits = [{**one, **paper_json(results.exact)}]
    return {
        "hits": hits,
        "total": results.total,
        "at_least": results.at_least,
        "related": results.related,
        "exact": results.exact is not None,
        "notices": list(results.notices),
        "took_ms": round(results.took_ms, 2),
    }


def _text(spans: "tuple[Span, ...]") -> str:
    return "".join(span.text for span in spans)


def _as_text(results: "Results") -> None:
    from rich.table import Table
    from rich.text import Text

    from broadsheet.model.query import Hit

    out = console()
    for notice in results.notices:
        out.print(Text(notice, style="yellow"))
    hits = [Hit(1, 1.0, results.exact)] if results.exact else list(results.hits)
    if not hits:
        out.print("No paper matches. Try fewer or other words; docs/search.md tells all ways to ask.")
        return
    shown = Table.grid(padding=(0, 1))
    shown.add_column(justify="right", style="dim")
    matches, guesses = results.parted()
    for number, hit in enumerate(hits):
        if guesses and number == len(matches):
            shown.add_row("", Text(_DIVIDER, style="dim italic"))
        shown.add_row(f"{hit.rank}.", _hit(hit))
    out.print(shown)
    out.print(Text(f"{_tally(results)} in {results.took_ms:.1f} ms", style="dim"))


def _hit(hit: "Hit") -> "Group":
    from rich.console import Group
    from rich.text import Text

    from broadsheet.model.query import EVIDENCE

    paper = hit.paper
    facts = "  ".join(part for part in (paper.slug, paper.published[:10], byline(paper), paper.venue) if part)
    lines = [_marked(hit.title, "bold") or Text(paper.title, style="bold"), Text(facts, style="cyan")]
    if hit.evidence:
        lines[1].append(f"  {EVIDENCE[hit.evidence][0]}", style="dim")
    if hit.snippet:
        lines.append(_marked(hit.snippet, ""))
    return Group(*lines)


def _tally(results: "Results") -> str:
    if results.query.like or results.query.passage:
        return "The closest papers"
    if not results.total and results.related:
        return f"{counted(results.related, 'paper')} near in meaning"
    more = f", and {results.related:,} more on the same topic" if results.related else ""
    return f"{'at least ' if results.at_least else ''}{counted(results.total, 'paper')}{more}"


def _marked(spans: "tuple[Span, ...]", style: str) -> "Text":
    from rich.text import Text

    text = Text(style=style)
    for span in spans:
        text.append(span.text, style="bold yellow" if span.matched else "")
    return text
