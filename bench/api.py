"""The API under load: ``python -m bench.api --corpus PATH/papers.jsonl.gz --work FOLDER [--connections 4]``.

``broadsheet up`` serves a house filled from the corpus (kept in FOLDER, and used again); this process asks over
connections that are kept alive, one thread for each, and reads answers whole. Whole-process figures: requests a second,
the median and the 99th percentile of how long one took, and the processor time of the server for one.
"""

import argparse
import json
import os
import random
import re
import select
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from bench.machine import machine

from broadsheet.flow.shelf.import_files import import_files
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
SEARCHES = 400
WARM_UP = 20
BARE = ("--no-worker", "--no-starter")


class Line:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

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


def fill(home: Path, corpus: Path) -> None:
    with open_house(Settings(home=home)) as house:
        import_files(house, [corpus])


def cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(port: int, process: int, paths: list[str], args: argparse.Namespace, *headers: str) -> dict[str, float]:
    def one(number: int) -> list[float]:
        line = Line(port)
        chance = random.Random(number)  # noqa: S311 - chance that is the same each time
        took: list[float] = []
        for _ in range(WARM_UP):
            line.ask(chance.choice(paths), *headers)
        end = time.perf_counter() + args.seconds
        while (start := time.perf_counter()) < end:
            status, _, _ = line.ask(chance.choice(paths), *headers)
            took.append((time.perf_counter() - start) * 1000)
            if status not in {200, 304}:
                raise SystemExit(f"{status} for {paths[0]}")
        return took

    before = cpu_s(process)
    with ThreadPoolExecutor(args.connections) as threads:
        took = sorted(each for some in threads.map(one, range(args.connections)) for each in some)
    asked = len(took) + WARM_UP * args.connections
    return {
        "requests_per_s": round(len(took) / args.seconds, 1),
        "p50_ms": round(took[len(took) // 2], 2),
        "p99_ms": round(took[len(took) * 99 // 100], 2),
        "server_cpu_ms": round((cpu_s(process) - before) * 1000 / asked, 2),
    }


def report(port: int, process: int, args: argparse.Namespace) -> dict[str, dict[str, float]]:
    line = Line(port)
    day = json.loads(line.ask("/api/daily_papers?limit=1")[2])[0]["publishedAt"][:10]
    daily = f"/api/daily_papers?date={day}"
    _, head, body = line.ask(daily)
    tag = re.search(rb"etag: (\S+)", head, re.IGNORECASE)
    titles = [each["title"] for each in json.loads(line.ask("/api/daily_papers?limit=100")[2])]
    chance = random.Random(1)  # noqa: S311 - chance that is the same each time
    asked = [" ".join(chance.sample(chance.choice(titles).split(), 2)) for _ in range(SEARCHES)]
    searches = [f"/api/papers/search?q={quote(words)}" for words in asked]
    print(f"{machine()}; {args.connections} connections; {day}: {len(json.loads(body))} papers, {len(body):,} bytes")
    return {
        "daily list": measure(port, process, [daily], args),
        "daily list, packed": measure(port, process, [daily], args, "Accept-Encoding: gzip"),
        "daily list, 304": measure(port, process, [daily], args, f"If-None-Match: {tag[1].decode() if tag else ''}"),
        "hybrid search, 20 hits": measure(port, process, searches, args),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.0)
    args = parser.parse_args()
    home = args.work / "house"
    if not home.exists():
        fill(home, args.corpus)
    command = [str(Path(sys.executable).with_name("broadsheet")), "up", "--home", str(home), "--port", "0", *BARE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        if server.stdout is None:
            raise SystemExit("No words from the server.")
        select.select([server.stdout], [], [], 120)
        found = re.search(r":(\d+) ", server.stdout.readline())
        try:
            if found is None:
                raise SystemExit("The server did not say where it is.")
            for name, figures in report(int(found[1]), server.pid, args).items():
                print(f"{name}: {figures}")
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
