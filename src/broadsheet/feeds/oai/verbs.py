"""The verbs that tell of the repository, its formats and sets, and of one paper."""

from collections.abc import Callable, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, stamp, written
from broadsheet.feeds.oai import sets
from broadsheet.feeds.oai.asking import Asked
from broadsheet.feeds.oai.formats import FORMATS, known
from broadsheet.feeds.oai.lists import Told, add_record, list_papers
from broadsheet.feeds.oai.naming import identifier, number_of
from broadsheet.feeds.oai.refusal import OaiError
from broadsheet.flow.reading import provide
from broadsheet.model.paper import Paper
from broadsheet.model.provided import Provided

_NAMING: Final = "http://www.openarchives.org/OAI/2.0/oai-identifier"


def answer(root: ET.Element, told: Told, asked: Asked) -> None:
    """Answer a request; raises OaiError."""
    _VERBS[asked.verb](root, told, asked)


def _identify(root: ET.Element, told: Told, _: Asked) -> None:
    house, verb = told.house, add(root, "Identify")
    settings = house.settings
    mail = next((one for one in (settings.contact, settings.mail_from) if "@" in one), f"broadsheet@{told.space}")
    for name, text in (
        ("repositoryName", written(settings.site_name)),
        ("baseURL", f"{told.origin}/oai"),
        ("protocolVersion", "2.0"),
        ("adminEmail", written(mail).rpartition("<")[2].rstrip(">")),
        ("earliestDatestamp", stamp(provide.earliest(house))),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        add(verb, name, text)
    naming = {"xmlns": _NAMING, "xsi:schemaLocation": f"{_NAMING} {_NAMING}.xsd"}
    described = add(add(verb, "description"), "oai-identifier", attributes=naming)
    add(described, "scheme", "oai")
    add(described, "repositoryIdentifier", told.space)
    add(described, "delimiter", ":")
    add(described, "sampleIdentifier", identifier(told.space, 17))


def _list_formats(root: ET.Element, told: Told, asked: Asked) -> None:
    provided, _ = _found(told, asked) if "identifier" in asked.arguments else (None, None)
    if provided and provided.paper is None:
        raise OaiError("noMetadataFormats", "This paper is gone.")
    verb = add(root, "ListMetadataFormats")
    for prefix, form in FORMATS.items():
        if not (provided and provided.paper) or form.takes(provided.paper):
            described = add(verb, "metadataFormat")
            add(described, "metadataPrefix", prefix)
            add(described, "schema", form.schema)
            add(described, "metadataNamespace", form.namespace)


def _list_sets(root: ET.Element, told: Told, asked: Asked) -> None:
    if "resumptionToken" in asked.arguments:
        raise OaiError("badResumptionToken", "All sets are listed at once.")
    verb = add(root, "ListSets")
    for spec, name in sets.listed(provide.sources(told.house)):
        described = add(verb, "set")
        add(described, "setSpec", spec)
        add(described, "setName", name)


def _get_record(root: ET.Element, told: Told, asked: Asked) -> None:
    prefix = asked.get("metadataPrefix")
    form = known(prefix)
    provided, last_told = _found(told, asked)
    if not form.takes(last_told):
        if not provide.was_arxivs(told.house, provided.number):
            raise OaiError("cannotDisseminateFormat", "This paper is not arXiv's.")
        provided = provided.gone()
    add_record(add(root, "GetRecord"), told, provided, prefix)


def _found(told: Told, asked: Asked) -> tuple[Provided, Paper]:
    number = number_of(told.space, asked.get("identifier"))
    found = provide.one(told.house, number) if number else None
    if found is None:
        raise OaiError("idDoesNotExist", "No paper here is or was called so.")
    return found


_VERBS: Final[Mapping[str, Callable[[ET.Element, Told, Asked], None]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "ListIdentifiers": list_papers,
    "ListRecords": list_papers,
    "GetRecord": _get_record,
}
