"""A feed in RSS 2.0, with Atom's link to itself and Dublin Core's authors (rssboard.org/rss-specification)."""

from email.utils import format_datetime
from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, document
from broadsheet.feeds.feed import Entry, Feed

_NAMESPACES = {"xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}


def rss(feed: Feed) -> bytes:
    """Write a feed in RSS 2.0."""
    root = ET.Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.page)
    add(channel, "description", feed.about)
    add(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    add(channel, "generator", "Broadsheet")
    add(channel, "docs", "https://www.rssboard.org/rss-specification")
    add(channel, "atom:link", attributes={"rel": "self", "type": "application/rss+xml", "href": feed.url})
    if feed.hub:
        add(channel, "atom:link", attributes={"rel": "hub", "href": feed.hub})
    for entry in feed.entries:
        _item(channel, entry)
    return document(root)


def _item(channel: ET.Element, entry: Entry) -> None:
    item = add(channel, "item")
    add(item, "title", entry.title)
    add(item, "link", entry.url)
    add(item, "guid", entry.guid, {"isPermaLink": "false"})
    add(item, "description", entry.html or entry.title)
    if entry.published:
        add(item, "pubDate", format_datetime(entry.published, usegmt=True))
    for name in entry.authors:
        add(item, "dc:creator", name)
    for category in entry.categories:
        add(item, "category", category)
    # Nobody has counted the bytes; 0 says so, and one is all that RSS has room for.
    for enclosure in entry.enclosures[:1]:
        add(item, "enclosure", attributes={"url": enclosure.url, "length": "0", "type": enclosure.media_type})
