"""How a search is asked for in a terminal: the options that several commands share, and the query they make."""

import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from broadsheet.errors import Invalid, NotFound

if TYPE_CHECKING:
    from broadsheet.model.query import Query

T = TypeVar("T", bound=str)
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
WayOption = Annotated[str, typer.Option(help="What to search by: both (words and meaning), words or meaning.")]
LikeOption = Annotated[list[str] | None, typer.Option(metavar="ID", help="Papers like this one; repeat for more.")]
UnlikeOption = Annotated[list[str] | None, typer.Option(metavar="ID", help="Away from this one; repeat for more.")]
PassageOption = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Papers close to the text in this file, such as an abstract; - for stdin."),
]
SortOption = Annotated[str, typer.Option(help="relevance, date or upvotes.")]
LimitOption = Annotated[int, typer.Option(min=1, max=100, help="How many hits.")]
OffsetOption = Annotated[int, typer.Option(min=0, help="How many hits to skip.")]


def query_of(
    *,
    text: list[str] | None,
    passage: str | None,
    like: list[str] | None,
    unlike: list[str] | None,
    way: str,
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
    """Make the query that the options ask for; raises Invalid for what cannot be meant, NotFound for no file."""
    from broadsheet.model.query import SORTS, WAYS, Query

    if text and passage is not None:
        raise Invalid("Give words or a --passage, not both.", field="passage")
    return Query(
        text=_read(passage) if passage is not None else " ".join(text or ()),
        passage=passage is not None,
        like=tuple(like or ()),
        unlike=tuple(unlike or ()),
        way=_one_of(way, WAYS, "way"),
        categories=tuple(cat or ()),
        sources=tuple(source or ()),
        venues=tuple(venue or ()),
        organisations=tuple(org or ()),
        years=tuple(year or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        has_code=code,
        sort=_one_of(sort, SORTS, "sort"),
    )


def _one_of(said: str, known: tuple[T, ...], option: str) -> T:
    chosen = next((one for one in known if one == said), None)
    if chosen is None:
        raise Invalid(f"--{option} takes {', '.join(known)}, not {said!r}.", field=option)
    return chosen


def _read(name: str) -> str:
    """Read a text from a file, or from stdin for ``-``, and no more of it than tells that it is too long."""
    from broadsheet.model.query import MAX_TEXT

    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
            # A character takes four bytes at most.
            told = file.read(4 * MAX_TEXT + 4)
    except (OSError, ValueError) as error:
        raise NotFound(f"There is no file {name!r} that can be read.") from error
    text = told.decode("utf-8-sig", "replace").strip()
    if not text:
        raise Invalid("The passage is empty.", field="passage")
    return text
