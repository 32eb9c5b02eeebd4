"""Feeds under load, asked as feed readers ask that nobody is signed in with.

    python -m bench.feeds --corpus PATH/papers.jsonl.gz --work FOLDER [--connections 4 8] [--processes 1 2]

As ``bench.api``, over the same FOLDER: the latest day as RSS plain, packed and unchanged (304), the feed of a search,
and RSS of searches that nobody asked for before.
"""

import argparse
import re
from urllib.parse import quote

from bench.loopback import Ask, Line, Server, always, arguments, each_once, head, measure, queries, serving

LATEST = "/latest.rss"


def report(server: Server, connections: int, args: argparse.Namespace) -> dict[str, dict[str, float]]:
    with Line(server.port) as line:
        tag = re.search(rb"etag: (\S+)", line.ask(LATEST)[1], re.IGNORECASE)
    known = f"If-None-Match: {tag[1].decode() if tag else ''}"
    new = (f"/search.rss?q={quote(text)}" for text in queries(args.corpus, 1_000 + connections))

    def took(ask: Ask, *headers: str) -> dict[str, float]:
        return measure(server, ask, connections, args.seconds, *headers)

    return {
        "latest.rss": took(always(LATEST)),
        "latest.rss, packed": took(always(LATEST), "Accept-Encoding: gzip"),
        "latest.rss, 304": took(always(LATEST), known),
        "search.rss": took(always("/search.rss?q=graph+networks")),
        "search.rss, distinct": took(each_once(new)),
    }


def main() -> None:
    args = arguments(__doc__)
    for processes in args.processes:
        with serving(args, processes) as server:
            for connections in args.connections:
                print(f"{head(server, processes)}; {connections} connections", flush=True)
                for name, figures in report(server, connections, args).items():
                    print(f"  {name}: {figures}", flush=True)


if __name__ == "__main__":
    main()
