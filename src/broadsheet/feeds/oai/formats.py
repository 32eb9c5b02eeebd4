"""The metadata formats: for each prefix its schema, its namespace, which papers it can tell of, and how."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from broadsheet.feeds.oai import arxiv_format, dublin_core
from broadsheet.feeds.oai.refusal import OaiError
from broadsheet.model.paper import Paper
from broadsheet.model.provided import is_arxivs


class Format(NamedTuple):
    """A metadata format; ``write`` puts a paper into an element, given what our addresses begin with."""

    schema: str
    namespace: str
    takes: Callable[[Paper], bool]
    write: Callable[[ET.Element, Paper, str], None]


FORMATS: Final[Mapping[str, Format]] = {
    "oai_dc": Format(dublin_core.SCHEMA, dublin_core.NAMESPACE, lambda _: True, dublin_core.dublin_core),
    "arXiv": Format(arxiv_format.SCHEMA, arxiv_format.NAMESPACE, is_arxivs, arxiv_format.arxiv),
}


def known(prefix: str) -> Format:
    """Give the format of a prefix; raises OaiError cannotDisseminateFormat for another one."""
    if prefix not in FORMATS:
        raise OaiError("cannotDisseminateFormat", f"Papers are told of in {' and '.join(FORMATS)}.")
    return FORMATS[prefix]
