"""Where digests arrive: a mail server that errs in every way it can, and a spool that is emptied all the time."""

import random
import socketserver
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal

# What happens to a mail: it is taken; put off or refused at a verb or at its end; or taken, or dropped, without a word.
Fault = Literal["", "MAIL", "RCPT", "DATA", "END", "RCPT for good", "END for good", "taken and cut", "cut", "slow"]
FAULTS: tuple[Fault, ...] = (
    *("MAIL", "RCPT", "DATA", "END", "RCPT for good", "END for good"),
    *("taken and cut", "cut", "slow"),
)
_SLOW_S = 0.05
_LOOK_EVERY_S = 0.002


class Sink(socketserver.ThreadingTCPServer):
    """A mail server; ``errs`` is the share of mails that something happens to, ``arrived`` counts mails by address."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.errs = 0.0
        self.arrived: Counter[str] = Counter()
        self.cuts = 0
        self._chance = random.Random(seed)
        self._lock = Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def fault(self) -> Fault:
        """Choose what happens to the next mail."""
        with self._lock:
            return self._chance.choice(FAULTS) if self._chance.random() < self.errs else ""

    def note(self, address: str, *, took: bool, cut: bool) -> None:
        """Note what happened to a mail that came whole."""
        with self._lock:
            self.arrived[address] += took
            self.cuts += cut

    def clear(self) -> None:
        """Forget what arrived."""
        with self._lock:
            self.arrived, self.cuts = Counter(), 0

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who was killed hangs up."""


class _Session(socketserver.StreamRequestHandler):
    server: Sink
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with suppress(OSError):
            self._say("220 here")
            self._serve()

    def _serve(self) -> None:
        fault: Fault = ""
        to = ""
        for raw in self.rfile:
            word, _, rest = raw.decode().strip().partition(" ")
            word = word.upper()
            if word == "MAIL":
                fault = self.server.fault()
            elif word == "RCPT":
                to = rest.partition("<")[2].rstrip(">")
            answer = self._answer(word, fault)
            self._say(answer)
            if word == "QUIT" or (answer.startswith("354") and not self._take(fault, to)):
                return

    @staticmethod
    def _answer(word: str, fault: Fault) -> str:
        if fault == word:
            return "451 later"
        if fault == f"{word} for good":
            return "550 5.1.1 no such user"
        return {"QUIT": "221 bye", "DATA": "354 go on"}.get(word, "250 ok")

    def _take(self, fault: Fault, to: str) -> bool:
        """Read a mail and answer; tells whether the session goes on."""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
        took, cut = fault in {"", "taken and cut", "slow"}, fault in {"taken and cut", "cut"}
        self.server.note(to, took=took, cut=cut)
        if fault == "slow":
            time.sleep(_SLOW_S)
        if not cut:
            self._say({"END": "451 later", "END for good": "550 5.1.1 no such user"}.get(fault, "250 taken"))
        return not cut

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


@contextmanager
def sink(seed: int) -> Iterator[Sink]:
    """Open a mail server on a free port."""
    with Sink(seed) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextmanager
def emptied(folder: Path) -> Iterator[Counter[str]]:
    """Take what appears in a spool out of it, at once; counts mails by address."""
    arrived: Counter[str] = Counter()
    stop = Event()

    def take() -> None:
        while True:
            stopped = stop.is_set()
            for file in folder.glob("*.eml"):
                arrived[message_from_bytes(file.read_bytes())["To"]] += 1
                file.unlink()
            if stopped:
                return
            time.sleep(_LOOK_EVERY_S)

    taker = Thread(target=take)
    taker.start()
    try:
        yield arrived
    finally:
        stop.set()
        taker.join()
