"""The key of private feeds, which stands in their addresses: feed readers can send nothing else."""

from typing import Final

from starlette.requests import Request

from broadsheet.credentials.secret import Kind, is_secret

ONLY_FEEDS: Final = "The key of private feeds opens feeds at their own addresses, and nothing else."


def feed_key(request: Request) -> str:
    """Give the key that the address of a request carries, valid or not; an empty text for none."""
    told = request.query_params.getlist("token")
    return next((each for each in told if is_secret(Kind.FEED, each)), "")
