"""A house in which strangers wrote payloads into every field that takes text, and a door to it for a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

from sqlalchemy import Table
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.filling import filled
from tests.security.payloads import batches, payloads
from tests.security.world import World
from tests.web.conftest import HOST, NOW, PUBLIC, told
from tests.web.serving import serving

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Link, Version
from broadsheet.store import schema, schema_accounts, schema_lists, schema_moderating, schema_people, schema_talking

PAPERS = 25
# A title stands on many pages, so that each takes a part of the payloads only: the seeds first.
IN_TITLES = 40
DAY_TEXT = "2026-11-19"
KEYS = [f"2610.{number:05d}" for number in range(1, PAPERS + 1)]


def spoil(world: World) -> None:
    """Write them all."""
    _shelf(world)
    _readers(world)
    _talk(world)
    _lists(world)
    _queue(world)
    _people(world)


@contextmanager
def door(world: World, kind: str) -> Iterator[str]:
    """Serve the house as one visitor sees it: at an address of loopback, with their cookie, under our name."""
    cookie = f"{COOKIE}={world.secrets[kind]}" if kind in world.secrets else ""
    with serving(_as(world.app, cookie)) as address:
        yield address


def _as(app: ASGIApp, cookie: str) -> Any:
    ours = {b"host": HOST.encode(), b"origin": PUBLIC.encode()}

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [(name, ours.get(name, value)) for name, value in scope["headers"] if name != b"cookie"]
            scope = {**scope, "scheme": "https", "headers": [*headers, (b"cookie", cookie.encode())]}
        await app(scope, receive, send)

    return served


def some(most: int, count: int, between: str = " ") -> list[str]:
    """Give so many batches, from the beginning again where there are too few."""
    return list(islice(cycle(batches(most, between)), count))


def _shelf(world: World) -> None:
    every = payloads()
    records = []
    for number, key in enumerate(KEYS):
        mine = every[number::PAPERS]
        joined = " ".join(mine)
        records.append(
            told(
                key,
                f"Hostile {' '.join(mine[:IN_TITLES])}",
                abstract=f"Hostile {joined}",
                summary=joined,
                comment=joined,
                venue=joined[:2_000],
                authors=tuple(Author(text, text) for text in mine),
                organisations=tuple(mine),
                keywords=tuple(mine),
                categories=tuple(mine[:40]),
                licence=mine[0],
                media=tuple(mine[:20]),
                ids=(ExternalId("arxiv", key), ExternalId("doi", f"10.1000/{mine[1][:100]}")),
                links=tuple(Link("code", text) for text in mine[:50]),
                versions=tuple(Version(n, text, text) for n, text in enumerate(mine[:20], 1)),
                day=NOW.date().replace(day=19),
                upvotes=number,
                published="2026-11-18",
            )
        )
    keep(world.house.store, records, at=NOW)
    again = [told(key, f"Changed {text}", abstract=text) for key, text in zip(KEYS[:5], some(4_000, 5), strict=True)]
    keep(world.house.store, again, at=NOW)
    catch_up(world.house)


def _rows(world: World, table: Table, rows: list[dict[str, Any]]) -> None:
    with world.house.store.writing() as connection:
        connection.execute(table.insert(), [filled(table, row) for row in rows])


def _numbers(world: World) -> list[int]:
    from broadsheet.flow.paper import show

    return [show(world.house, key).id for key in KEYS]


def _readers(world: World) -> None:
    names = [text for text in payloads() if len(text) <= 80][:200]
    about = some(500, len(names))
    rows = [
        {"id": 1_000 + n, "handle": f"evil{n}", "name": name, "role": "reader", "state": "active", "about": about[n]}
        for n, name in enumerate(names)
    ]
    for n in range(20):
        rows[n] |= {"state": "suspended", "suspended_why": about[n], "suspended_until": ""}
    _rows(world, schema_accounts.readers, [row | {"choices": "{}"} for row in rows])


def _talk(world: World) -> None:
    numbers, ann = _numbers(world), world.readers["ann"].id
    bodies = [*batches(2_000, "\n\n"), *batches(10_000)]
    rows = [
        {"id": 1_000 + n, "reader_id": 1_000 + n % 200, "body": body, "state": "shown" if n % 10 else "held"}
        | {"paper_id": numbers[n % PAPERS], "said_of": numbers[n % PAPERS], "edited_at": ""}
        for n, body in enumerate(bodies)
    ]
    _rows(world, schema_talking.comments, rows)
    _rows(world, schema_talking.comment_editions, [{"id": 1_000, "comment_id": 1_001, "body": bodies[0]}])
    words = some(200, 60)
    notices = [
        {"id": 1_000 + n, "reader_id": ann, "kind": "moderation", "by_id": 1_000 + n, "words": text, "seen_at": ""}
        for n, text in enumerate(words)
    ]
    _rows(world, schema_talking.notices, notices)


def _lists(world: World) -> None:
    numbers, ann = _numbers(world), world.readers["ann"].id
    about, notes = some(2_000, 4), some(2_000, 4 * PAPERS)
    names = [text for text in payloads() if len(text) <= 80][-4:]
    labels = [
        {"id": 1_000 + n, "reader_id": ann, "slug": f"evil{n}", "name": name, "about": about[n], "seen_by": "all"}
        for n, name in enumerate(names)
    ]
    _rows(world, schema_lists.labels, labels)
    kept = [
        {"label_id": 1_000 + n // PAPERS, "paper_id": numbers[n % PAPERS], "note": note} for n, note in enumerate(notes)
    ]
    _rows(world, schema_lists.label_papers, kept)
    searches = [
        {"id": 1_000 + n, "slug": f"evil{n}", "name": text, "query": '{"text": "kettle"}', "reader_id": ann}
        for n, text in enumerate(some(100, 40))
    ]
    _rows(world, schema.saved_searches, searches)


def _queue(world: World) -> None:
    ann = world.readers["ann"].id
    media = [f"https://x.example/{text}" for text in payloads() if len(text) <= 300]
    slips = [
        {"id": 1_000 + n, "reader_id": ann, "asked": f"arxiv:2612.{n:05d}", "note": note, "media": media[n]}
        | {"state": "held" if n % 2 else "refused", "why": note, "day": DAY_TEXT, "found": "", "settled_at": ""}
        for n, note in enumerate(some(1_000, 60))
    ]
    _rows(world, schema_moderating.submissions, slips)
    words = some(160, 60)
    reports = [
        {"id": 1_000 + n, "kind": "reader", "target": 1_020 + n, "reader_id": ann, "why": text, "settled_at": ""}
        for n, text in enumerate(some(500, 60))
    ]
    _rows(world, schema_moderating.reports, [row | {"outcome": ""} for row in reports])
    acts = [
        {"id": 1_000 + n, "act": "hide", "kind": "paper", "target": 1, "words": text, "why": text}
        for n, text in enumerate(words)
    ]
    _rows(world, schema_moderating.moderation_log, acts)


def _people(world: World) -> None:
    ann, names = world.readers["ann"].id, [text for text in payloads() if len(text) <= 120]
    _rows(world, schema_people.authors, [{"id": 1_000, "slug": "evil-author", "name": names[0]}])
    known = [{"key": f"evil {n}", "author_id": 1_000, "name": name} for n, name in enumerate(names[:50])]
    _rows(world, schema_people.author_names, known)
    made = [
        {"id": 1_000 + n, "slug": f"evil-house{n}", "name": names[n], "about": about, "link": names[-n], "domain": ""}
        for n, about in enumerate(some(2_000, 10))
    ]
    _rows(world, schema_people.organisations, made)
    _rows(
        world,
        schema_people.members,
        [{"organisation_id": row["id"], "reader_id": ann, "role": "keeper"} for row in made],
    )
    words = some(500, 10)
    claims = [
        {"id": 1_000 + n, "reader_id": 1_000 + n, "author_id": 1_000, "method": "moderator", "state": "open"}
        | {"words": text, "evidence": text, "settled_at": "", "appealed_at": "", "paper_id": None}
        for n, text in enumerate(words)
    ]
    _rows(world, schema_people.claims, claims)
