"""Feeds of several lists as one OPML 2.0 file, which feed readers take in (opml.org/spec2.opml)."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from broadsheet.entrance.lists import suffixed, with_key
from broadsheet.entrance.xml import add, document, written
from broadsheet.model.places import list_url
from broadsheet.model.selection import Selection

_PRIVATE = frozenset({"label", "saved"})


def opml(title: str, lists: Iterable[tuple[str, Selection]], origin: str, key: str = "") -> bytes:
    """Write an outline of the RSS feeds of lists, each with its name; ``key`` is for those that may be private."""
    root = ET.Element("opml", {"version": "2.0"})
    add(add(root, "head"), "title", written(title))
    body = add(root, "body")
    for name, selection in lists:
        page = list_url(selection)
        told = {"type": "rss", "text": written(name), "title": written(name)}
        feed = f"{origin}{suffixed(page, 'rss')}"
        told |= {"xmlUrl": with_key(feed, key) if key and selection.kind in _PRIVATE else feed}
        told |= {"htmlUrl": f"{origin}{page}"}
        add(body, "outline", attributes=told)
    return document(root)
