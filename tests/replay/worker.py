"""One worker in virtual time, as a process of its own: runs what is due until the end.

python -m tests.replay.worker HOME TIME ADDRESSES UNTIL EVERY
"""

import sys
from datetime import datetime
from pathlib import Path

from tests.replay.virtual_time import Timekeeper

from broadsheet.flow.harvesting.schedule import run_due
from broadsheet.flow.house import House
from broadsheet.settings import Settings
from broadsheet.wiring import open_house


def opened(home: Path, keeper: Timekeeper, addresses: str) -> House:
    """Open a house that lives in virtual time and asks the replay server."""
    settings = Settings(
        home=home, addresses=addresses, private_addresses=True, contact="replay@example.org", index_memory_mb=64
    )
    return open_house(settings, clock=keeper.clock, wait=keeper.wait)


def main() -> None:
    """Look every so many seconds for what is due."""
    home, time, addresses, until, every_s = sys.argv[1:]
    keeper, end = Timekeeper(time), datetime.fromisoformat(until)
    keeper.join()
    with opened(Path(home), keeper, addresses) as house:
        sys.stdout.write("in\n")
        sys.stdout.flush()
        while keeper.clock() < end:
            run_due(house)
            keeper.wait(float(every_s))


if __name__ == "__main__":
    main()
