"""A public house in which every noun is there once, and everybody who may come to it.

``people`` and ``things`` fill it by the verbs of the flow; ``places`` says what stands for a parameter of an address.
A new noun gets a line in ``things``, and one in ``places`` for its address.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.empty_store import empty_home
from tests.readers import add_passkey, make_reader
from tests.security.things import Things, furnish
from tests.web.conftest import HOST, NOW, PUBLIC, SECRET_KEY

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.accounts import ceremonies, sessions, standing, tokens
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader, Role
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.store import addresses
from broadsheet.wiring import open_house

# Whose everything is that is somebody's.
OWNER = "ann"
# Who was proved to be somebody elsewhere, and is about to join.
JOINING_COOKIE = f"__Host-broadsheet-{ceremonies.JOINING}"
# Role, way to sign in, has a passkey.
PEOPLE: dict[str, tuple[Role, str, bool]] = {
    "ann": ("reader", "link", False),
    "bea": ("reader", "link", False),
    "sue": ("reader", "link", False),
    "mod": ("moderator", "passkey", True),
    "mol": ("moderator", "link", False),
    "ada": ("admin", "passkey", True),
}
# Who comes: whose account, and a token's scopes where it is a program.
VISITORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "anybody": ("", ()),
    "newcomer": ("", ()),
    "owner": ("ann", ()),
    "other reader": ("bea", ()),
    "suspended": ("sue", ()),
    "moderator": ("mod", ()),
    "moderator without passkey": ("mol", ()),
    "admin": ("ada", ()),
    "owner's token that reads": ("ann", ("read",)),
    "owner's token that writes": ("ann", ("read", "write")),
    "other's token that writes": ("bea", ("read", "write")),
    "moderator's token": ("mod", ("moderate",)),
    "admin's token for all": ("ada", ("read", "write", "moderate", "admin")),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody's browser or program."""

    kind: str
    reader: Reader | None
    client: TestClient
    secret: str

    @property
    def is_program(self) -> bool:
        """Whether a token is sent instead of a cookie."""
        return "token" in self.kind


@dataclass(slots=True)
class World:
    """The house, its application, everybody and everything in it."""

    house: House
    app: Starlette
    opened: ExitStack
    readers: dict[str, Reader]
    things: Things
    secrets: dict[str, str] = field(default_factory=dict)
    told: sqlite3.Connection | None = None

    def client(self, **headers: str) -> TestClient:
        """Open a browser, in which nobody is signed in."""
        made = TestClient(
            self.app, base_url=PUBLIC, headers=headers, follow_redirects=False, raise_server_exceptions=False
        )
        return self.opened.enter_context(made)

    def caller(self, kind: str) -> Caller:
        """Let somebody come who is named in VISITORS."""
        handle, scopes = VISITORS[kind]
        secret = self.secrets.get(kind, "")
        if not handle:
            client = self.client()
            if secret:
                client.cookies.set(JOINING_COOKIE, secret, domain=HOST)
            return Caller(kind, None, client, secret)
        client = self.client(**({"Authorization": f"Bearer {secret}"} if scopes else {}))
        if not scopes:
            client.cookies.set(COOKIE, secret, domain=HOST)
        return Caller(kind, self.readers[handle], client, secret)

    @property
    def file(self) -> Path:
        """The database."""
        return self.house.settings.home / "broadsheet.db"

    def version(self) -> int:
        """Count the commits of others; equal numbers say that nothing was written in between."""
        assert self.told is not None
        number: int = self.told.execute("PRAGMA data_version").fetchone()[0]
        return number

    def keep(self) -> None:
        """Remember everything as it is now."""
        _copy(self.file, self.file.with_suffix(".before"))

    def restore(self) -> None:
        """Let everything be as it was when it was remembered."""
        _copy(self.file.with_suffix(".before"), self.file)


@contextmanager
def open_world(folder: Path) -> Iterator[World]:
    """Open a house in public mode, fill it, and let everybody sign in."""
    settings = Settings(
        home=empty_home(folder / "home"),
        public_url=PUBLIC,
        secret_key=SECRET_KEY,
        mail_from=f"post@{HOST}",
        invitations_by="reader",
        providers="Lab=https://127.0.0.1:9/lab Else=https://127.0.0.1:9/else",
        provider_clients="Lab=client Else=client",
    )
    with open_house(settings, clock=lambda: NOW) as house, ExitStack() as opened:
        readers = _people(house)
        world = World(house, create_app(house), opened, readers, furnish(house, readers))
        standing.suspend(house, readers["sue"], until=NOW + timedelta(days=1), why="It rained.")
        _let_in(world)
        world.told = opened.enter_context(closing(sqlite3.connect(world.file, check_same_thread=False)))
        world.keep()
        yield world


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _people(house: House) -> dict[str, Reader]:
    found = {}
    for handle, (role, _, has_passkey) in PEOPLE.items():
        reader = found[handle] = make_reader(house, handle, role=role)
        if has_passkey:
            add_passkey(house, reader)
        with house.store.writing() as connection:
            for text in (f"{handle}.private@mail.example", f"{handle}.other@mail.example"):
                addresses.insert(connection, addresses.Address(text, reader.id, text, NOW))
    return found


def _let_in(world: World) -> None:
    told = {"issuer": "https://127.0.0.1:9/lab", "subject": "new", "name": "New Comer", "letter": "", "next": "/"}
    world.secrets["newcomer"] = ceremonies.begin(world.house, ceremonies.JOINING, told)
    for kind, (handle, scopes) in VISITORS.items():
        if scopes:
            _, secret = tokens.make(world.house, world.readers[handle], f"Program {kind}", scopes, 30)
            tokens.find(world.house, secret)
        elif handle:
            browser = sessions.Browser(f"Agent of {kind}", "198.51.100.0/24")
            sessions.begin(world.house, world.readers[handle], "link", sessions.Browser("Elsewhere", "203.0.113.0/24"))
            secret = sessions.begin(world.house, world.readers[handle], PEOPLE[handle][1], browser)
        else:
            continue
        world.secrets[kind] = secret
