"""The client stands alone: a program that only asks loads nothing of what answers."""

import subprocess
import sys

from tests.conftest import ROOT

LOADED = """
import sys
import broadsheet
broadsheet.Client
import broadsheet.client
print(*{name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names))
print(*sorted({".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("broadsheet.")}))
"""
ROOMS = "broadsheet.client broadsheet.clock broadsheet.errors broadsheet.model broadsheet.net"


def test_the_client_loads_the_standard_library_and_next_to_nothing_of_ours() -> None:
    # Isolated and without site packages: none of what a house needs is even there.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r})\n{LOADED}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    others, ours = done.stdout.splitlines()
    assert set(others.split()) - {"__main__"} == {"broadsheet"}
    assert ours == ROOMS
