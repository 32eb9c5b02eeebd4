"""The address that harvesters ask, by GET or POST (section 3.1)."""

from hashlib import blake2b
from typing import Final
from xml.etree import ElementTree as ET

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from broadsheet.entrance.asked import has_copy, house_of, origin_of
from broadsheet.entrance.xml import add, document, stamp
from broadsheet.feeds.oai import asking, naming, verbs
from broadsheet.feeds.oai.lists import Told
from broadsheet.feeds.oai.refusal import UNREAD, OaiError
from broadsheet.feeds.sent import Pairs, Reading, sent
from broadsheet.flow.reading.provide import settled

_MOST_BYTES: Final = 20_000
_NAMESPACE: Final = "http://www.openarchives.org/OAI/2.0/"
_ROOT: Final = {
    "xmlns": _NAMESPACE,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}OAI-PMH.xsd",
}
_KIND: Final = {"Content-Type": "text/xml; charset=utf-8", "Cache-Control": "no-cache"}
# Written when the rest is, so that two answers that tell the same have one tag.
_WHEN: Final = b"<responseDate />"


def routes() -> list[Route]:
    """List the addresses of this room."""
    return [Reading("/oai", harvested, methods=["GET", "POST"], name="oai")]


async def harvested(request: Request) -> Response:
    """Answer a harvester by OAI-PMH."""
    return await run_in_threadpool(_answered, request, await sent(request, _MOST_BYTES))


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
