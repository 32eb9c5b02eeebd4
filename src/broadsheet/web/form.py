"""What a form sends: read once, of one kind, and never more than can be meant."""

from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request

from broadsheet.model.query import MAX_TEXT

# A character outside the basic plane takes twelve bytes in a form; the rest is for the other fields.
MAX_BODY = 12 * MAX_TEXT + 10_000
MAX_FIELDS = 200
# All that comes in parts is one word; parts may hold others, and so deep a body is soon too deep to be read.
MAX_PARTS = 2_000
_KIND, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


async def read_form(request: Request, *, most: int = MAX_BODY, parts: bool = False) -> QueryParams:
    """Read the body as a form, bytes that are no UTF-8 replaced; a body that names no kind is taken for a form.

    A line break is one character again, where browsers send two. ``parts`` takes ``multipart/form-data`` as well, in
    which mail services unsubscribe (RFC 8058, section 3.2); of it texts alone are read.

    Raises HTTPException: 413 beyond ``most`` bytes, MAX_PARTS in parts, or MAX_FIELDS fields; 415 for a body of another
    kind.
    """
    told = request.headers.get("content-type", _KIND)
    kind = told.partition(";")[0].strip().lower()
    if kind != _KIND and not (parts and kind == _PARTS):
        raise HTTPException(415)
    most = min(most, MAX_PARTS) if kind == _PARTS else most
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413)
    try:
        text = body.decode("utf-8", "replace")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS) if kind == _KIND else []
    except ValueError:
        raise HTTPException(413) from None
    if kind == _PARTS:
        pairs = list(_fields(told, bytes(body)))[:MAX_FIELDS]
    return QueryParams([(name, value.replace("\r\n", "\n")) for name, value in pairs])


def _fields(kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Read the texts of a body in parts (RFC 7578), which is a MIME message without its first lines."""
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        told = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(told, bytes):
            yield name, told.decode("utf-8", "replace")
