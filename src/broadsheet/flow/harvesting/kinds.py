"""The kinds of sources there are: one table, from a word an operator says to who asks and reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from broadsheet.errors import Invalid
from broadsheet.flow.harvesting.enrich import Enriching
from broadsheet.flow.harvesting.watched import Watched
from broadsheet.flow.house import House
from broadsheet.model.harvest import Source
from broadsheet.settings import Settings
from broadsheet.sources.adapter import Adapter, Service
from broadsheet.sources.enricher import Enricher
from broadsheet.sources.live.acl import Anthology
from broadsheet.sources.live.arxiv import arxiv, arxiv_history
from broadsheet.sources.live.arxiv_query import ArxivQuery
from broadsheet.sources.live.biorxiv import Biorxiv
from broadsheet.sources.live.crossref import Crossref
from broadsheet.sources.live.feed import FeedSource, arxiv_announcements
from broadsheet.sources.live.github import GitHub
from broadsheet.sources.live.hf import HuggingFace
from broadsheet.sources.live.oai import OaiSource
from broadsheet.sources.live.openalex import OpenAlex
from broadsheet.sources.live.openreview import OpenReview
from broadsheet.sources.services import (
    ACL_ANTHOLOGY,
    ANY_FEED,
    ANY_OAI,
    ARXIV_API,
    ARXIV_OAI,
    ARXIV_RSS,
    BIORXIV,
    CROSSREF,
    GITHUB,
    HUGGING_FACE,
    OPENALEX,
    OPENREVIEW,
)

_HOUR, _DAY = 3600, 86_400
_SERVICES = frozenset(
    service.name
    for service in (
        ACL_ANTHOLOGY, ANY_FEED, ANY_OAI, ARXIV_API, ARXIV_OAI, ARXIV_RSS, BIORXIV, CROSSREF, GITHUB, HUGGING_FACE,
        OPENALEX, OPENREVIEW,
    )
) | {"zotero", "slack", "discord", "telegram"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of source.

    ``target`` says what a target is, empty where there is none; ``needs_target`` whether there must be one.
    ``every_s`` is how often it is run unless an operator says otherwise. ``make`` builds the adapter, or the enricher
    that is asked about the papers that are here.
    """

    title: str
    every_s: int
    make: Callable[["Services"], Adapter | Enricher]
    target: str = ""
    needs_target: bool = False


class Services:
    """Gives services as this house asks them: at the addresses that its operator chose."""

    def __init__(self, settings: Settings) -> None:
        """Read the setting ``addresses``; raises Invalid for what is none."""
        self._addresses = dict(_pairs(settings.addresses))
        self.settings = settings

    def __call__(self, service: Service) -> Service:
        """Give a service at its own address or at the one chosen for it."""
        address = self._addresses.get(service.name)
        if address is None:
            return service
        return replace(service, base=address, hosts=(urlsplit(address).hostname or "",))


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for each in text.split():
        name, _, address = each.partition("=")
        if not name or not _is_address(address):
            # What was given is not shown: an address may hold a password.
            raise Invalid(
                "Setting 'addresses' takes pairs like arxiv-oai=https://mirror.example/oai, with blanks between them.",
                field="addresses",
            )
        if name not in _SERVICES:
            raise Invalid(
                f"Setting 'addresses' names a service that there is not. There are: {', '.join(sorted(_SERVICES))}.",
                field="addresses",
            )
        found.append((name, address.rstrip("/")))
    return found


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


KINDS: Mapping[str, Kind] = {
    "arxiv": Kind(
        title="arXiv, every night and whatever changes",
        every_s=4 * _HOUR,
        make=lambda services: arxiv(services(ARXIV_OAI)),
        target="a set or category, such as cs:cs:CL or cs.CL; empty for all of arXiv",
    ),
    "arxiv-history": Kind(
        title="arXiv with the history of every paper",
        every_s=_DAY,
        make=lambda services: arxiv_history(services(ARXIV_OAI)),
        target="as for arxiv",
    ),
    "arxiv-new": Kind(
        title="arXiv's announcements: tonight's list before the repository has it",
        every_s=2 * _HOUR,
        make=lambda services: arxiv_announcements(services(ARXIV_RSS)),
        target="categories, such as cs.CL or cs.CL+cs.LG",
        needs_target=True,
    ),
    "arxiv-papers": Kind(
        title="single papers of arXiv's",
        every_s=0,
        make=lambda services: ArxivQuery(services(ARXIV_API)),
        target="ids, such as 2401.00001",
        needs_target=True,
    ),
    "hf": Kind(
        title="Hugging Face daily papers, by day",
        every_s=_HOUR,
        make=lambda services: HuggingFace(services(HUGGING_FACE)),
        target="empty for its days, or trending",
    ),
    "biorxiv": Kind(
        title="bioRxiv and medRxiv",
        every_s=6 * _HOUR,
        make=lambda services: Biorxiv(services(BIORXIV)),
        target="biorxiv or medrxiv, or one category, such as biorxiv/neuroscience",
        needs_target=True,
    ),
    "acl": Kind(
        title="the ACL Anthology",
        every_s=7 * _DAY,
        make=lambda services: Anthology(services(ACL_ANTHOLOGY)),
    ),
    "openreview": Kind(
        title="a venue at OpenReview",
        every_s=_DAY,
        make=lambda services: OpenReview(services(OPENREVIEW)),
        target="a venue, such as ICLR.cc/2024/Conference",
        needs_target=True,
    ),
    "feed": Kind(
        title="any RSS, Atom or JSON feed",
        every_s=_HOUR,
        make=lambda services: FeedSource(service=services(ANY_FEED)),
        target="its address",
        needs_target=True,
    ),
    "oai": Kind(
        title="any OAI-PMH repository",
        every_s=12 * _HOUR,
        make=lambda services: OaiSource(service=services(ANY_OAI)),
        target="its address, with ?set= and metadataPrefix= if wanted",
        needs_target=True,
    ),
    "folder": Kind(
        title="a folder in which files appear",
        every_s=300,
        make=lambda _: Watched(),
        target="its whole path, such as /srv/papers",
        needs_target=True,
    ),
    "crossref": Kind(
        title="Crossref: venues, citations and retractions of the papers here",
        every_s=6 * _HOUR,
        make=lambda services: Crossref(contact=services.settings.contact, service=services(CROSSREF)),
    ),
    "openalex": Kind(
        title="OpenAlex: citations and organisations of the papers here",
        every_s=_DAY,
        make=lambda services: OpenAlex(
            contact=services.settings.contact,
            signed_in=bool(services.settings.openalex_key),
            service=services(OPENALEX),
        ),
    ),
    "github": Kind(
        title="GitHub: stars of the repositories that papers link to",
        every_s=_HOUR,
        make=lambda services: GitHub(signed_in=bool(services.settings.github_token), base=services(GITHUB)),
    ),
}


def adapter_of(house: House, source: Source) -> Adapter:
    """Build who asks and reads for a source; raises Invalid for a kind that there is not."""
    kind = KINDS.get(source.kind)
    if kind is None:
        raise Invalid(f"There is no kind of source “{source.kind}”. There are: {', '.join(KINDS)}.", field="kind")
    made = kind.make(services_of(house))
    return made if isinstance(made, Adapter) else Enriching(house.store, made)


def services_of(house: House) -> Services:
    """Give services as this house asks them."""
    return Services(house.settings)
