"""A feed in Atom (RFC 4287)."""

from xml.etree import ElementTree as ET

from broadsheet.entrance.xml import add, document, stamp
from broadsheet.feeds.feed import Entry, Feed


def atom(feed: Feed) -> bytes:
    """Write a feed in Atom 1.0."""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    add(root, "id", feed.guid)
    add(root, "title", feed.title)
    add(root, "subtitle", feed.about)
    add(root, "updated", stamp(feed.updated))
    # Papers whose authors nobody names are the feed's own (section 4.1.1).
    add(add(root, "author"), "name", feed.site_name)
    add(root, "generator", "Broadsheet")
    add(root, "link", attributes={"rel": "self", "type": "application/atom+xml", "href": feed.url})
    add(root, "link", attributes={"rel": "alternate", "type": "text/html", "href": feed.page})
    if feed.hub:
        add(root, "link", attributes={"rel": "hub", "href": feed.hub})
    for entry in feed.entries:
        _entry(root, entry)
    return document(root)


def _entry(root: ET.Element, entry: Entry) -> None:
    told = add(root, "entry")
    add(told, "id", entry.guid)
    add(told, "title", entry.title)
    add(told, "updated", stamp(entry.updated))
    if entry.published:
        add(told, "published", stamp(entry.published))
    for name in entry.authors:
        add(add(told, "author"), "name", name)
    for category in entry.categories:
        add(told, "category", attributes={"term": category})
    add(told, "link", attributes={"rel": "alternate", "type": "text/html", "href": entry.url})
    for enclosure in entry.enclosures:
        add(told, "link", attributes={"rel": "enclosure", "type": enclosure.media_type, "href": enclosure.url})
    if entry.text:
        add(told, "summary", entry.text)
    if entry.html:
        add(told, "content", entry.html, {"type": "html"})
