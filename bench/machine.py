"""What figures were taken on."""

import os
import platform
import sqlite3
from importlib.metadata import version

from broadsheet import __version__


def machine() -> str:
    """Describe the machine, and the versions of all that answers searches."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, tantivy {version('tantivy')}, faiss {version('faiss-cpu')}, "
        f"Broadsheet {__version__}"
    )
