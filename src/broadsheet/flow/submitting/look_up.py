"""Find out what a submitted id or address is: arXiv, Crossref or the paper's own page is asked, once."""

from dataclasses import replace

from broadsheet.errors import Invalid, NotFound, Refused
from broadsheet.flow.harvesting.kinds import services_of
from broadsheet.flow.house import House
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Want
from broadsheet.sources.live.arxiv_query import ArxivQuery
from broadsheet.sources.live.crossref import Crossref
from broadsheet.sources.live.page import PaperPage
from broadsheet.sources.services import ARXIV_API, CROSSREF

_CLAIMS = ("arxiv", "doi")


def look_up(house: House, name: ExternalId, address: str = "") -> Record:
    """Give what a source says of the paper with this id, or of the one whose page is at ``address``.

    A page's word on an arXiv id or DOI is not believed but asked for there: a page may claim to be any paper's. Raises
    NotFound, Refused or Invalid where asking again is no use, Unavailable where it may be.
    """
    if name.scheme == "arxiv":
        return _arxiv(house, name)
    if name.scheme == "doi":
        return _doi(house, name)
    record = _page(house, name, address if name.scheme == "url" else "")
    if name.scheme != "url":
        return record
    for claim in record.ids:
        if claim.scheme in _CLAIMS:
            try:
                return look_up(house, claim)
            except (NotFound, Refused, Invalid):
                continue
    return replace(record, ids=(name,))


def _arxiv(house: House, name: ExternalId) -> Record:
    adapter = ArxivQuery(services_of(house)(ARXIV_API))
    ask = adapter.ask([name.value])
    with house.fetcher.get(adapter.service, ask) as answer:
        told = list(adapter.read(Want(target=name.value), {}, ask, answer).told)
    found = [one for one in told if isinstance(one, Record) and name in one.ids]
    if not found:
        raise NotFound(f"arXiv has no paper {name.value}.")
    return found[0]


def _doi(house: House, name: ExternalId) -> Record:
    adapter = Crossref(contact=house.settings.contact, service=services_of(house)(CROSSREF))
    unknown = f"Crossref does not know the DOI {name.value}. Give the address of its own page instead."
    try:
        with house.fetcher.get(adapter.service, adapter.ask((name.value,))) as answer:
            told = adapter.read((name.value,), answer)
    except (NotFound, Refused, Invalid):
        raise NotFound(unknown) from None
    found = [one for one in told if isinstance(one, Record)]
    if not found:
        raise NotFound(unknown)
    # As an addition it could not make a paper; what the publisher registered can.
    return replace(found[0], source="doi")


def _page(house: House, name: ExternalId, address: str) -> Record:
    adapter = PaperPage()
    with house.fetcher.get(adapter.service, adapter.ask(name, address)) as answer:
        told = adapter.read(name, answer)
    if isinstance(told, Problem):
        raise NotFound(told.message)
    return told
