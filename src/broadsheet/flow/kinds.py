"""The kinds of sources there are: one table, from a word an operator says to who asks and reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from broadsheet.errors import Invalid
from broadsheet.flow.house import House
from broadsheet.model.harvest import Source
from broadsheet.settings import Settings
from broadsheet.sources.adapter import Adapter, Service

_HOUR, _DAY = 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of source.

    ``target`` says what a target is, empty where there is none; ``needs_target`` whether there must be one.
    ``every_s`` is how often it is run unless an operator says otherwise. ``make`` builds the adapter.
    """

    title: str
    every_s: int
    make: Callable[["Services"], Adapter]
    target: str = ""
    needs_target: bool = False


class Services:
    """Gives services as this house asks them: at the addresses that its operator chose."""

    def __init__(self, settings: Settings) -> None:
        """Read the setting ``addresses``; raises Invalid for what is none."""
        self._addresses = dict(_pairs(settings.addresses))

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
        parts = urlsplit(address)
        if not name or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Invalid(f"“{each}” is not like arxiv-oai=https://mirror.example/oai.", field="addresses")
        found.append((name, address.rstrip("/")))
    return found


KINDS: Mapping[str, Kind] = {}


def adapter_of(house: House, source: Source) -> Adapter:
    """Build who asks and reads for a source; raises Invalid for a kind that there is not."""
    kind = KINDS.get(source.kind)
    if kind is None:
        raise Invalid(f"There is no kind of source “{source.kind}”. There are: {', '.join(KINDS)}.", field="kind")
    return kind.make(Services(house.settings))
