"""A WebSub hub is told of lists that changed, and again later when it cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import NOW, PUBLIC, SECRET_KEY, shelf

from broadsheet.flow.house import House
from broadsheet.flow.selecting.hub import Telling, work
from broadsheet.flow.shelf.keep import keep
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house


class Hub(ThreadingHTTPServer):
    """Notes what it is told, and answers with ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[dict[str, list[str]]] = []
        self.status = 202
        self.was_told = Event()


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        self.server.told.append(parse_qs(body.decode()))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.was_told.set()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(30)


@contextmanager
def opened(home: Path, hub: str, *, private: bool = True) -> Iterator[House]:
    settings = Settings(
        home=home,
        public_url=PUBLIC,
        secret_key=SECRET_KEY,
        mail_from="post@papers.example",
        websub_hub=hub,
        private_addresses=private,
    )
    with open_house(settings, clock=lambda: NOW) as house:
        yield house


def url_of(hub: Hub) -> str:
    return f"http://127.0.0.1:{hub.server_address[1]}/publish"


def test_the_hub_is_told_of_what_changed_and_of_nothing_else(tmp_path: Path, hub: Hub) -> None:
    with opened(tmp_path, url_of(hub)) as house:
        telling, records = Telling(), shelf()
        keep(house.store, records[:5], at=NOW)
        assert telling.look(house) == 60
        assert [told["hub.mode"] for told in hub.told] == [["publish"]] * 2
        assert hub.told[0]["hub.url"] == [f"{PUBLIC}/latest.{suffix}" for suffix in ("rss", "atom", "json")]
        assert hub.told[1]["hub.url"] == [f"{PUBLIC}/trending.{suffix}" for suffix in ("rss", "atom", "json")]
        telling.look(house)
        assert len(hub.told) == 2
        keep(house.store, records, at=NOW)
        telling.look(house)
        assert len(hub.told) > 2


def test_a_hub_that_cannot_be_told_is_told_later_and_later(tmp_path: Path, hub: Hub) -> None:
    with opened(tmp_path, url_of(hub)) as house:
        keep(house.store, shelf(), at=NOW)
        telling, hub.status = Telling(), 503
        assert [telling.look(house) for _ in range(8)] == [120, 240, 480, 960, 1920, 3600, 3600, 3600]
        hub.status = 204
        assert telling.look(house) == 60
        before = len(hub.told)
        telling.look(house)
        assert len(hub.told) == before


def test_a_hub_in_a_private_network_is_not_asked(tmp_path: Path, hub: Hub) -> None:
    with opened(tmp_path, url_of(hub), private=False) as house:
        keep(house.store, shelf(), at=NOW)
        assert Telling().look(house) == 120
    assert hub.told == []


def test_work_goes_on_until_it_is_stopped(tmp_path: Path, hub: Hub) -> None:
    with opened(tmp_path, url_of(hub)) as house:
        keep(house.store, shelf(), at=NOW)
        stop = Event()
        worker = Thread(target=work, args=(house,), kwargs={"stop": stop})
        worker.start()
        assert hub.was_told.wait(60)
        stop.set()
        worker.join(60)
        assert not worker.is_alive()
    with opened(tmp_path, "") as house:
        work(house, stop=Event())


def test_public_feeds_lead_to_the_hub_and_others_do_not(tmp_path: Path, hub: Hub) -> None:
    with opened(tmp_path, url_of(hub)) as house:
        keep(house.store, shelf(), at=NOW)
        with TestClient(create_app(house), base_url=PUBLIC) as client:
            for path in ("/latest", "/trending"):
                for suffix, name in (("atom", "{*}link"), ("rss", "channel/{http://www.w3.org/2005/Atom}link")):
                    answer = client.get(f"{path}.{suffix}")
                    found = {each.get("rel"): each.get("href") for each in ET.fromstring(answer.content).findall(name)}  # noqa: S314 - made by us
                    assert (found["hub"], found["self"]) == (url_of(hub), f"{PUBLIC}{path}.{suffix}")
                    assert answer.headers["link"] == (
                        f'<{url_of(hub)}>; rel="hub", <{PUBLIC}{path}.{suffix}>; rel="self"'
                    )
                told = client.get(f"{path}.json").json()
                assert told["hubs"] == [{"type": "WebSub", "url": url_of(hub)}]
            for url in ("/papers/date/2026-03-06.atom", "/trending.atom?of=week", "/comments.atom"):
                answer = client.get(url)
                assert "link" not in answer.headers
                assert url_of(hub) not in answer.text
