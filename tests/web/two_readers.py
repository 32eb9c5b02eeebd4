"""Read XML by expat and by libxml2: what both take, and take alike, any reader of XML does."""

from xml.etree import ElementTree as ET

from lxml import etree


def read(body: bytes) -> ET.Element:
    """Give the root of a document; raises AssertionError when the two do not agree."""
    by_expat, by_libxml2 = ET.fromstring(body), etree.fromstring(body)  # noqa: S314 - written by ourselves
    assert [(each.tag, each.text, dict(each.attrib)) for each in by_expat.iter()] == [
        (each.tag, each.text, dict(each.attrib)) for each in by_libxml2.iter()
    ]
    return by_expat
