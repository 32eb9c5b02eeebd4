"""A reader's own page for everybody: their name, what they say of themselves, their labels."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import visitor_of
from broadsheet.flow.lists import labels, profile
from broadsheet.web.csrf import render_with_forms


def page(request: Request) -> Response:
    """Show a reader, and those labels of theirs that the visitor may see."""
    house, viewer = house_of(request), visitor_of(request).reader
    shown = profile.show(house, request.path_params["handle"])
    return render_with_forms(
        request,
        "reader.html",
        reader=shown.reader,
        counts=shown.counts,
        labels=labels.of_reader(house, shown.reader, viewer) if shown.reader.state == "active" else (),
        is_me=viewer is not None and viewer.id == shown.reader.id,
    )
