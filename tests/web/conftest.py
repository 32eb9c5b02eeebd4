"""A house with a small shelf, its pages through a client, and a strict reader of HTML."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.readers import add_passkey

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.accounts import sessions
from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model.ids import ExternalId, parse_id
from broadsheet.model.reader import Reader
from broadsheet.model.record import Author, Daily, Link, Record, Signal, Version
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.web.csrf import FIELD
from broadsheet.wiring import open_house

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
THURSDAY, FRIDAY, MONDAY = date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)
HOST = "papers.example"
PUBLIC = f"https://{HOST}"
SECRET_KEY = "kP4vXq7Zs1Yw9Tb3Rn5Ld8Mf2Hj6Gc0AeUiOxWyVz-Q"  # noqa: S105 - of tests alone
VOID = {"meta", "link", "input", "br", "hr", "img"}
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</textarea></title>"


def told(key: str, title: str, **facts: Any) -> Record:
    """Make a record as a source would tell it; ``day`` and ``upvotes`` put it on a daily page."""
    day, upvotes = facts.pop("day", None), facts.pop("upvotes", None)
    found = parse_id(key)
    facts.setdefault("ids", (found,) if found else ())
    facts.setdefault("observed", NOW)
    if day:
        facts["daily"] = (Daily(day),)
    if upvotes is not None:
        facts["signals"] = (Signal("upvotes", upvotes, NOW),)
    facts.setdefault("source", "hf")
    return Record(key=key, title=title, **facts)


def shelf() -> list[Record]:
    """Write about forty papers: two days, a long search, formulas, a hostile one, ids of every kind."""
    kettles = [
        told(
            f"2502.{number:05d}",
            f"Kettle study number {number}: boiling water with care",
            abstract=f"We boil water in kettle {number}. The whistle is modelled as a process.",
            authors=(Author("Ann Lee"), Author(f"Kit Number{number}")),
            published=f"{2023 + number % 3}-05-0{1 + number % 9}",
            categories=("cs.LG",) if number % 2 else ("cs.CL", "cs.AI"),
            organisations=("Tea Institute & Co",) if number % 4 else (),
            links=(Link("code", f"https://github.com/example/kettle{number}"),) if number % 5 == 0 else (),
        )
        for number in range(1, 31)
    ]
    return [
        *kettles,
        told(
            "2603.00001", "Folding napkins", abstract="A napkin folds.", day=FRIDAY, upvotes=3, published="2026-03-04"
        ),
        told(
            "2603.00002",
            r"Bounds of $O(\sqrt{n})$ for Poincar\'e maps",
            abstract=r"For $p \in [1, \infty)$ we pay $5 or $10, and \(x<y\).",
            authors=tuple(Author(f"Person {number}", "Sleep Lab") for number in range(40)),
            summary="A bound is found.",
            venue="Journal of Maps",
            keywords=("maps",),
            versions=(Version(1, "2026-03-01"), Version(2, "2026-03-05", "typos")),
            links=(Link("pdf", "https://arxiv.org/pdf/2603.00002"), Link("project", "https://maps.example/")),
            licence="http://creativecommons.org/licenses/by/4.0/",
            comment="12 pages",
            day=FRIDAY,
            upvotes=12,
            published="2026-03-01T10:00:00Z",
            updated="2026-03-05T10:00:00Z",
        ),
        told("hep-th/9901001", "Old strings", abstract="Strings, early.", day=THURSDAY, upvotes=1, published="1999-01"),
        told(
            "W1",
            "A paper with a DOI",
            ids=(ExternalId("doi", "10.1000/a(b)c"), ExternalId("openreview", "AbC_dEf123")),
            published="2020",
            source="bibtex",
            author_count=7,
        ),
        told(
            "2603.66666",
            f"Hostile {HOSTILE}",
            abstract=f"Abstract {HOSTILE} $\\text{{<b>bold</b>}}$ $\\href{{javascript:alert(1)}}{{x}}$",
            authors=(Author(f"Eve {HOSTILE}", f"Org {HOSTILE}"),),
            organisations=(f"Org {HOSTILE}",),
            venue=f"Venue {HOSTILE}",
            categories=(f"cs.{HOSTILE}",),
            keywords=(f"key {HOSTILE}",),
            summary=f"Summary {HOSTILE}",
            comment=f"Comment {HOSTILE}",
            licence=f"javascript:{HOSTILE}",
            published=f"2026{HOSTILE}",
            media=("javascript:alert(1)", "https://cdn.example/a.png"),
            versions=(Version(1, HOSTILE, HOSTILE),),
            links=(
                Link("code", "javascript:alert(1)"),
                Link("project", "data:text/html,<script>alert(1)</script>"),
                Link("pdf", 'https://evil.example/"><script>alert(1)</script>'),
                Link("data", "https://good.example/?a=1&b=2"),
            ),
            day=MONDAY,
            upvotes=1,
        ),
    ]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the shelf in it, found by words too."""
    with open_house(Settings(home=tmp_path_factory.mktemp("house")), clock=lambda: NOW) as opened:
        keep(opened.store, shelf(), at=NOW)
        catch_up(opened)
        yield opened


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    """Read the pages; a redirect is an answer and an error of ours is a page."""
    with TestClient(create_app(house), follow_redirects=False, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def empty_client(tmp_path: Any) -> Iterator[TestClient]:
    """Read the pages of a house with nothing in it."""
    with (
        open_house(Settings(home=tmp_path / "home"), clock=lambda: NOW) as opened,
        TestClient(create_app(opened), follow_redirects=False) as client,
    ):
        yield client


@dataclass(frozen=True, slots=True)
class Public:
    """A house that others reach, its application, and browsers that come to it."""

    house: House
    app: Starlette
    opened: ExitStack

    def client(self, **headers: str) -> TestClient:
        """Open another browser, in which nobody is signed in."""
        made = TestClient(
            self.app, base_url=PUBLIC, headers=headers, follow_redirects=False, raise_server_exceptions=False
        )
        return self.opened.enter_context(made)


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Public]:
    """A house of the test's own in public mode, with nothing in it."""
    settings = Settings(home=tmp_path / "public", public_url=PUBLIC, secret_key=SECRET_KEY, mail_from=f"post@{HOST}")
    with open_house(settings, clock=lambda: NOW) as house, ExitStack() as opened:
        yield Public(house, create_app(house), opened)


@pytest.fixture
def sign_in(public: Public) -> Callable[..., str]:
    """Sign a reader in, moderators and administrators by a passkey, and give the token for their forms."""

    def sign_in(client: TestClient, reader: Reader, method: str = "") -> str:
        if not method and reader.role != "reader":
            add_passkey(public.house, reader)
        chosen = method or ("link" if reader.role == "reader" else "passkey")
        secret = sessions.begin(public.house, reader, chosen, sessions.Browser("A browser", "192.0.2.0/24"))
        client.cookies.set(COOKIE, secret, domain=HOST)
        return Page(client.get("/searches").text).all("input", name=FIELD)[0]["value"]

    return sign_in


class Page(HTMLParser):
    """Read a page strictly: every element closed in order, ids unique; then ask for elements and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(ids) == len(set(ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All text, whitespace collapsed."""
        return " ".join("".join(self.texts).split())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """Give the attributes of every element of one kind."""
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    def links(self) -> list[str]:
        """Give where every ``<a>`` leads."""
        return [attributes["href"] for attributes in self.all("a")]


@pytest.fixture
def read(client: TestClient) -> Callable[[str], Page]:
    """Open a page that must be there."""

    def open_page(url: str) -> Page:
        response = client.get(url)
        assert response.status_code == 200, response.text
        return Page(response.text)

    return open_page
