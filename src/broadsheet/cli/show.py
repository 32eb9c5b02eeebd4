"""``broadsheet show``: one paper, whole."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.cli.output import HomeOption, JsonOption, byline, console, open_home, paper_json, print_json

if TYPE_CHECKING:
    from rich.text import Text

    from broadsheet.flow.reading.similar import Similar
    from broadsheet.flow.shelf.history import Change, History, Telling
    from broadsheet.model.difference import Span
    from broadsheet.model.paper import Paper


def show(
    reference: Annotated[str, typer.Argument(help="An id or address: arXiv, Hugging Face, DOI, ACL, OpenReview.")],
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Only its BibTeX entry.")] = False,
    style: Annotated[
        str,
        typer.Option("--cite", metavar="STYLE", help="Only its reference: apa, mla, chicago, ieee, vancouver, harvard"),
    ] = "",
    with_similar: Annotated[bool, typer.Option("--similar", help="Also the papers most similar to it.")] = False,
    with_history: Annotated[
        bool, typer.Option("--history", help="Also every text it had, and what changed from one to the next.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one paper: authors, dates, links, sources, abstract; if asked for, similar papers and its history."""
    from broadsheet.cite.bibtex import bibtex as cite
    from broadsheet.cite.styles import reference as formatted
    from broadsheet.flow import paper as flow
    from broadsheet.flow.reading.similar import similar
    from broadsheet.flow.shelf.history import history

    with open_home(home) as house:
        paper = flow.show(house, reference)
        near = similar(house, paper) if with_similar else ()
        past = history(house, paper) if with_history else None
    if bibtex:
        typer.echo(cite(paper))
    elif style:
        typer.echo(formatted(paper, style))
    elif as_json:
        told = {"similar": [_near_json(each) for each in near]} if with_similar else {}
        texts = {"history": [_telling_json(each) for each in past.tellings]} if past else {}
        print_json({**paper_json(paper), "bibtex": cite(paper), **told, **texts})
    else:
        _as_text(paper)
        for each in near:
            _print_near(each)
        if past:
            _print_history(past)


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


def _telling_json(telling: "Telling") -> dict[str, Any]:
    return {
        "at": telling.at,
        "versions": list(telling.versions),
        "sources": list(telling.sources),
        "title": telling.title,
        "abstract": telling.abstract,
        "authors": list(telling.authors),
        "withdrawn": telling.withdrawn,
        "taken_back": telling.taken_back,
        "past": telling.past,
    }


def _print_history(past: "History") -> None:
    from rich.text import Text

    from broadsheet.flow.shelf.history import change

    for number, telling in enumerate(past.tellings, 1):
        line = Text(f"\nText {number}: ", style="dim")
        facts = (telling.at[:10], *(f"v{version}" for version in telling.versions), ", ".join(telling.sources))
        line.append(" · ".join(filter(None, facts)), style="not dim bold")
        marks = (("withdrawn", telling.withdrawn), ("taken back", telling.taken_back), ("told no more", telling.past))
        line.append("".join(f" · {word}" for word, holds in marks if holds), style="not dim")
        console().print(line)
        if number > 1:
            _print_change(change(past, number - 1, number))


def _print_change(made: "Change") -> None:
    """Print what changed as wdiff does (https://www.gnu.org/software/wdiff/), the same in colours and without."""
    from rich.text import Text

    names = (*(f"[-{name}-]" for name in made.authors_removed), *(f"{{+{name}+}}" for name in made.authors_added))
    for word, shown in (
        ("Title", _marked(made.title)),
        ("Abstract", _marked(made.abstract)),
        ("Authors", Text(" ".join(names))),
    ):
        if "[-" in shown.plain or "{+" in shown.plain:
            console().print(Text(f"{word}: ", style="dim").append_text(shown))


def _marked(spans: "tuple[Span, ...]") -> "Text":
    from rich.text import Text

    marked = Text(style="not dim")
    for span in spans:
        words = span.text.rstrip()
        after = span.text[len(words) :]
        if span.kind == "added":
            marked.append(f"{{+{words}+}}{after}", style="green")
        elif span.kind == "removed":
            marked.append(f"[-{words}-]{after}", style="red")
        else:
            marked.append(span.text)
    return marked


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
