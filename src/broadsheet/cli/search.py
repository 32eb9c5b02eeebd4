"""``broadsheet search``: find papers by words."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, byline, console, counted, open_home, paper_json, print_json
from broadsheet.errors import Invalid

if TYPE_CHECKING:
    from rich.text import Text

    from broadsheet.model.query import Results, Span

_DAY: dict[str, Any] = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}


def search(
    text: Annotated[list[str] | None, typer.Argument(help='Words, "a phrase", author:name, -not … or an id.')] = None,
    cat: Annotated[list[str] | None, typer.Option(help="Only this category, such as cs.CL; repeat for more.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only papers told by this source.")] = None,
    venue: Annotated[list[str] | None, typer.Option(help="Only this venue.")] = None,
    org: Annotated[list[str] | None, typer.Option(help="Only this organisation.")] = None,
    year: Annotated[list[int] | None, typer.Option(help="Only this year; repeat for more.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only papers of this day or later.", **_DAY)] = None,
    until: Annotated[datetime | None, typer.Option(help="Only papers of this day or earlier.", **_DAY)] = None,
    code: Annotated[bool | None, typer.Option("--code/--no-code", help="Only papers with (without) code.")] = None,
    sort: Annotated[str, typer.Option(help="relevance, date or upvotes.")] = "relevance",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many hits.")] = 10,
    offset: Annotated[int, typer.Option(min=0, help="How many hits to skip.")] = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find papers by words, fields and filters; an id or address goes straight to its paper."""
    from broadsheet.flow import search as flow
    from broadsheet.flow.starter import is_empty
    from broadsheet.model.query import SORTS, Query

    chosen = next((known for known in SORTS if known == sort), None)
    if chosen is None:
        raise Invalid(f"--sort takes {', '.join(SORTS)}, not {sort!r}.", field="sort")
    query = Query(
        text=" ".join(text or ()),
        categories=tuple(cat or ()),
        sources=tuple(source or ()),
        venues=tuple(venue or ()),
        organisations=tuple(org or ()),
        years=tuple(year or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        has_code=code,
        sort=chosen,
        limit=limit,
        offset=offset,
    )
    with open_home(home) as house:
        results = flow.search(house, query)
        empty = is_empty(house)
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
