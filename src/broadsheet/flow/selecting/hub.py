"""Tell a WebSub hub that lists have changed, which tells feed readers (www.w3.org/TR/websub/)."""

import logging
from dataclasses import dataclass, field
from threading import Event
from urllib.parse import urlencode

from broadsheet.errors import BroadsheetError, Unavailable
from broadsheet.flow import events
from broadsheet.flow.house import House
from broadsheet.flow.selecting.select import select
from broadsheet.model.selection import Selection, Stretch
from broadsheet.net.addresses import Network, read_url
from broadsheet.net.exchange import Limits, submit

# What a hub is told of: lists for everybody, and where they stand.
_LISTS = {Selection("day"): "/latest", Selection("trending", "all"): "/trending"}
_SUFFIXES = ("rss", "atom", "json")
_LENGTH = 50
_LOOK_EVERY_S, _LONGEST_S = 60.0, 3_600.0
_LIMITS = Limits(most_bytes=1 << 16, total_s=20.0, stall_s=10.0)
_TAKEN = range(200, 300)


def hub_of(house: House, selection: Selection) -> str:
    """Give the hub that is told of a list; an empty text for none."""
    settings = house.settings
    return settings.websub_hub if settings.public_url and selection in _LISTS else ""


@dataclass(slots=True)
class Telling:
    """What the hub was told last, and how often it could not be since."""

    told: dict[Selection, object] = field(default_factory=dict)
    failures: int = 0

    def look(self, house: House) -> float:
        """Tell the hub of each list that has changed; gives after how many seconds to look again."""
        try:
            for selection, path in _LISTS.items():
                papers = select(house, selection, Stretch(0, _LENGTH)).papers
                now = [(paper.id, paper.stamp) for paper in papers]
                if self.told.get(selection) != now:
                    _tell(house, path)
                    self.told[selection] = now
        except BroadsheetError as error:
            self.failures += 1
            wait_s = min(_LOOK_EVERY_S * 2.0**self.failures, _LONGEST_S)
            events.tell(logging.WARNING, "hub not told", reason=str(error), again_in_s=round(wait_s))
            return wait_s
        self.failures = 0
        return _LOOK_EVERY_S


def work(house: House, *, stop: Event) -> None:
    """Tell the hub of changes, at most once a minute, until it is time to stop; a house without a hub has none."""
    if not (house.settings.websub_hub and house.settings.public_url):
        return
    telling, wait_s = Telling(), 0.0
    while not stop.wait(wait_s):
        wait_s = telling.look(house)


def _tell(house: House, path: str) -> None:
    home = house.settings.public_url.rstrip("/")
    told = [("hub.mode", "publish"), *(("hub.url", f"{home}{path}.{suffix}") for suffix in _SUFFIXES)]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "broadsheet"}
    network = Network(allow_private=house.settings.private_addresses)
    reply = submit(read_url(house.settings.websub_hub), headers, urlencode(told).encode(), _LIMITS, network)
    reply.body.close()
    if reply.status not in _TAKEN:
        raise Unavailable(f"The hub answers with {reply.status}.")
