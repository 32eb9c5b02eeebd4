"""``broadsheet search``: find papers by words."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broadsheet.cli.asking import (
    CatOption,
    CodeOption,
    LimitOption,
    OffsetOption,
    OrgOption,
    SinceOption,
    SortOption,
    SourceOption,
    TextArgument,
    UntilOption,
    VenueOption,
    YearOption,
    query_of,
)
from broadsheet.cli.output import HomeOption, JsonOption, byline, console, counted, open_home, paper_json, print_json

if TYPE_CHECKING:
    from rich.text import Text

    from broadsheet.model.query import Results, Span


def search(
    text: TextArgument = None,
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
    """Find papers by words, fields and filters; an id or address goes straight to its paper."""
    from broadsheet.flow import search as flow
    from broadsheet.flow.starter import is_empty

    query = query_of(
        text=text,
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
        {"rank": hit.rank, "score": hit.score, "snippet": _text(hit.snippet), **paper_json(hit.paper)}
        for hit in results.hits
    ]
    if results.exact:
        hits = [{"rank": 1, "score": 1.0, "snippet": "", **paper_json(results.exact)}]
    return {
        "hits": hits,
        "total": max(results.total, len(hits)),
        "exact": results.exact is not None,
        "notices": list(results.notices),
        "took_ms": round(results.took_ms, 2),
    }


def _text(spans: "tuple[Span, ...]") -> str:
    return "".join(span.text for span in spans)


def _as_text(results: "Results") -> None:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    out = console()
    for notice in results.notices:
        out.print(Text(notice, style="yellow"))
    papers = [(hit.paper, hit.title, hit.snippet) for hit in results.hits]
    if results.exact:
        papers = [(results.exact, (), ())]
    shown = Table.grid(padding=(0, 1))
    shown.add_column(justify="right", style="dim")
    for number, (paper, title, snippet) in enumerate(papers, results.query.offset + 1):
        facts = "  ".join(part for part in (paper.slug, paper.published[:10], byline(paper), paper.venue) if part)
        name = _marked(title, "bold") or Text(paper.title, style="bold")
        shown.add_row(
            f"{number}.", Group(name, Text(facts, style="cyan"), *([_marked(snippet, "")] if snippet else []))
        )
    out.print(shown)
    if not papers:
        out.print("No paper matches. Try fewer words, or `broadsheet search --help` for the syntax.")
    else:
        more = "at least " if results.at_least else ""
        out.print(
            Text(f"{more}{counted(max(results.total, len(papers)), 'paper')} in {results.took_ms:.1f} ms", style="dim")
        )


def _marked(spans: "tuple[Span, ...]", style: str) -> "Text":
    from rich.text import Text

    text = Text(style=style)
    for span in spans:
        text.append(span.text, style="bold yellow" if span.matched else "")
    return text
