"""Feeds: RSS 2.0 (rssboard.org/rss-specification), RSS 1.0, Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org).

Among them arXiv's announcements (info.arxiv.org/help/rss_specifications), whose items are records of the source
``arxiv-rss``: a paper stands in the feeds of several categories, new in one and cross-listed in the next.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from broadsheet.model.ids import ExternalId
from broadsheet.model.links import page_id
from broadsheet.model.record import Problem, Record
from broadsheet.sources import announcements, fields
from broadsheet.sources.envelope import Envelope
from broadsheet.sources.feed_items import Item, json_item, xml_item
from broadsheet.sources.json_values import values
from broadsheet.sources.streams import MAX_RECORD, Opened, problem, too_large
from broadsheet.sources.xml_elements import Wanted, elements, local_name, parent_name, text_of

SOURCE = "feed"
_HEAD = 1 << 14
_MAX_FEED = 1 << 24
_BESIDE = ("lastBuildDate", "pubDate", "updated", "date")
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|RDF|feed)[\s>]")
_SHORT = 64


def parse(stream: BinaryIO, *, name: str, observed: datetime | None = None) -> Iterator[Record | Problem | Envelope]:
    """Read items, then the Envelope with the moment the feed was made; an item without a title is a problem."""
    opened = Opened(stream)
    head = opened.head(_HEAD).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if head.startswith("{"):
        yield from _json(opened.as_binary(), name, observed)
        return
    found = _ROOT.search(head)
    root = found[1] if found else "feed"
    wanted = Wanted(root, records=("entry",) if root == "feed" else ("item",), beside=_BESIDE)
    envelope = Envelope()
    for one in elements(opened.as_binary(), wanted, source=SOURCE, name=name):
        if isinstance(one, Problem):
            yield one
        elif local_name(one[1]) in wanted.records:
            yield _record(xml_item(one[1]), one[0], observed)
        elif parent_name(one[1]) in {"channel", "feed"} and envelope.response_date is None:
            envelope = replace(envelope, response_date=fields.instant(text_of(one[1])))
    yield envelope


def _json(stream: BinaryIO, name: str, observed: datetime | None) -> Iterator[Record | Problem | Envelope]:
    for one in values(stream, source=SOURCE, name=name, cap=_MAX_FEED):
        if isinstance(one, Problem):
            yield one
            continue
        where, value = one
        items = fields.mapping(value).get("items")
        if not isinstance(items, list):
            yield problem(SOURCE, where, "wrong-format", "This is no JSON Feed: it has no items.", str(value))
            continue
        for number, item in enumerate(items, 1):
            yield _json_record(item, f"{where} item {number}", observed)
    yield Envelope()


def _json_record(item: object, where: str, observed: datetime | None) -> Record | Problem:
    if not isinstance(item, dict):
        return problem(SOURCE, where, "not-an-object", "An item is a JSON object.", str(item))
    return _record(json_item(item), where, observed)


def _record(item: Item, where: str, observed: datetime | None) -> Record | Problem:
    if not item.title:
        return problem(SOURCE, where, "no-title", "The item has no title.", item.own or item.link or item.text)
    if len(item.title) + len(item.text) > MAX_RECORD:
        return too_large(SOURCE, where, item.title)
    announced = announcements.read(item, observed)
    if announced is not None:
        return announced
    ids = _ids(item)
    return Record(
        source=SOURCE,
        key=_key(item, ids),
        title=item.title,
        abstract=item.text,
        authors=item.authors,
        ids=ids,
        published=item.published or item.updated,
        updated=item.updated if item.published else "",
        keywords=item.tags,
        venue=item.venue,
        links=fields.links_of(item.links, item.text),
        licence=item.licence,
        withdrawn=fields.is_withdrawn(item.text),
        observed=observed,
    )


def _ids(item: Item) -> tuple[ExternalId, ...]:
    """Read the ids an item names; its address is one too, but not where it may be that of the whole feed."""
    known = fields.ids_of((*item.named, item.own, item.link))
    page = page_id(item.link) if item.link_is_own else None
    return known if page is None or page in known else (*known, page)


def _key(item: Item, ids: tuple[ExternalId, ...]) -> str:
    """Name the record by what the feed calls it: a bare number or word is one only together with the title."""
    own = item.own or item.link
    if ":" in own or "/" in own:
        return fields.own_key(own)
    if own:
        return f"{own[:_SHORT]}:{fields.digest(item.title)}"
    return fields.key_for(ids, item.title, item.authors)
