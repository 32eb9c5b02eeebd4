"""Kill workers that send digests, at random moments, as often as asked: half of them at a spool, half at a mail server.

python -m bench.digest_kills --kills 10000
"""

import argparse
import sys

from tests.chaos.digest_kills import fast_folder, kill_often, lane, prepare
from tests.chaos.digest_sink import sink

# The share of mails that the server puts off, refuses, hangs up on or is slow with.
_ERRS = 0.2


def main() -> None:
    """Kill and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--digests", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    failed = False
    with fast_folder() as folder, lane() as opened, sink(asked.seed) as server:
        template = prepare(folder, asked.digests)
        server.errs = _ERRS
        for name, through in (("spool", None), ("smtp", server)):
            tally = kill_often(
                opened, template, through, kills=asked.kills // 2, workers=asked.workers, seed=asked.seed
            )
            sys.stdout.write(
                f"{name}: {tally.kills:,} kills in {tally.rounds:,} rounds and {tally.seconds:,.0f} s, "
                f"{tally.digests:,} digests, {tally.doubts:,} in doubt, {tally.not_sent:,} not sent, "
                f"{len(tally.faults)} faults\n"
            )
            sys.stdout.write("".join(f"{fault}\n" for fault in tally.faults))
            sys.stdout.flush()
            failed = failed or bool(tally.faults)
    sys.exit(failed)


if __name__ == "__main__":
    main()
