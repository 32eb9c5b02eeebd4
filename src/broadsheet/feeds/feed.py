"""A list of papers as feeds tell it: made once, written in any of three formats."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote, urlsplit

from broadsheet.entrance.lists import suffixed
from broadsheet.entrance.xml import written
from broadsheet.model.paper import Paper
from broadsheet.model.places import id_url, list_url, outside, paper_url, pdf_url
from broadsheet.model.selection import Selected, Selection, published_at, updated_at
from broadsheet.model.text import plain

# A collaboration's paper would be a feed of names.
_MAX_AUTHORS = 100

# What a file is, by its ending; what the machine knows of endings differs from one to the next.
_MEDIA = {
    **{ending: f"image/{ending}" for ending in ("png", "gif", "webp", "avif", "jpeg")},
    **{ending: f"video/{ending}" for ending in ("mp4", "webm", "ogg")},
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
    "mov": "video/quicktime",
    "m4v": "video/mp4",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A picture or video that belongs to a paper."""

    url: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper; ``text`` is its abstract in plain words, ``html`` the same with its authors and links."""

    guid: str
    url: str
    title: str
    text: str
    html: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    published: datetime | None
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list: ``page`` is where people read it, ``url`` where this feed of it stands, ``hub`` who tells of changes."""

    guid: str
    title: str
    about: str
    site_name: str
    home: str
    page: str
    url: str
    updated: datetime
    entries: tuple[Entry, ...]
    hub: str = ""


def make_feed(selection: Selection, selected: Selected, *, site_name: str, origin: str, suffix: str) -> Feed:
    """Make a feed of a list; every address in it begins with ``origin`` or leads outside."""
    page = list_url(selection)
    authority = urlsplit(origin).hostname or "localhost"
    name = f"{selection.kind}/{selection.name}" if selection.query is None else page.lstrip("/")
    return Feed(
        guid=tag(authority, f"list/{name}"),
        title=written(f"{selected.title} · {site_name}"),
        about=written(selected.about or f"{selected.title}, from {site_name}."),
        site_name=written(site_name),
        home=f"{origin}/",
        page=f"{origin}{page}",
        url=f"{origin}{suffixed(page, suffix)}",
        updated=selected.updated,
        entries=tuple(_entry(paper, origin, authority) for paper in selected.papers),
    )


def _entry(paper: Paper, origin: str, authority: str) -> Entry:
    authors = tuple(name for author in paper.authors[:_MAX_AUTHORS] if (name := written(plain(author.name))))
    text = written(plain(paper.abstract or paper.summary))
    return Entry(
        # The number stays when a paper comes to have a better id, and with it another address.
        guid=tag(authority, f"paper/{paper.id}"),
        url=f"{origin}{paper_url(paper)}",
        title=written(plain(paper.title)) or "Untitled",
        text=text,
        html="".join(_paragraphs(paper, text, authors)),
        authors=authors,
        categories=tuple(dict.fromkeys(filter(None, map(written, (*paper.categories, *paper.keywords))))),
        enclosures=tuple(_enclosures(paper)),
        published=published_at(paper),
        updated=updated_at(paper),
    )


def _paragraphs(paper: Paper, text: str, authors: tuple[str, ...]) -> Iterator[str]:
    if authors:
        more = len(paper.authors) - len(authors)
        yield f"<p>{escape(', '.join(authors))}{f' and {more:,} others' if more > 0 else ''}</p>"
    if text:
        yield f"<p>{escape(text)}</p>"
    named = [("Abstract page", next(filter(None, map(id_url, paper.ids)), "")), ("PDF", pdf_url(paper))]
    named += [("Code", url) for url in paper.links_of("code") if outside(url)][:1]
    links = [f'<a href="{escape(url)}">{words}</a>' for words, url in named if url]
    if links:
        yield f"<p>{' · '.join(links)}</p>"


def _enclosures(paper: Paper) -> Iterator[Enclosure]:
    for url in filter(outside, paper.media):
        kind = _MEDIA.get(urlsplit(url).path.rpartition(".")[2].lower(), "")
        if kind and url.isascii():
            yield Enclosure(url, kind)


def tag(authority: str, name: str) -> str:
    """Make an id that never changes (RFC 4151)."""
    return f"tag:{authority},2026:{quote(name)}"
