"""Where a list goes on: an opaque text that is worth something for the one list, with the filters, it was made for."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import blake2b

from broadsheet.errors import Invalid

PATTERN = "^[A-Za-z0-9_-]{0,40}$"
_NUMBER, _CHECK = 4, 8


def written(of: object, offset: int) -> str:
    """Write the cursor that goes on with a list after ``offset``; ``of`` is what tells the list from others."""
    number = offset.to_bytes(_NUMBER, "big")
    return urlsafe_b64encode(number + _check(of, number)).decode().rstrip("=")


def read(of: object, cursor: str) -> int:
    """Read a cursor, 0 for an empty one; raises Invalid for one of another list or of somebody else."""
    if not cursor:
        return 0
    try:
        told = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (Error, ValueError):
        told = b""
    number = told[:_NUMBER]
    if told[_NUMBER:] != _check(of, number):
        raise Invalid("This cursor is not of this list; take it from the answer before, as `next`.", field="cursor")
    return int.from_bytes(number, "big")


def _check(of: object, number: bytes) -> bytes:
    return blake2b(repr(of).encode("utf-8", "backslashreplace"), digest_size=_CHECK, salt=number).digest()
