"""All doors agree: 200 lists drawn by chance are the same papers in one order at each door that shows them."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from urllib.parse import quote, unquote

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import NOW, told
from tests.web.owner import browser
from typer.testing import CliRunner

from broadsheet.cli.app import app
from broadsheet.entrance.lists import suffixed
from broadsheet.flow.accounts import tokens
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.people import following
from broadsheet.flow.reading import saved_searches
from broadsheet.flow.selecting.select import select
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.voting.upvote import cast
from broadsheet.model.places import list_url, search_url
from broadsheet.model.query import Query, Sort
from broadsheet.model.record import Author, Record
from broadsheet.model.selection import Kind, Selection, Stretch
from broadsheet.model.weeks import month_of, week_of
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

PAPERS, LISTS, DAYS, SHOWN = 160, 200, 24, 40
WORDS = "kettle napkin folding steam whistle lattice gradient parser sonnet harbour".split()
NAMES = "Ann Lee,Bo Chen,Cleo Núñez,Dag Øst,Eve Adams,Fu Wang".split(",")
LABS = ("Tea Institute", "Harbour Lab", "Steam Works")
SORTS: tuple[Sort, ...] = ("relevance", "relevance", "date", "upvotes")
CATEGORIES = ("cs.CL", "cs.LG", "cs.IR", "math.CO")
_MAIN = re.compile(r"<main.*</main>", re.DOTALL)
_TITLE = re.compile(r'<h[23][^>]*>\s*<a[^>]* href="/papers/([^"#?]+)"')
_ITEM = re.compile(r"<item>.*?<link>[^<]*/papers/([^<]+)</link>", re.DOTALL)


def day_of(number: int) -> date:
    return NOW.date() - timedelta(days=number % DAYS)


def made_up(chance: Random, number: int) -> Record:
    words = chance.sample(WORDS, 4)
    return told(
        f"2610.{number:05d}",
        f"On the {words[0]} of a {words[1]}, part {number}",
        abstract=f"We study {' and '.join(words)}. " + " ".join(chance.choices(WORDS, k=12)).capitalize() + ".",
        authors=tuple(Author(name, chance.choice(LABS)) for name in chance.sample(NAMES, 2)),
        organisations=(chance.choice(LABS),),
        categories=tuple(chance.sample(CATEGORIES, 2)),
        published=(day_of(number) - timedelta(days=1)).isoformat(),
        day=day_of(number),
        upvotes=chance.randrange(60),
    )


@dataclass(frozen=True, slots=True)
class Doors:
    """A house at this machine with its owner's token, and each door's way to give the papers of a list."""

    house: House
    client: TestClient
    token: str

    def selected(self, selection: Selection, limit: int) -> list[str]:
        found = select(self.house, selection, Stretch(0, limit), owner(self.house))
        return [paper.slug for paper in found.papers]

    def page(self, selection: Selection) -> list[str]:
        # The page of a saved search leads to the search itself.
        if selection.kind == "saved":
            saved = saved_searches.show(self.house, selection.name, None)
            return self._on_page(search_url(saved.query))
        return self._on_page(list_url(selection))

    def feed(self, selection: Selection, form: str) -> list[str]:
        url = suffixed(list_url(selection), form)
        answer = self._asked("GET", f"{url}{'&' if '?' in url else '?'}limit={SHOWN}")
        if form == "json":
            return [unquote(item["url"].partition("/papers/")[2]) for item in answer.json()["items"]]
        return [unquote(slug) for slug in _ITEM.findall(answer.text)]

    def hub(self, selection: Selection) -> list[str] | None:
        """Ask the API of Hugging Face, where it has such a list."""
        kind, name, query = selection.kind, selection.name, selection.query
        if kind == "search" and query and query == Query(text=query.text):
            return self._hub_ids(f"/api/papers/search?q={quote(query.text)}&limit={SHOWN}")
        asked = {"day": "date", "week": "week", "month": "month"}.get(kind)
        if kind == "trending" and not name:
            return self._hub_ids(f"/api/daily_papers?sort=trending&limit={SHOWN}")
        return self._hub_ids(f"/api/daily_papers?{asked}={name}&limit={SHOWN}") if asked and name else None

    def v1(self, selection: Selection) -> list[str]:
        named = f"/{quote(selection.name)}" if selection.name else ""
        place = search_url(selection.query).partition("?")[2] if selection.query else ""
        answer = self._asked("GET", f"/api/v1/lists/{selection.kind}{named}?limit={SHOWN}&fields=id&{place}")
        return [paper["id"] for paper in answer.json()["papers"]]

    def agent(self, selection: Selection) -> list[str] | None:
        """Call the tool of the agents' door, where it has one for such a list."""
        tool, arguments = self._tool(selection)
        if not tool:
            return None
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
        answer = self._asked("POST", "/mcp", json=body, headers=headers)
        return [paper["id"] for paper in answer.json()["result"]["structuredContent"]["papers"]]

    def terminal(self, selection: Selection) -> list[str]:
        query = selection.query or Query()
        words = [query.text] if selection.kind == "search" else [selection.name] if selection.name else []
        for category in query.categories:
            words += ["--category", category]
        if query.sort != "relevance":
            words += ["--sort", query.sort]
        home = ["--home", str(self.house.settings.home)]
        done = CliRunner().invoke(app, ["list", selection.kind, *words, "--limit", str(SHOWN), "--json", *home])
        assert done.exit_code == 0, done.output
        return [paper["id"] for paper in json.loads(done.stdout)["papers"]]

    def _on_page(self, url: str) -> list[str]:
        found = _MAIN.search(self._asked("GET", url, bare=True).text)
        assert found
        return [unquote(slug) for slug in _TITLE.findall(found[0])]

    def _hub_ids(self, url: str) -> list[str]:
        return [item["paper"]["id"] for item in self._asked("GET", url).json()]

    @staticmethod
    def _tool(selection: Selection) -> tuple[str, dict[str, Any]]:
        kind, name, query = selection.kind, selection.name, selection.query
        match kind:
            case "day":
                return "daily_papers", {"limit": SHOWN} | ({"date": name} if name else {})
            case "trending":
                return "trending_papers", {"limit": SHOWN, "span": name or "all"}
            case "similar":
                return "similar_papers", {"limit": SHOWN, "paper": name}
            case "search" if query and len(query.categories) <= 1:
                more = {"category": query.categories[0]} if query.categories else {}
                return "search_papers", {"query": query.text, "limit": SHOWN, "sort": query.sort, **more}
        return "", {}

    def _asked(self, method: str, url: str, *, bare: bool = False, **more: Any) -> Any:
        own = {} if bare else {"Authorization": f"Bearer {self.token}"}
        headers = {**own, **more.pop("headers", {})}
        answer = self.client.request(method, url, headers=headers, **more)
        assert answer.status_code == 200, (url, answer.text[:500])
        return answer


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    chance = Random(6)
    with open_house(Settings(home=tmp_path_factory.mktemp("doors")), clock=lambda: NOW) as house:
        keep(house.store, [made_up(chance, number) for number in range(PAPERS)], at=NOW)
        catch_up(house)
        reader = owner(house)
        for name in ("Tea", "Later"):
            label = labels.make(house, reader, Wanted(name, "", "all"))
            for number in chance.sample(range(PAPERS), 12):
                labels.put(house, reader, label.slug, f"2610.{number:05d}")
        for number in range(0, PAPERS, 9):
            cast(house, reader, f"2610.{number:05d}")
        saved_searches.save(house, "Kettles", Query(text="kettle", sort="date"))
        for kind, target in (("author", "ann-lee"), ("category", "cs.IR"), ("search", "kettles")):
            following.follow(house, reader, kind, target)
        _, secret = tokens.make(house, reader, "doors", ["read"], 30)
        with browser(house) as client:
            yield Doors(house, client, secret)


def drawn() -> list[Selection]:
    """Draw the lists: every kind, searches most often."""
    chance = Random(200)
    days = [day_of(number) for number in range(DAYS)]
    named: dict[Kind, Callable[[], str]] = {
        "day": lambda: chance.choice(["", *(day.isoformat() for day in days)]),
        "week": lambda: str(week_of(chance.choice(days))),
        "month": lambda: str(month_of(chance.choice(days))),
        "trending": lambda: chance.choice(["", "week", "day"]),
        "similar": lambda: f"2610.{chance.randrange(PAPERS):05d}",
        "author": lambda: chance.choice(["ann-lee", "bo-chen", "eve-adams", "fu-wang"]),
        "organisation": lambda: chance.choice(["tea-institute", "harbour-lab", "steam-works"]),
        "category": lambda: chance.choice(CATEGORIES),
        "label": lambda: f"owner/{chance.choice(['tea', 'later'])}",
        "saved": lambda: "kettles",
        "following": lambda: "",
    }

    def search() -> Selection:
        text = " ".join(chance.sample(WORDS, chance.randint(1, 3)))
        cats = (chance.choice(CATEGORIES),) if chance.random() < 0.4 else ()
        return Selection("search", query=Query(text=text, categories=cats, sort=chance.choice(SORTS)))

    kinds: list[Kind] = [*named, "similar", "search", "search", "search", "search", "search"]
    chosen = [chance.choice(kinds) for _ in range(LISTS)]
    return [search() if kind == "search" else Selection(kind, named[kind]()) for kind in chosen]


def test_two_hundred_lists_are_the_same_at_every_door(doors: Doors) -> None:
    differ: list[Any] = []
    asked = {"page": 0, "feed": 0, "hub": 0, "v1": 0, "agent": 0}
    for number, selection in enumerate(drawn()):
        wanted = doors.selected(selection, SHOWN)
        assert wanted, selection
        said = {
            "page": doors.page(selection),
            "feed": doors.feed(selection, ("rss", "json")[number % 2]),
            "hub": doors.hub(selection),
            "v1": doors.v1(selection),
            "agent": doors.agent(selection),
        }
        for door, ids in said.items():
            if ids is None:
                continue
            asked[door] += 1
            # A page or an answer that is bounded shows the beginning of the list, never less than its first papers.
            least = min(len(wanted), SHOWN if door in {"feed", "v1", "hub"} else 10)
            if ids[:SHOWN] != wanted[: len(ids)] or len(ids) < least:
                differ.append((door, selection, ids, wanted))
    assert differ == []
    assert (asked["page"], asked["feed"], asked["v1"]) == (LISTS, LISTS, LISTS)
    assert asked["hub"] > LISTS // 4
    assert asked["agent"] > LISTS // 2


def test_the_terminal_shows_them_too(doors: Doors) -> None:
    # It goes by the clock on the wall, so that for it other papers are of today and this week.
    lists = [each for each in drawn() if each.kind != "trending" or not each.name][::10]
    told = [(selection, doors.terminal(selection), doors.selected(selection, SHOWN)) for selection in lists]
    assert [each for each in told if each[1] != each[2]] == []
    assert len({selection.kind for selection in lists}) > 6
