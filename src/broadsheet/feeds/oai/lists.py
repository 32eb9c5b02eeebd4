"""The two verbs that list: pages of papers in the order in which they changed last."""

from dataclasses import replace
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, stamp
from broadsheet.feeds.oai import asking, sets, token
from broadsheet.feeds.oai.asking import Asked
from broadsheet.feeds.oai.formats import known
from broadsheet.feeds.oai.naming import identifier
from broadsheet.feeds.oai.refusal import OaiError
from broadsheet.feeds.oai.token import Place
from broadsheet.flow import keys
from broadsheet.flow.house import House
from broadsheet.flow.reading import provide
from broadsheet.flow.reading.provide import Piece
from broadsheet.model.provided import Among, Provided

PAGE: Final = 500


class Told(NamedTuple):
    """What an answer is made for: the house, its name in identifiers, and what its addresses begin with."""

    house: House
    space: str
    origin: str


def list_papers(answer: ET.Element, told: Told, asked: Asked) -> None:
    """Tell of a page of papers; raises OaiError for what cannot be listed, and where there is nothing."""
    house, key = told.house, keys.derived(told.house, "oai")
    is_resumed = "resumptionToken" in asked.arguments
    place = token.read(asked.get("resumptionToken"), asked.verb, key) if is_resumed else _begun(asked)
    known(place.prefix)
    piece = provide.piece(house, _among(place), place.after, PAGE)
    if not piece.papers and not is_resumed:
        raise OaiError("noRecordsMatch", "No paper was changed then, or none of such papers.")
    verb = add(answer, asked.verb)
    for provided in piece.papers:
        if asked.verb == "ListRecords":
            add_record(verb, told, provided, place.prefix)
        else:
            add_header(verb, told, provided)
    if piece.more or is_resumed:
        _add_token(verb, _counted(house, place) if not is_resumed else place, piece, key)


def add_record(parent: ET.Element, told: Told, provided: Provided, prefix: str) -> None:
    """Tell of a paper; of one that is gone only that."""
    record = add(parent, "record")
    add_header(record, told, provided)
    if provided.paper is not None:
        known(prefix).write(add(record, "metadata"), provided.paper, told.origin)


def add_header(parent: ET.Element, told: Told, provided: Provided) -> None:
    """Tell how a paper is called, when it changed, and its sets or that it is gone."""
    header = add(parent, "header", attributes={} if provided.paper else {"status": "deleted"})
    add(header, "identifier", identifier(told.space, provided.number))
    add(header, "datestamp", stamp(provided.at))
    for spec in sets.of(provided.paper) if provided.paper else ():
        add(header, "setSpec", spec)


def _begun(asked: Asked) -> Place:
    return Place(asked.verb, asked.get("metadataPrefix"), asked.get("from"), asked.get("until"), asked.get("set"))


def _among(place: Place) -> Among:
    since, before = asking.between(place.since, place.until)
    return replace(sets.read(place.spec), since=since, before=before, arxiv_only=place.prefix == "arXiv")


def _counted(house: House, place: Place) -> Place:
    """Count the list where that costs next to nothing: when it has everything."""
    is_whole = _among(place) == Among()
    return replace(place, size=provide.count(house)) if is_whole else place


def _add_token(verb: ET.Element, place: Place, piece: Piece, key: bytes) -> None:
    """Say how the list goes on; at its end with an empty token (section 3.5)."""
    told = {"cursor": str(place.cursor)}
    end = place.cursor + len(piece.papers)
    if place.size:
        # What changes meanwhile is told once more.
        told["completeListSize"] = str(max(place.size, end + piece.more) if piece.more else end)
    onward = replace(place, after=piece.papers[-1].seq, cursor=end) if piece.more else None
    add(verb, "resumptionToken", token.written(onward, key) if onward else "", told)
