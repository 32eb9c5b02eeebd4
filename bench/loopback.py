"""``broadsheet up`` over a filled house, and many connections to it that are kept alive: whole-process figures."""

import argparse
import gzip
import json
import os
import random
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Self

from bench.machine import machine

from broadsheet.flow.shelf.import_files import import_files
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
WARM_UP = 10
BARE = ("--no-worker", "--no-starter", "--read-only", "--port", "0")
# Of so many papers the titles are taken that queries are made of.
TITLES = 20_000

Ask = Callable[[], str]


class Line:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, path: str, *headers: str) -> tuple[int, bytes, bytes]:
        """Give the status, the head and the body of an answer."""
        told = "".join(f"{each}\r\n" for each in headers)
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{told}\r\n".encode())
        read = self._rest
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self._more()
        head, body = read[:end], read[end + 4 :]
        length = LENGTH.search(head)
        whole = int(length[1]) if length else 0
        while len(body) < whole:
            body += self._more()
        self._rest = body[whole:]
        return int(head[9:12]), head, body[:whole]

    def _more(self) -> bytes:
        got = self._socket.recv(1 << 20)
        if not got:
            raise ConnectionError
        return got


@dataclass(frozen=True, slots=True)
class Server:
    """A running house: where it listens, and all of its processes."""

    port: int
    process: int

    def cpu_s(self) -> float:
        """Give the processor time that all of its processes have taken."""
        return sum(_cpu_s(each) for each in (self.process, *_children(self.process)))

    def memory_mb(self) -> float:
        """Give the memory that its processes hold, what they share counted in parts."""
        found = 0
        for each in (self.process, *_children(self.process)):
            told = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{each}/smaps_rollup").read_text("ascii"), re.MULTILINE)
            found += int(told[1]) if told else 0
        return found / 1024


def arguments(about: str | None) -> argparse.Namespace:
    """Read what every bench of this kind takes."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--connections", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=5.0)
    return parser.parse_args()


@contextmanager
def serving(args: argparse.Namespace, processes: int) -> Iterator[Server]:
    """Serve the house of the corpus, filled at the first time, to whom it takes for anybody."""
    home = args.work / "house"
    if not home.exists():
        with open_house(Settings(home=home)) as house:
            import_files(house, [args.corpus])
    command = [str(Path(sys.executable).with_name("broadsheet")), "up", "--home", str(home), *BARE]
    # Not on loopback, where whoever asks is the owner, who is answered alone.
    command += ["--host", "0.0.0.0", "--processes", str(processes)]  # noqa: S104 - read-only, for a minute
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        if server.stdout is None:
            raise SystemExit("No words from the server.")
        select.select([server.stdout], [], [], 120)
        found = re.search(r":(\d+) ", server.stdout.readline())
        try:
            if found is None:
                raise SystemExit("The server did not say where it is.")
            running = Server(int(found[1]), server.pid)
            _warm(running, processes)
            yield running
        finally:
            server.terminate()


def measure(server: Server, ask: Ask, connections: int, seconds: float, *headers: str) -> dict[str, float]:
    """Ask over so many connections at once, each as soon as it has its answer."""

    def one(_: int) -> list[float]:
        took: list[float] = []
        with Line(server.port) as line:
            for _ in range(WARM_UP):
                line.ask(ask(), *headers)
            end = time.perf_counter() + seconds
            while (start := time.perf_counter()) < end:
                path = ask()
                status, _, _ = line.ask(path, *headers)
                took.append((time.perf_counter() - start) * 1000)
                if status not in {200, 304}:
                    raise SystemExit(f"{status} for {path}")
        return took

    before = server.cpu_s()
    with ThreadPoolExecutor(connections) as threads:
        took = sorted(each for some in threads.map(one, range(connections)) for each in some)
    asked = len(took) + WARM_UP * connections
    return {
        "requests_per_s": round(len(took) / seconds, 1),
        "p50_ms": round(took[len(took) // 2], 2),
        "p99_ms": round(took[len(took) * 99 // 100], 2),
        "server_cpu_ms": round((server.cpu_s() - before) * 1000 / asked, 2),
    }


def always(path: str) -> Ask:
    """Ask the same again and again."""
    return lambda: path


def each_once(paths: Iterator[str]) -> Ask:
    """Ask each once, over whichever connection."""
    lock = Lock()

    def ask() -> str:
        with lock:
            return next(paths)

    return ask


def queries(corpus: Path, seed: int) -> Iterator[str]:
    """Give endless distinct queries: two to four words of a title, in any order."""
    with (gzip.open if corpus.suffix == ".gz" else open)(corpus, "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"].split() for line in islice(lines, TITLES)]
    chance = random.Random(seed)  # noqa: S311 - chance that is the same each time
    seen: set[str] = set()
    while True:
        words = chance.choice(titles)
        text = " ".join(chance.sample(words, min(len(words), chance.randint(2, 4))))
        if text not in seen:
            seen.add(text)
            yield text


def head(server: Server, processes: int) -> str:
    """Say what figures are taken on, and how loaded that is."""
    load = os.getloadavg()[0]
    return f"{machine()}; load {load:.1f}; {processes} process(es), {server.memory_mb():.0f} MB"


def _warm(server: Server, processes: int) -> None:
    """Let every process open what it opens at its first search."""
    for number in range(20 * processes):
        with Line(server.port) as line:
            line.ask(f"/api/papers/search?q=warm+{number}&limit=1")


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]
