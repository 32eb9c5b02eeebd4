"""The status page: what is on the shelf, who finds by meaning, and how well search finds what is there."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.flow import status as flow
from broadsheet.model.query import WAYS
from broadsheet.model.selftest import KINDS, Kind, Measured, SelfTest
from broadsheet.web.press import house_of, render


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of query in the self-test's table: what was measured by words, by meaning and by both."""

    kind: Kind
    queries: int
    cells: tuple[Measured | None, ...]


def page(request: Request) -> Response:
    """Show how the house stands: papers, indexes, embedder, versions, and what the last self-test found."""
    found = flow.status(house_of(request))
    rows = [] if found.selftest is None else list(_rows(found.selftest))
    return render(request, "status.html", headers={"Cache-Control": "no-store"}, facts=found, rows=rows, ways=WAYS)


def _rows(found: SelfTest) -> list[Row]:
    by_name = {(each.kind, each.way): each for each in found.measured}
    cells = {kind: tuple(by_name.get((kind, way)) for way in WAYS) for kind in KINDS}
    return [Row(kind, max(each.queries for each in row if each), row) for kind, row in cells.items() if any(row)]
