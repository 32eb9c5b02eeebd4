"""What all tests share: where real data lies, a fixed clock, and the files of the project."""

import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


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
