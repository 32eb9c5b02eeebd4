"""A paper's own page, at whatever address a reader gives: asked once and read for its meta tags."""

from dataclasses import dataclass

from broadsheet.errors import Invalid
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Problem, Record
from broadsheet.sources import citation_meta
from broadsheet.sources.adapter import Answer, Ask, Service
from broadsheet.sources.services import ANY_PAGE
from broadsheet.sources.streams import decode

_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
# Where the pages of papers are that have an id and no address.
_HOMES = {
    "acl": "https://aclanthology.org/{}/",
    "openreview": "https://openreview.net/forum?id={}",
}


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page of one host, which is asked as politely as a feed."""

    service: Service = ANY_PAGE

    def ask(self, name: ExternalId, address: str = "") -> Ask:
        """Ask for the page at ``address``, or for the one that a paper with this id has."""
        return Ask(url=address or _HOMES[name.scheme].format(name.value), accept="text/html,application/xhtml+xml")

    def read(self, name: ExternalId, answer: Answer) -> Record | Problem:
        """Read an answer; raises Invalid for what is no page, such as the paper's PDF."""
        if answer.kind not in _HTML:
            raise Invalid(
                f"That address leads to {answer.kind[:80]}, not to a page that tells of a paper. Give the address of "
                "its landing page.",
                field="asked",
            )
        text, _ = decode(answer.body.read())
        return citation_meta.read(text, url=answer.url, name=name, observed=answer.at)
