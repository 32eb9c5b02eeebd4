"""A process that upvotes, started beside others by the tests."""

import sys
from pathlib import Path

from broadsheet.clock import system_clock
from broadsheet.flow.voting.upvote import cast, take_back
from broadsheet.settings import Settings
from broadsheet.store import readers
from broadsheet.wiring import open_house


def main(home: Path, first: int, last: int) -> None:
    """Let readers by their numbers upvote both papers, and the first of them take one upvote back."""
    with open_house(Settings(home=home), clock=system_clock) as house:
        with house.store.reading() as connection:
            voters = readers.by_ids(connection, range(first, last))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for number in sorted(voters):
            for slug in ("2401.00001", "2401.00002"):
                cast(house, voters[number], slug)
                cast(house, voters[number], slug)
        take_back(house, voters[first], "2401.00002")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
