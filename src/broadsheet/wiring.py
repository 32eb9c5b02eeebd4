"""The only place that builds adapters from settings."""

from pathlib import Path

from broadsheet.clock import Clock, system_clock
from broadsheet.embed.lazy import LazyEmbedder
from broadsheet.embed.port import Embedder
from broadsheet.errors import Invalid, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.spaces import Spaces
from broadsheet.index.engine import open_index
from broadsheet.index.port import VectorIndex
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
    spaces = Spaces(store, _embedders(chosen), chosen.vectors_folder, _open_vector_index)
    return House(settings=chosen, store=store, text_index=text_index, spaces=spaces, clock=clock)


def _embedders(settings: Settings) -> tuple[Embedder, ...]:
    """Give the embedder that the settings want, if they want another, and the bundled one; each opens on first use."""
    bundled = LazyEmbedder(_bundled)
    if not settings.embedder:
        return (bundled,)
    return (LazyEmbedder(lambda: _wanted(settings)), bundled)


def _bundled() -> Embedder:
    from broadsheet.embed.static import StaticEmbedder  # noqa: PLC0415 - most commands embed nothing

    return StaticEmbedder()


def _wanted(settings: Settings) -> Embedder:
    raise Invalid(f"Unknown embedder {settings.embedder!r}.", field="embedder")


def _open_vector_index(folder: Path, dimension: int) -> VectorIndex:
    raise Unavailable(f"No engine for {dimension} numbers a paper stands behind {folder} yet.")
