"""Every route for everybody who may come: whom it lets in, and whose things it touches (TRUST E6; ASVS 5.0, 8.2)."""

import re
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from starlette.routing import Route
from tests.contracts.store import rows
from tests.security.forms import Form, Site, addresses, gets, posts, read_forms
from tests.security.world import VISITORS, Caller, World
from tests.web.conftest import HOST

from broadsheet.store.schema_lists import label_papers, labels
from broadsheet.store.schema_talking import comment_editions, comments
from broadsheet.store.tables import metadata
from broadsheet.web.csrf import FIELD

# What each may of what needs somebody; for programs by what they ask: to be shown something, or to change it.
READS, WRITES = {"self", "reader"}, {"self", "reader", "moderator", "admin"}
MAY: dict[str, tuple[set[str], set[str]]] = {
    "anybody": (set(), set()),
    "newcomer": (set(), set()),
    "owner": (READS, READS),
    "other reader": (READS, READS),
    "suspended": ({"self"}, {"self"}),
    "moderator": (READS | {"moderator"}, READS | {"moderator"}),
    "moderator without passkey": (READS, READS),
    "admin": (WRITES, WRITES),
    "owner's token that reads": (READS, set()),
    "owner's token that writes": (set(READS), READS),
    "other's token that writes": (READS, READS),
    "moderator's token": ({"moderator"}, {"moderator"}),
    "admin's token for all": (WRITES, WRITES),
}
# Parts of addresses that name what is somebody's own, and who sees it beside them; all others are told 404 there.
OWN: dict[str, set[str]] = {
    "/searches/private-search": set(),
    "/readers/ann/labels/private-label": set(),
    "/labels/": set(),
    "/submissions/": {"moderator", "admin", "admin's token for all"},
    "/account/tokens/": set(),
    "/account/places/": set(),
}
# Which parts of addresses name what is there for everybody, or what only its secret or role opens.
OWNED = {"searches", "labels", "submissions", "tokens", "places"}
COMMON = {"papers", "date", "week", "month", "comments", "readers", "status", "with", "problems", "gaps", "letters"} | {
    "authors",
    "history",
    "organisations",
    "claims",
    "sitemaps",
    "dead-letters",
    "digests",
    "doubts",
    "view",
    "subscriptions",
    "unsubscribe",
}
BEARER = {route.path for route in posts() if getattr(route, "permission", "") == "bearer"}
# What somebody types who means a form.
TYPED = {
    "/moderation/papers/merge": {"paper": "2611.00001", "other": "2611.00002"},
    "/authors/{slug}/merge": {"other": "bo-chen"},
}
# Rows about somebody that others make: what they are told, and how often they were asked for something.
TOLD = {"notices", "limits"}


def token_of(caller: Caller) -> str:
    """Give what forms of somebody carry, nothing for programs."""
    if caller.is_program:
        return ""
    page = caller.client.get("/sign-in" if caller.reader is None else "/searches").text
    return next((form.fields[FIELD] for form in read_forms(page, "/") if FIELD in form.fields), "")


def outcome(answer: Any) -> str:
    """Say what an answer means for who asked."""
    location = answer.headers.get("location", "")
    if answer.status_code == 401 or (answer.status_code == 303 and location.startswith("/sign-in?next=")):
        return "asked to sign in"
    if answer.status_code == 303 and location == "/sign-in":
        return "asked to sign in"
    return {403: "refused", 404: "not found"}.get(answer.status_code, "let in")


def form_for(sites: dict[str, Site], route: Route) -> Form:
    """Give a form as its owner would send it, or an empty one."""
    for kind in ("owner", "admin", "other reader", "anybody", "newcomer"):
        for form in sites[kind].forms.get(route.path, ()):
            return form
    return Form(route.path, "", "")


def own(url: str, kind: str) -> bool:
    """Tell whether an address names something that is not for who asks: ann's own."""
    if VISITORS[kind][0] == "ann":
        return False
    return any(url.startswith(part) and kind not in others for part, others in OWN.items())


def unexpected(route: Route, kind: str, url: str, answer: Any) -> str:
    """Say what is wrong with an answer; nothing where somebody was let in or kept out as they should be."""
    permission = getattr(route, "permission", "read")
    shows = "GET" in (route.methods or ())
    may = permission in {"read", "guest", "bearer"} or permission in MAY[kind][0 if shows else 1]
    got = outcome(answer)
    if answer.status_code >= 500 and answer.status_code != 503:
        return f"{route.path} broke for {kind}: {answer.status_code}"
    wanted = {"asked to sign in", "refused", "not found"} if own(url, kind) or not may else {"let in"}
    if got in wanted or (may and not own(url, kind) and permission not in {"moderator", "admin"}):
        return ""
    if may and wanted == {"let in"} and got in {"not found", "refused"} and VISITORS[kind][1]:
        return ""  # what a program may not, such as to make tokens
    return f"{'GET' if shows else 'POST'} {url} ({permission}): {kind} was {got}, {answer.status_code}"


def kept(world: World) -> dict[str, Any]:
    """Give every row, without how often somebody tried."""
    return {name: told for name, told in rows(world.house.store).items() if name != "limits"}


def come_back(caller: Caller, jar: dict[str, str]) -> None:
    """Have a browser hold the cookies that it had, whatever an answer did to them."""
    caller.client.cookies.clear()
    for name, value in jar.items():
        caller.client.cookies.set(name, value, domain=HOST)


@pytest.mark.parametrize("kind", VISITORS)
def test_each_route_lets_in_whom_it_says_and_nobody_else(world: World, sites: dict[str, Site], kind: str) -> None:
    caller, wrong = world.caller(kind), []
    token, before, jar = token_of(caller), kept(world), dict(caller.client.cookies)
    for route in gets():
        for url in addresses(world, route):
            answer = caller.client.get(url)
            wrong.append(unexpected(route, kind, url, answer))
    for route in posts():
        for url in addresses(world, route):
            version = world.version()
            fields = {**form_for(sites, route).fields, **TYPED.get(route.path, {}), FIELD: token, "why": "A reason."}
            answer = caller.client.post(url, data=fields)
            wrong.append(unexpected(route, kind, url, answer))
            changed = world.version() != version
            if changed and outcome(answer) in {"asked to sign in", "refused"} and kept(world) != before:
                wrong.append(f"POST {url}: {kind} was {outcome(answer)}, and yet something changed")
            if changed:
                world.restore()
                come_back(caller, jar)
    assert [each for each in wrong if each] == []


def test_every_address_says_whose_things_it_names() -> None:
    for route in [*gets(), *posts()]:
        parts = re.sub(r"\.{suffix:\w+}", "", route.path).split("/")
        for before, part in pairwise(parts):
            assert "{" not in part or part == "{act}" or before in COMMON | OWNED, (
                f"{route.path} names things of {before!r}: say in tests/security/test_authorisation.py whether they "
                "are there for everybody (COMMON) or somebody's own (OWN, OWNED)."
            )


def of_ann(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row that is ann's, and what hangs on it."""
    number = world.readers["ann"].id
    found: dict[str, list[tuple[Any, ...]]] = {}
    with world.house.store.reading() as connection:
        for table in metadata.sorted_tables:
            column = table.c.id if table.name == "readers" else table.c.get("reader_id")
            if column is not None and table.name not in TOLD:
                rows = connection.execute(select(table).where(column == number))
                found[table.name] = sorted(map(tuple, rows), key=repr)
        kept = select(label_papers).join(labels, labels.c.id == label_papers.c.label_id)
        said = select(comment_editions).join(comments, comments.c.id == comment_editions.c.comment_id)
        for name, asked in (("label_papers", kept.where(labels.c.reader_id == number)), ("editions", said)):
            found[name] = sorted(map(tuple, connection.execute(asked)), key=repr)
    return found


@pytest.mark.parametrize("kind", ["other reader", "other's token that writes", "suspended", "anybody", "newcomer"])
def test_nobody_touches_what_is_anothers(world: World, sites: dict[str, Site], kind: str) -> None:
    """Everybody else sends each form that ann is shown, with what it says of her things, and a token of their own."""
    caller, before, touched = world.caller(kind), of_ann(world), []
    token, jar = token_of(caller), dict(caller.client.cookies)
    for path, forms in sites["owner"].forms.items():
        for form in forms:
            # A secret that was mailed lets in whoever brings it.
            if "letter" in form.fields or path in BEARER:
                continue
            version = world.version()
            caller.client.post(form.action, data={**form.fields, FIELD: token})
            if world.version() != version:
                now = of_ann(world)
                touched += [(path, form.fields, table) for table, rows in before.items() if now[table] != rows]
                world.restore()
                come_back(caller, jar)
    assert touched == []


def test_a_reader_who_shows_a_thing_of_anothers_sees_what_is_not_there(world: World) -> None:
    other, here = world.caller("other reader").client, world.caller("owner").client
    for url, missing in (
        ("/submissions/1", "/submissions/999"),
        ("/searches/private-search", "/searches/none"),
        ("/readers/ann/labels/private-label", "/readers/ann/labels/none"),
    ):
        anothers, none = other.get(url), other.get(missing)
        assert here.get(url).status_code in {200, 303}
        assert (anothers.status_code, none.status_code) == (404, 404)
        names = re.compile(r"[0-9]+|private-\w+|none")
        assert names.sub("", anothers.text) == names.sub("", none.text)
