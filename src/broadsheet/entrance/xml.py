"""Elements of XML, written by the standard library: whatever is in a text, it stays a text."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

# What XML 1.0 cannot hold (section 2.2), and other controls that no reader wants to see.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def add(parent: ET.Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> ET.Element:
    """Put an element into another one; its name carries the prefix that the root declares."""
    element = ET.SubElement(parent, name, dict(attributes or {}))
    element.text = text or None
    return element


def document(root: ET.Element) -> bytes:
    """Write a document in UTF-8; its texts must be without what XML cannot hold."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def stamp(at: datetime) -> str:
    """Write a moment as RFC 3339 does: ``2026-03-06T00:00:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def written(text: str) -> str:
    """Give a text as one line that XML can hold."""
    return " ".join(_UNWRITABLE.sub(" ", text).split())
