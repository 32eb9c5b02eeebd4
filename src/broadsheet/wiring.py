"""The only place that builds adapters from settings."""

from broadsheet.clock import Clock, system_clock
from broadsheet.errors import Unavailable
from broadsheet.flow.house import House
from broadsheet.index.engine import open_index
from broadsheet.settings import Settings, read_settings
from broadsheet.store.connect import open_store


def open_house(settings: Settings | None = None, *, clock: Clock = system_clock) -> House:
    """Open the house, creating its folder, database and index where there are none.

    Without ``settings`` they are read from the environment and ``broadsheet.toml`` in the home folder.
    Raises Unavailable when the home folder cannot be made, Conflict when its database is of a newer Broadsheet.
    """
    chosen = settings or read_settings()
    try:
        chosen.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The home folder {chosen.home} cannot be used: {error.strerror}.") from error
    store = open_store(chosen.store_url, clock=clock)
    try:
        text_index = open_index(chosen.index_folder, memory_mb=chosen.index_memory_mb)
    except BaseException:
        store.close()
        raise
    return House(settings=chosen, store=store, text_index=text_index, clock=clock)
