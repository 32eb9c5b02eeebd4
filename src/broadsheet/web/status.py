"""The status page: what is on the shelf, how sources stand, who finds by meaning, and how well search finds."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of
from broadsheet.flow.harvesting.standing import gaps_open
from broadsheet.flow.upkeep import status as flow
from broadsheet.model.query import WAYS
from broadsheet.model.selftest import KINDS, Kind, Measured, SelfTest
from broadsheet.web.csrf import render_with_forms
from broadsheet.web.sources import lines


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of query in the self-test's table: what was measured by words, by meaning and by both."""

    kind: Kind
    queries: int
    cells: tuple[Measured | None, ...]


def page(request: Request) -> Response:
    """Show how the house stands: papers, sources, indexes, embedder, versions, and what the last self-test found."""
    house = house_of(request)
    found = flow.status(house)
    return render_with_forms(
        request,
        "status.html",
        headers={"Cache-Control": "no-store"},
        facts=found,
        lines=lines(request),
        gaps=gaps_open(house),
        rows=[] if found.selftest is None else list(_rows(found.selftest)),
        ways=WAYS,
    )


def _rows(found: SelfTest) -> list[Row]:
    by_name = {(each.kind, each.way): each for each in found.measured}
    cells = {kind: tuple(by_name.get((kind, way)) for way in WAYS) for kind in KINDS}
    return [Row(kind, max(each.queries for each in row if each), row) for kind, row in cells.items() if any(row)]
