"""What a form sends: read once, of one kind, and never more than can be meant."""

from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request

from broadsheet.model.query import MAX_TEXT

# A character outside the basic plane takes twelve bytes in a form; the rest is for the other fields.
MAX_BODY = 12 * MAX_TEXT + 10_000
MAX_FIELDS = 200
_KIND = "application/x-www-form-urlencoded"


async def read_form(request: Request, *, most: int = MAX_BODY) -> QueryParams:
    """Read the body as a form, bytes that are no UTF-8 replaced; a body that names no kind is taken for a form.

    A line break is one character again, where browsers send two.

    Raises HTTPException: 413 beyond ``most`` bytes or MAX_FIELDS fields, 415 for a body of another kind.
    """
    kind = request.headers.get("content-type", _KIND).partition(";")[0].strip().lower()
    if kind != _KIND:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise HTTPException(413) from None
    return QueryParams([(name, value.replace("\r\n", "\n")) for name, value in pairs])
