"""Comments as a feed: the latest of the house, or of one paper; only what anybody may see, as plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.entrance.asked import house_of, origin_of
from broadsheet.entrance.lists import suffixed
from broadsheet.entrance.xml import written
from broadsheet.feeds.answer import tag_of, with_copy
from broadsheet.feeds.feed import Entry, Feed, tag
from broadsheet.feeds.formats import FEEDS
from broadsheet.flow.paper import show
from broadsheet.flow.talking import thread
from broadsheet.flow.talking.thread import Told
from broadsheet.model.comment import Said
from broadsheet.model.places import paper_url
from broadsheet.model.selection import newest
from broadsheet.model.text import plain

_TITLE = 80


@dataclass(frozen=True, slots=True)
class _Talk:
    """What a feed of comments tells: its name, the page it belongs to, and the comments, newest first."""

    title: str
    page: str
    told: Sequence[Told]


def latest(request: Request) -> Response:
    """Give the latest comments of the house."""
    told, _ = thread.latest(house_of(request))
    return _answer(request, _Talk("Latest comments", "/comments", told))


def of_paper(request: Request) -> Response:
    """Give the latest comments of a paper."""
    house = house_of(request)
    paper = show(house, request.path_params["slug"])
    title = plain(paper.title)
    told, _ = thread.latest(house, paper=paper)
    return _answer(request, _Talk(f"Comments on “{title}”", f"{paper_url(paper)}/comments", told))


def _answer(request: Request, talk: _Talk) -> Response:
    house, origin, suffix = house_of(request), origin_of(request), request.path_params["suffix"]
    media_type, write = FEEDS[suffix]
    facts = [(each.said.comment, each.said.name, each.slug, each.title) for each in talk.told]
    headers = {"Content-Type": media_type, "Cache-Control": "no-cache"}
    etag = tag_of(suffix, origin, house.settings.site_name, talk.title, facts)
    return with_copy(request, lambda: write(_feed(house.settings.site_name, talk, origin, suffix)), etag, headers)


def _feed(site: str, talk: _Talk, origin: str, suffix: str) -> Feed:
    site_name, authority = written(site), urlsplit(origin).hostname or "localhost"
    entries = tuple(_entry(each, origin, authority) for each in talk.told)
    title = written(f"{talk.title} · {site}")
    # A paper's comments have no page of their own.
    page = talk.page if talk.page == "/comments" else talk.page.removesuffix("/comments")
    return Feed(
        guid=tag(authority, f"comments{'' if talk.page == '/comments' else page}"),
        title=title,
        about=title,
        site_name=site_name,
        home=f"{origin}/",
        page=f"{origin}{page}",
        url=f"{origin}{suffixed(talk.page, suffix)}",
        updated=max((entry.updated for entry in entries), default=newest(())),
        entries=entries,
    )


def _entry(told: Told, origin: str, authority: str) -> Entry:
    comment, title = told.said.comment, written(plain(told.title))
    paragraphs = [line for part in comment.body.split("\n") if (line := written(part))]
    about = f'<p><a href="{escape(origin)}/papers/{quote(told.slug, safe="/:@,;")}">{escape(title)}</a></p>'
    return Entry(
        guid=tag(authority, f"comment/{comment.id}"),
        url=f"{origin}/comments/{comment.id}",
        title=f"{_by(told.said)} on “{title[:_TITLE]}{'…' if len(title) > _TITLE else ''}”",
        text=" ".join(paragraphs),
        html="".join([*(f"<p>{escape(line)}</p>" for line in paragraphs), about]),
        authors=(_by(told.said),),
        categories=(),
        enclosures=(),
        published=comment.at,
        updated=comment.edited_at or comment.at,
    )


def _by(said: Said) -> str:
    return written(said.name) or "A reader who has left"
