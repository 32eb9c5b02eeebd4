"""The API under load.

    python -m bench.api --corpus PATH/papers.jsonl.gz --work FOLDER [--connections 4 8] [--processes 1 2]

``broadsheet up`` serves a house filled from the corpus (kept in FOLDER, and used again); this process asks over
connections that are kept alive, one thread for each, and reads answers whole. Whole-process figures: requests a second,
the median and the 99th percentile of how long one took, and the processor time of all of the server's processes for
one. Distinct searches are never asked twice; repeated ones are twenty, asked over and over.
"""

import argparse
import json
import random
import re
from itertools import islice
from urllib.parse import quote

from bench.loopback import Ask, Line, Server, always, arguments, each_once, head, measure, queries, serving

REPEATED = 20
_round = 0


def report(server: Server, connections: int, args: argparse.Namespace) -> dict[str, dict[str, float]]:
    global _round  # noqa: PLW0603 - so that no round asks what another one has
    _round += 1
    with Line(server.port) as line:
        day = json.loads(line.ask("/api/daily_papers?limit=1")[2])[0]["publishedAt"][:10]
        daily = f"/api/daily_papers?date={day}"
        tag = re.search(rb"etag: (\S+)", line.ask(daily)[1], re.IGNORECASE)
    searches = (f"/api/papers/search?q={quote(text)}" for text in queries(args.corpus, _round))
    popular = list(islice(searches, REPEATED))
    chance = random.Random(_round)  # noqa: S311 - chance that is the same each time
    known = f"If-None-Match: {tag[1].decode() if tag else ''}"

    def took(ask: Ask, *headers: str) -> dict[str, float]:
        return measure(server, ask, connections, args.seconds, *headers)

    return {
        "daily list": took(always(daily)),
        "daily list, packed": took(always(daily), "Accept-Encoding: gzip"),
        "daily list, 304": took(always(daily), known),
        "hybrid search, 20 hits, distinct": took(each_once(searches)),
        "hybrid search, 20 hits, repeated": took(lambda: chance.choice(popular)),
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
