"""What who is here follows: pages ask it to choose between the button that begins and the one that stops."""

from starlette.requests import Request

from broadsheet.flow.people import following
from broadsheet.store.follows import Kind
from broadsheet.web.press import house_of
from broadsheet.web.visitor import visitor_of


def followed_targets(request: Request, kind: Kind) -> frozenset[str]:
    """Give what of a kind is followed, in one statement for a reader and none for anybody else."""
    return following.targets(house_of(request), visitor_of(request).reader, kind)
