"""What who is here follows: pages ask it to choose between the button that begins and the one that stops."""

from starlette.requests import Request

from broadsheet.entrance.asked import house_of
from broadsheet.entrance.visitor import visitor_of
from broadsheet.flow.people import following
from broadsheet.store.follows import Kind


def followed_targets(request: Request, kind: Kind) -> frozenset[str]:
    """Give what of a kind is followed, in one statement for a reader and none for anybody else."""
    return following.targets(house_of(request), visitor_of(request).reader, kind)
