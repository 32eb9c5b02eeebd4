"""The formats of feeds: their media types, and who writes them."""

from collections.abc import Callable, Mapping
from typing import Final

from broadsheet.feeds.atom import atom
from broadsheet.feeds.feed import Feed
from broadsheet.feeds.json_feed import json_feed
from broadsheet.feeds.rss import rss

FEEDS: Final[Mapping[str, tuple[str, Callable[[Feed], bytes]]]] = {
    "rss": ("application/rss+xml; charset=utf-8", rss),
    "atom": ("application/atom+xml; charset=utf-8", atom),
    "json": ("application/feed+json; charset=utf-8", json_feed),
}
