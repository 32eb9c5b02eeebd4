"""How a search is asked for in a terminal: the options that several commands share, and the query they make."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broadsheet.errors import Invalid

if TYPE_CHECKING:
    from broadsheet.model.query import Query

_DAY: dict[str, Any] = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}

TextArgument = Annotated[list[str] | None, typer.Argument(help='Words, "a phrase", author:name, -not … or an id.')]
CatOption = Annotated[list[str] | None, typer.Option(help="Only this category, such as cs.CL; repeat for more.")]
SourceOption = Annotated[list[str] | None, typer.Option(help="Only papers told by this source.")]
VenueOption = Annotated[list[str] | None, typer.Option(help="Only this venue.")]
OrgOption = Annotated[list[str] | None, typer.Option(help="Only this organisation.")]
YearOption = Annotated[list[int] | None, typer.Option(help="Only this year; repeat for more.")]
SinceOption = Annotated[datetime | None, typer.Option(help="Only papers of this day or later.", **_DAY)]
UntilOption = Annotated[datetime | None, typer.Option(help="Only papers of this day or earlier.", **_DAY)]
CodeOption = Annotated[bool | None, typer.Option("--code/--no-code", help="Only papers with (without) code.")]
SortOption = Annotated[str, typer.Option(help="relevance, date or upvotes.")]
LimitOption = Annotated[int, typer.Option(min=1, max=100, help="How many hits.")]
OffsetOption = Annotated[int, typer.Option(min=0, help="How many hits to skip.")]


def query_of(
    *,
    text: list[str] | None,
    cat: list[str] | None,
    source: list[str] | None,
    venue: list[str] | None,
    org: list[str] | None,
    year: list[int] | None,
    since: datetime | None,
    until: datetime | None,
    code: bool | None,
    sort: str,
) -> "Query":
    """Make the query that the options ask for; raises Invalid (``sort``) for an unknown order."""
    from broadsheet.model.query import SORTS, Query

    chosen = next((known for known in SORTS if known == sort), None)
    if chosen is None:
        raise Invalid(f"--sort takes {', '.join(SORTS)}, not {sort!r}.", field="sort")
    return Query(
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
    )
