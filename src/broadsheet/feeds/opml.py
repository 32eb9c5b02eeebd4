"""Feeds of several lists as one OPML 2.0 file, which feed readers take in (opml.org/spec2.opml)."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from broadsheet.entrance.lists import list_url, suffixed
from broadsheet.feeds.feed import written
from broadsheet.feeds.xml import add, document
from broadsheet.model.selection import Selection


def opml(title: str, lists: Iterable[tuple[str, Selection]], origin: str) -> bytes:
    """Write an outline of the RSS feeds of lists, each with its name."""
    root = ET.Element("opml", {"version": "2.0"})
    add(add(root, "head"), "title", written(title))
    body = add(root, "body")
    for name, selection in lists:
        page = list_url(selection)
        told = {"type": "rss", "text": written(name), "title": written(name)}
        told |= {"xmlUrl": f"{origin}{suffixed(page, 'rss')}", "htmlUrl": f"{origin}{page}"}
        add(body, "outline", attributes=told)
    return document(root)
