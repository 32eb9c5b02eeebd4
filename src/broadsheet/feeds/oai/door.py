"""The address that harvesters ask, by GET or POST (section 3.1)."""

from hashlib import blake2b
from typing import Final
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from broadsheet.entrance.asked import has_copy, house_of, origin_of
from broadsheet.entrance.xml import add, document, stamp
from broadsheet.feeds.oai import asking, naming, verbs
from broadsheet.feeds.oai.asking import Pairs
from broadsheet.feeds.oai.lists import Told
from broadsheet.feeds.oai.refusal import UNREAD, OaiError
from broadsheet.flow.reading.provide import settled

_MOST_BYTES: Final = 20_000
_MOST_ARGUMENTS: Final = 50
_FORM: Final = "application/x-www-form-urlencoded"
_NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/"
_ROOT: Final = {
    "xmlns": _NAMESPACE,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}OAI-PMH.xsd",
}
_KIND: Final = {"Content-Type": "text/xml; charset=utf-8", "Cache-Control": "no-cache"}
# Written when the rest is, so that two answers that tell the same have one tag.
_WHEN: Final = b"<responseDate />"


class Reading(Route):
    """A route that answers a form as it does an address and changes nothing, whoever sends it."""

    permission = "read"


def routes() -> list[Route]:
    """List the addresses of this room."""
    return [Reading("/oai", harvested, methods=["GET", "POST"], name="oai")]


async def harvested(request: Request) -> Response:
    """Answer a harvester by OAI-PMH."""
    pairs = await _sent(request) if request.method == "POST" else request.query_params.multi_items()
    return await run_in_threadpool(_answered, request, pairs)


def _answered(request: Request, pairs: Pairs) -> Response:
    house, origin = house_of(request), origin_of(request)
    told = Told(house, naming.namespace(house.settings.public_url), origin)
    body = document(_root(told, pairs))
    when = f"<responseDate>{stamp(settled(house))}</responseDate>".encode()
    if request.method == "POST":
        return Response(body.replace(_WHEN, when, 1), headers={**_KIND, "Cache-Control": "no-store"})
    headers = {**_KIND, "ETag": f'W/"{blake2b(body, digest_size=12).hexdigest()}"'}
    if has_copy(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body.replace(_WHEN, when, 1), headers=headers)


def _root(told: Told, pairs: Pairs) -> ET.Element:
    """Make an answer: when, to what, and what; or what was wrong."""
    root = ET.Element("OAI-PMH", _ROOT)
    add(root, "responseDate")
    request = add(root, "request", f"{told.origin}/oai")
    try:
        asked = asking.read(pairs)
        verbs.answer(root, told, asked)
    except OaiError as error:
        add(root, "error", str(error), {"code": error.code})
        if error.code in UNREAD:
            return root
    for name, value in pairs:
        request.set(name, value)
    return root


async def _sent(request: Request) -> Pairs:
    """Read the form that was sent; raises HTTPException: 413 for too much of it, 415 for what is none."""
    if request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise HTTPException(413)
    try:
        told = body.decode("utf-8", "replace")
        return parse_qsl(told, keep_blank_values=True, max_num_fields=_MOST_ARGUMENTS)
    except ValueError:
        raise HTTPException(413) from None
