"""Private feed addresses on the account page: of each list that only its reader sees, for their feed reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from broadsheet.entrance.lists import suffixed, with_key
from broadsheet.flow.accounts import feed_keys
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.reading import saved_searches
from broadsheet.model.account import Token
from broadsheet.model.places import list_url
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection

_FORMAT: Final = "atom"


@dataclass(frozen=True, slots=True)
class PrivateFeeds:
    """A reader's key, and their feeds as ``(name, address)``; without a key the addresses are empty."""

    token: Token | None
    feeds: tuple[tuple[str, str], ...]
    opml: str = ""


def shown(house: House, reader: Reader) -> PrivateFeeds:
    """Give the private feeds of a reader."""
    found, origin = feed_keys.current(house, reader), house.settings.public_url.rstrip("/")
    lists = tuple(_lists(house, reader))
    if found is None:
        return PrivateFeeds(None, tuple((name, "") for name, _ in lists))
    token, secret = found
    feeds = tuple((name, with_key(origin + suffixed(list_url(each), _FORMAT), secret)) for name, each in lists)
    return PrivateFeeds(token, feeds, with_key("/following.opml", secret))


def _lists(house: House, reader: Reader) -> Iterator[tuple[str, Selection]]:
    yield "What I follow", Selection("following")
    for label in labels.of_reader(house, reader, reader):
        if label.seen_by != "all":
            yield f"Label {label.name}", Selection("label", f"{reader.handle}/{label.slug}")
    for saved in saved_searches.list_saved(house, reader):
        yield f"Search {saved.name}", Selection("saved", saved.slug)
