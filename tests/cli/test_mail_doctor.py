"""``broadsheet doctor --mail`` as an operator types it, with a name server and a mail server on loopback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.mail.name_server import name_server
from tests.mail.server import postbox

from broadsheet.cli import mail_doctor
from broadsheet.errors import Invalid

BROADSHEET = Path(sys.executable).with_name("broadsheet")
ZONE = {
    ("broadsheet.example", "MX"): ("10 mail.broadsheet.example.",),
    ("broadsheet.example", "TXT"): ('"v=spf1 mx -all"',),
    ("_dmarc.broadsheet.example", "TXT"): ('"v=DMARC1; p=none"',),
}


def doctor(home: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Type the command."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
    env |= {"BROADSHEET_HOME": str(home), "BROADSHEET_MAIL_FROM": "papers@broadsheet.example"}
    env |= {f"BROADSHEET_{name.upper()}": value for name, value in settings.items()}
    line = [BROADSHEET, "doctor", "--mail", *words]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_everything_is_looked_at_and_no_house_is_opened(tmp_path: Path) -> None:
    with name_server(ZONE) as port, postbox() as server:
        done = doctor(tmp_path / "home", "--name-server", f"127.0.0.1:{port}", "--json", smtp_url=server.url)
    told = json.loads(done.stdout)
    verdicts = {each["what"]: each["verdict"] for each in told["findings"]}
    wanted = {"MX": "good", "SPF": "unknown", "DKIM": "bad", "DMARC": "good", "PTR": "unknown", "TLS": "bad"}
    assert verdicts == wanted
    assert (done.returncode, told["well"]) == (1, False)
    assert not (tmp_path / "home").exists()


def test_what_is_missing_is_written_as_it_goes_into_the_zone(tmp_path: Path) -> None:
    with name_server({}) as port:
        done = doctor(tmp_path, "--name-server", f"127.0.0.1:{port}")
    assert done.returncode == 1
    lines = done.stdout.split("Publish:\n")[1].splitlines()
    assert 'broadsheet.example. TXT "v=spf1 mx -all"' in lines
    assert any(line.startswith('_dmarc.broadsheet.example. TXT "v=DMARC1; p=none;') for line in lines)


@pytest.mark.parametrize("typed", ["ns.example", "127.0.0.1:x", "[::1", "127.0.0.1:99999"])
def test_what_is_no_name_server_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="A name server is an IP address"):
        mail_doctor._dns(typed)
