"""``broadsheet show``: one paper, whole."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, byline, console, open_home, paper_json, print_json

if TYPE_CHECKING:
    from broadsheet.flow.similar import Similar
    from broadsheet.model.paper import Paper


def show(
    reference: Annotated[str, typer.Argument(help="An id or address: arXiv, Hugging Face, DOI, ACL, OpenReview.")],
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Only its BibTeX entry.")] = False,
    with_similar: Annotated[bool, typer.Option("--similar", help="Also the papers most similar to it.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one paper: authors, dates, links, sources, abstract, and the papers similar to it if they are asked for."""
    from broadsheet.flow import paper as flow
    from broadsheet.flow.cite import bibtex as cite
    from broadsheet.flow.similar import similar

    with open_home(home) as house:
        paper = flow.show(house, reference)
        near = similar(house, paper) if with_similar else ()
    if bibtex:
        typer.echo(cite(paper))
    elif as_json:
        told = {"similar": [_near_json(each) for each in near]} if with_similar else {}
        print_json({**paper_json(paper), "bibtex": cite(paper), **told})
    else:
        _as_text(paper)
        for each in near:
            _print_near(each)


def _near_json(near: "Similar") -> dict[str, Any]:
    return {"id": near.paper.slug, "title": near.paper.title, "score": near.score, "apart": list(near.apart)}


def _print_near(near: "Similar") -> None:
    from rich.text import Text

    line = Text("\nSimilar: ", style="dim")
    line.append(near.paper.title, style="not dim bold")
    line.append(f"  {near.paper.slug}", style="not dim cyan")
    if near.apart:
        line.append(f"\n         also about {', '.join(near.apart)}")
    console().print(line)


def _as_text(paper: "Paper") -> None:
    from rich.table import Table
    from rich.text import Text

    out = console()
    out.print(Text(paper.title, style="bold"))
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("Authors", ", ".join(author.name for author in paper.authors) or byline(paper)),
        ("Published", paper.published[:10]),
        ("Venue", paper.venue),
        ("Organisations", ", ".join(paper.organisations)),
        ("Categories", ", ".join(paper.categories)),
        ("Ids", ", ".join(str(external_id) for external_id in paper.ids)),
        ("Versions", ", ".join(f"v{version.number} {version.at[:10]}" for version in paper.versions)),
        ("Daily", ", ".join(day.isoformat() for day in paper.days)),
        ("Upvotes", str(paper.upvotes or "")),
        ("Told by", ", ".join(paper.sources)),
        ("Withdrawn", "yes" if paper.withdrawn else ""),
        *((link.kind.capitalize(), link.url) for link in paper.links),
    ):
        if value:
            facts.add_row(Text(name, style="dim"), Text(value))
    out.print(facts)
    if paper.abstract:
        out.print()
        out.print(Text(paper.abstract))
