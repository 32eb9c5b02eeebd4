"""``broadsheet user``, and opening to others from a terminal."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_cli import BROADSHEET

URL = "https://papers.example.org"
READY = {
    "BROADSHEET_PUBLIC_URL": URL,
    "BROADSHEET_SECRET_KEY": "kP4vXq7Zs1Yw9Tb3Rn5Ld8Mf2Hj6Gc0AeUiOxWyVz-Q",
    "BROADSHEET_SMTP_URL": "smtp://127.0.0.1:9",
    "PATH": "/usr/bin:/bin",
}


def run(home: Path, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [BROADSHEET, *words, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env or READY)


def told(home: Path, *words: str) -> Any:
    return json.loads(run(home, "user", *words, "--json").stdout)


def test_accounts_are_made_and_steered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert told(home, "list") == {"users": []}
    made = told(home, "add", "ada", "--mail", "ada@example.org", "--name", "Ada L", "--role", "admin")
    assert (made["handle"], made["name"], made["role"], made["state"]) == ("ada", "Ada L", "admin", "active")
    assert run(home, "user", "add", "ada", "--mail", "x@example.org").returncode == 5
    assert told(home, "add", "bob", "--mail", "bob@example.org")["role"] == "reader"
    assert told(home, "role", "bob", "moderator")["role"] == "moderator"
    assert told(home, "suspend", "@Bob", "--days", "3", "--why", "Spam.")["state"] == "suspended"
    assert told(home, "suspend", "bob", "--lift")["state"] == "active"
    assert told(home, "end-sessions", "bob") == {"ended": 0}
    assert run(home, "user", "role", "bob", "king").returncode == 2
    assert run(home, "user", "role", "eve", "admin").returncode == 3
    listed = run(home, "user", "list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["Handle", "ada", "bob"]
    links = [told(home, "admin-link", "ada")["url"], told(home, "invite", "--role", "moderator")["url"]]
    for link, kind in zip(links, ("bsf", "bsi"), strict=True):
        assert re.fullmatch(rf"{URL}/letters/{kind}_[0-9A-Za-z]{{38}}", link)
    assert run(home, "user", "admin-link", "bob").returncode == 5
    assert "public_url" in run(home, "user", "invite", env={"PATH": "/usr/bin:/bin"}).stderr


@pytest.mark.parametrize("missing", ["BROADSHEET_SECRET_KEY", "BROADSHEET_SMTP_URL"])
def test_up_opens_to_nobody_while_something_is_missing(tmp_path: Path, missing: str) -> None:
    env = {name: value for name, value in READY.items() if name != missing}
    ended = run(tmp_path / "home", "up", "--public", URL, "--port", "0", env=env)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"\n  {missing.removeprefix('BROADSHEET_').lower()} = " in ended.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("url", ["http://papers.example.org", "papers.example.org"])
def test_up_opens_to_nobody_without_tls(tmp_path: Path, url: str) -> None:
    ended = run(tmp_path / "home", "up", "--public", url, "--port", "0")
    assert (ended.returncode, "must be https://" in ended.stderr) == (2, True)


def test_up_listens_for_others_only_when_it_is_told_to(tmp_path: Path) -> None:
    ended = run(tmp_path / "home", "up", "--host", "0.0.0.0", "--port", "0", env={"PATH": "/usr/bin:/bin"})  # noqa: S104
    assert (ended.returncode, "--public" in ended.stderr, "--read-only" in ended.stderr) == (2, True, True)


def test_the_first_start_prints_a_link_for_the_administrator(tmp_path: Path) -> None:
    command = [BROADSHEET, "up", "--home", tmp_path / "home", "--public", URL, "--port", "0", "--no-starter"]
    for first in (True, False):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=READY) as server:
            assert server.stdout is not None
            lines = [server.stdout.readline() for _ in range(3 if first else 1)]
            server.terminate()
            lines += server.stdout.readlines()
        assert ("/letters/bsf_" in "".join(lines)) is first
        told(tmp_path / "home", "add", "ada", "--mail", "ada@example.org", "--role", "admin")
