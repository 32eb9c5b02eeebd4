"""A feed in JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from broadsheet.entrance.xml import stamp
from broadsheet.feeds.feed import Entry, Feed


def json_feed(feed: Feed) -> bytes:
    """Write a feed in JSON Feed 1.1."""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "authors": [{"name": feed.site_name, "url": feed.home}],
        "items": [_item(entry) for entry in feed.entries],
    } | ({"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {})
    return json.dumps(told, ensure_ascii=False).encode()


def _item(entry: Entry) -> dict[str, Any]:
    told = {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.text,
        "content_html": entry.html or None,
        "content_text": None if entry.html else entry.title,
        "date_published": stamp(entry.published) if entry.published else None,
        "date_modified": stamp(entry.updated),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.categories),
        "attachments": [{"url": one.url, "mime_type": one.media_type} for one in entry.enclosures],
    }
    return {name: value for name, value in told.items() if value}
