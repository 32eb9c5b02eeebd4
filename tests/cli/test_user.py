"""``broadsheet user``, and opening to others from a terminal."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_cli import BROADSHEET

from broadsheet.cli import main

Typed = Callable[..., tuple[int | str | None, str, str]]
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


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Type a command of ``broadsheet user``; gives its exit code, what it printed, and what it complained of."""
    for name, value in READY.items():
        monkeypatch.setenv(name, value)

    def type_(*words: str) -> tuple[int | str | None, str, str]:
        monkeypatch.setattr(sys, "argv", ["broadsheet", "user", *words, "--home", str(tmp_path / "home")])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return type_


def test_accounts_are_made_and_steered(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(*words: str) -> Any:
        return json.loads(typed(*words, "--json")[1])

    assert told("list") == {"users": []}
    made = told("add", "ada", "--mail", "ada@example.org", "--name", "Ada L", "--role", "admin")
    assert (made["handle"], made["name"], made["role"], made["state"]) == ("ada", "Ada L", "admin", "active")
    assert typed("add", "ada", "--mail", "x@example.org")[0] == 5
    assert told("add", "bob", "--mail", "bob@example.org")["role"] == "reader"
    assert told("role", "bob", "moderator")["role"] == "moderator"
    assert told("suspend", "@Bob", "--days", "3", "--why", "Spam.")["state"] == "suspended"
    assert told("suspend", "bob", "--lift")["state"] == "active"
    assert told("end-sessions", "bob") == {"ended": 0}
    assert told("forget-passkeys", "bob") == {"forgotten": 0}
    assert typed("role", "bob", "king")[0] == 2
    assert typed("role", "eve", "admin")[0] == 3
    assert [line.split()[0] for line in typed("list")[1].splitlines()] == ["Handle", "ada", "bob"]
    links = [told("admin-link", "ada")["url"], told("invite", "--role", "moderator")["url"]]
    for link, kind in zip(links, ("bsf", "bsi"), strict=True):
        assert re.fullmatch(rf"{URL}/letters/{kind}_[0-9A-Za-z]{{38}}", link)
    assert typed("admin-link", "bob")[0] == 5
    monkeypatch.delenv("BROADSHEET_PUBLIC_URL")
    assert "public_url" in typed("invite")[2]


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
        if first:
            run(tmp_path / "home", "user", "add", "ada", "--mail", "ada@example.org", "--role", "admin")
