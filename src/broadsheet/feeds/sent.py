"""What programs ask by GET or by POST, where either is answered alike and changes nothing."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

Pairs = Sequence[tuple[str, str]]
_MOST_ARGUMENTS: Final = 50
_FORM: Final = "application/x-www-form-urlencoded"


class Reading(Route):
    """A route that answers a form as it does an address and changes nothing, whoever sends it."""

    permission = "read"


async def sent(request: Request, most_bytes: int) -> Pairs:
    """Read the arguments off the address, or off the form that was sent.

    Raises HTTPException: 413 for a form of more than ``most_bytes`` or 50 arguments, 415 for what is none.
    """
    if request.method != "POST":
        return request.query_params.multi_items()
    if request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise HTTPException(413)
    try:
        told = body.decode("utf-8", "replace")
        return parse_qsl(told, keep_blank_values=True, max_num_fields=_MOST_ARGUMENTS)
    except ValueError:
        raise HTTPException(413) from None
