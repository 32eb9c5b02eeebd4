"""``broadsheet worker``: run what is due, beside any number of others."""

import signal
import sys
from threading import Event

from broadsheet.cli.background import catching_up, working
from broadsheet.cli.logs import start_logging
from broadsheet.cli.output import HomeOption, console


def worker(home: HomeOption = None) -> None:
    """Harvest sources and look after their completeness whenever that is due, and index what comes, until stopped.

    Any number of workers may run beside each other and beside `broadsheet up`; they share the work and the politeness.
    SIGTERM and Ctrl-C end it after the pages in hand; what was cut off goes on with the next worker.
    """
    from broadsheet.settings import read_settings
    from broadsheet.wiring import open_house

    settings = read_settings(home)
    start_logging(settings.log_format)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_house(settings) as house, working(house), catching_up(house):
        console().print(f"The worker is at work  (state in {settings.home}; Ctrl-C stops it)", markup=False)
        sys.stdout.flush()
        stop.wait()
