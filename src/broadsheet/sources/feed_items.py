"""One item of a feed, whatever the feed is written in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from broadsheet.model.record import Author
from broadsheet.sources import fields, names
from broadsheet.sources.html_text import html_text, once_unescaped
from broadsheet.sources.xml_elements import Element, attribute, children, local_name, text_of

# RSS has the mail address first and then, perhaps, the name (rssboard.org/rss-specification).
_MAIL = re.compile(r"@?[^\s@]+@[^\s()]+\s*(?:\((.*)\))?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}")
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ADDRESS = ("http://", "https://")
_IDS = ("identifier", "doi", "DOI")
_LICENCE_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What an item says: ``own`` is what the feed calls it, ``named`` what else names it.

    ``link_is_own`` tells that no other item has its link. ``kind`` is arXiv's announce type.
    """

    title: str
    text: str = ""
    own: str = ""
    link: str = ""
    link_is_own: bool = False
    named: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    published: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    venue: str = ""
    licence: str = ""
    links: tuple[tuple[str, str], ...] = ()
    kind: str = ""


def xml_item(item: Element) -> Item:
    """Read an item of RSS or an entry of Atom."""
    own = _said(item, "guid", "id") or attribute(item, _ABOUT)
    link, links = _links(item)
    licence = _said(item, "rights", "license")
    return Item(
        title=_readable(item, "title"),
        text=_readable(item, "description", "summary", "encoded", "content"),
        own=own,
        link=link or (own if own.startswith(_ADDRESS) else ""),
        link_is_own=own in {"", link} or local_name(item) == "entry",
        named=tuple(text_of(one) for name in _IDS for one in children(item, name)),
        authors=_authors(item),
        published=_date(item, "published", "issued", "pubDate", "date", "publicationDate"),
        updated=_date(item, "updated", "modified"),
        tags=tuple(dict.fromkeys(tag for one in children(item, "category") if (tag := _tag(one)))),
        venue=_said(item, "publicationName", "journal_reference"),
        licence=licence if len(licence) < _LICENCE_MOST else "",
        links=links,
        kind=_said(item, "announce_type"),
    )


def json_item(told: Mapping[str, object]) -> Item:
    """Read an item of a JSON Feed."""
    own, url, elsewhere = (fields.text(told.get(name)) for name in ("id", "url", "external_url"))
    people = told.get("authors")
    one = told.get("author")
    listed = people if isinstance(people, list) else [one]
    spoken = [fields.text(fields.mapping(person).get("name")) for person in listed]
    link = elsewhere or url
    return Item(
        title=html_text(fields.text(told.get("title"))),
        text=_first_text(told, "summary", "content_text", "content_html"),
        own=own or url,
        link=link,
        link_is_own=bool(url) and own in {"", url},
        authors=_people([name for name in spoken if name]),
        published=fields.iso(told.get("date_published")),
        updated=fields.iso(told.get("date_modified")),
        tags=fields.texts(told.get("tags")),
        links=tuple(("page", one) for one in (url, elsewhere) if one),
    )


def _first_text(told: Mapping[str, object], *keys: str) -> str:
    found = (told.get(key) for key in keys)
    return next((text for one in found if isinstance(one, str) and (text := html_text(one))), "")


def _own_first(item: Element, name: str) -> list[Element]:
    """Find children by local name, those in the item's own namespace first: others say things about a picture."""
    space = str(item.tag).rpartition("}")[0]
    return sorted(children(item, name), key=lambda one: str(one.tag).rpartition("}")[0] != space)


def _said(item: Element, *wanted: str) -> str:
    return next((text for name in wanted for one in _own_first(item, name) if (text := text_of(one))), "")


def _readable(item: Element, *wanted: str) -> str:
    found = (html_text(once_unescaped(one)) for name in wanted for one in _own_first(item, name))
    return next((text for text in found if text), "")


def _date(item: Element, *wanted: str) -> str:
    return next((day for name in wanted for one in _own_first(item, name) if (day := fields.iso(text_of(one)))), "")


def _tag(category: Element) -> str:
    return text_of(category) or attribute(category, "label") or attribute(category, "term")


def _links(item: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give the item's own address, and all with their kinds."""
    found = list(_addresses(item))
    pages = [url for kind, url in found if kind == "page"]
    return (pages or [""])[0], tuple(dict.fromkeys(found))


def _addresses(item: Element) -> Iterator[tuple[str, str]]:
    for one in (*_own_first(item, "link"), *children(item, "origLink")):
        url = attribute(one, "href") or text_of(one)
        is_pdf = "pdf" in attribute(one, "type") or attribute(one, "title") == "pdf"
        if attribute(one, "rel") in {"", "alternate", "related", "enclosure"} and url.startswith(_ADDRESS):
            yield ("pdf" if is_pdf else "page" if attribute(one, "rel") in {"", "alternate"} else "other"), url
    for one in children(item, "enclosure"):
        if "pdf" in attribute(one, "type"):
            yield "pdf", attribute(one, "url")


def _authors(item: Element) -> tuple[Author, ...]:
    creators = [_creator(one) for one in (*children(item, "creator"), *_own_first(item, "author"))]
    return _people([name for name in dict.fromkeys(creators) if name])


def _creator(one: Element) -> str:
    said = next((text_of(name) for name in children(one, "name")), "") or html_text(once_unescaped(one))
    mail = _MAIL.fullmatch(said)
    return (mail[1] or "") if mail else said


def _people(spoken: list[str]) -> tuple[Author, ...]:
    if len(spoken) != 1:
        return names.listed(spoken)
    parts = [part.strip() for part in spoken[0].split(",") if part.strip()]
    if len(parts) % 2 == 0 and parts and all(map(_INITIALS.fullmatch, parts[1::2])):
        # bioRxiv: "Lee, A., Chen, B. C." in one line.
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return tuple(found for last, first in pairs if (found := names.author(f"{first} {last}")))
    return names.split(spoken[0])
