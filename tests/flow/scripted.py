"""A source made for tests: numbered papers, three a page, from a loopback server that answers as it is told."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.papers import record

from broadsheet.errors import Invalid, Unavailable
from broadsheet.model.record import Problem, Record
from broadsheet.sources.adapter import Answer, Ask, DayTold, Mark, Page, Service, Want

A_PAGE = 3


@dataclass
class Script:
    """What the server says: ``papers`` in all, ``faults`` by number of request, as status and headers."""

    papers: int = 7
    faults: dict[int, tuple[int, Mapping[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    base: str = ""

    def service(self) -> Service:
        return Service(name="numbers", base=self.base, hosts=("127.0.0.1",), gap_s=0.0)


@dataclass(frozen=True)
class Numbers:
    """The adapter: a mark is the number of the last paper; a target of ``odd`` is none."""

    service: Service

    def begin(self, want: Want, mark: Mark, at: datetime) -> Ask | None:
        if want.target == "odd":
            raise Invalid("There are no odd ones.", field="target")
        return self._ask(0 if want.since else mark.get("last", 0))

    def read(self, want: Want, mark: Mark, ask: Ask, answer: Answer) -> Page:
        told = json.loads(answer.body.read())
        if told == "busy":
            raise Unavailable("Nothing can be read today.")
        first, numbers = int(ask.url.rpartition("=")[2]), told["numbers"]
        last = numbers[-1] if numbers else first
        days = (DayTold(answer.at.date(), len(numbers)),)
        onward = self._ask(last) if len(numbers) == A_PAGE else None
        return Page(told=map(self._told, numbers), mark={"last": last}, next=onward, days=days, expected=told["total"])

    def _ask(self, after: int) -> Ask:
        return Ask(url=f"{self.service.base}/?after={after}")

    def _told(self, number: int) -> Record | Problem:
        return record(number) if number % 5 else Problem("numbers", str(number), "no-title", "It has no title.", "raw")


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    """Serve a script on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script.asked.append(self.path)
            status, headers = script.faults.get(len(script.asked), (200, {}))
            after = int(self.path.rpartition("=")[2])
            numbers = list(range(after + 1, min(after + A_PAGE, script.papers) + 1))
            body = json.dumps("busy" if status == 299 else {"numbers": numbers, "total": script.papers}).encode()
            self.send_response(200 if status == 299 else status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
