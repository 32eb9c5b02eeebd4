"""A Zotero of our own on loopback, in the shapes that its Web API's documentation shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"
USER = 475425
GROUP = 4567
FIELDS = {
    "preprint": {"title", "creators", "abstractNote", "repository", "archiveID", "date", "DOI", "url", "extra"},
    "journalArticle": {"title", "creators", "abstractNote", "publicationTitle", "date", "DOI", "url", "extra"},
    "conferencePaper": {"title", "creators", "abstractNote", "proceedingsTitle", "date", "DOI", "url", "extra"},
}


class Zotero(ThreadingHTTPServer):
    """A library with a version; ``say`` holds answers to give before any other, as ``(method, status, headers)``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.version = 100
        self.items: dict[str, dict[str, Any]] = {}
        self.collections: dict[str, dict[str, Any]] = {}
        self.say: list[tuple[str, int, dict[str, str]]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.most, self.may_write, self.may_read, self.meanwhile = 50, True, True, 0
        # What is answered instead of a list of items.
        self.instead: Any = None
        self.backoff = 0

    def put(self, title: str, *collections: str, kind: str = "preprint", **csl: Any) -> None:
        """Put an item into the library, as Zotero gives one with ``include=data,csljson``."""
        key = f"ITEM{len(self.items):04}"
        for each in collections:
            data = {"key": each, "name": each.title(), "parentCollection": False}
            self.collections.setdefault(each, {"key": each, "version": self.version, "data": data})
        told = {"id": f"{USER}/{key}", "type": "article", "title": title, **csl}
        data = {"key": key, "itemType": kind, "title": title, "collections": list(collections)}
        self.items[key] = {"key": key, "version": self.version, "data": data, "csljson": told}

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Zotero

    def do_GET(self) -> None:
        if self._spoken("GET"):
            return
        parts = urlsplit(self.path)
        told = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/keys/current":
            server = self.server
            user = {"library": server.may_read, "files": True, "notes": True, "write": server.may_write}
            self._say(200, {"key": KEY, "userID": USER, "username": "ann", "access": {"user": user}})
            return
        known = self._known(parts.path)
        if known is None or self.server.instead is not None:
            self._say(404 if known is None else 200, self.server.instead)
            return
        found = [each for each in known if told.get("q", "").lower() in json.dumps(each["data"]).lower()]
        start = int(told["start"])
        self._say(200, found[start : start + int(told["limit"])], {"Total-Results": str(len(found))})

    def _known(self, path: str) -> list[dict[str, Any]] | None:
        """Give what stands at an address, None for nothing; the group has the items and collections of its reader."""
        for owner in (f"/users/{USER}", f"/groups/{GROUP}"):
            for key in self.server.collections:
                if path == f"{owner}/collections/{key}/items/top":
                    return [each for each in self.server.items.values() if key in each["data"]["collections"]]
            if path in {f"{owner}/collections", f"{owner}/items/top"}:
                return list((self.server.items if path.endswith("top") else self.server.collections).values())
        return None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._spoken("POST"):
            return
        objects, kind = json.loads(body), self.path.rpartition("/")[2]
        if self.server.meanwhile:
            self.server.meanwhile -= 1
            self.server.version += 1
        if int(self.headers["If-Unmodified-Since-Version"]) < self.server.version:
            self._say(412, None)
        elif len(objects) > self.server.most:
            self._say(413, None)
        else:
            self._write(kind, objects)

    def _write(self, kind: str, objects: list[dict[str, Any]]) -> None:
        server = self.server
        server.version += 1
        known = server.items if kind == "items" else server.collections
        told: dict[str, dict[str, Any]] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
        for number, each in enumerate(objects):
            wrong = self._wrong(kind, each)
            if wrong:
                told["failed"][str(number)] = {"code": 400, "message": wrong}
                continue
            key = each.get("key") or f"KEY{len(known):05}"
            before = known.get(key, {"data": {"parentCollection": False} if kind == "collections" else {}})["data"]
            data = {**before, **each, "key": key, "version": server.version}
            known[key] = told["successful"][str(number)] = {"key": key, "version": server.version, "data": data}
            told["success"][str(number)] = key
        self._say(200, told)

    @staticmethod
    def _wrong(kind: str, told: dict[str, Any]) -> str:
        if kind == "collections" or "key" in told:
            return ""
        allowed = FIELDS[told["itemType"]] | {"itemType", "tags", "collections"}
        odd = sorted(set(told) - allowed)
        return f"'{odd[0]}' is not a valid field" if odd or "title" not in told else ""

    def _spoken(self, method: str) -> bool:
        """Note what was asked, and say what is to be said before anything else."""
        self.server.asked.append((method, self.path, dict(self.headers.items())))
        if self.headers.get("Zotero-API-Key") != KEY or self.headers.get("Zotero-API-Version") != "3":
            self._say(403, None)
            return True
        if self.server.say and self.server.say[0][0] == method:
            _, status, headers = self.server.say.pop(0)
            self._say(status, None, headers)
            return True
        return False

    def _say(self, status: int, told: Any, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(told).encode() if told is not None else b""
        self.send_response(status)
        backoff = {"Backoff": str(self.server.backoff)} if self.server.backoff else {}
        for name, value in {"Last-Modified-Version": str(self.server.version), **backoff, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def zotero() -> Iterator[Zotero]:
    """Let Zotero answer on a free port."""
    with Zotero() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(30)
