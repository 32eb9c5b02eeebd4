"""``broadsheet dump``, ``load``, ``purge``, ``user import`` and ``user export`` in a terminal."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from tests.cli.test_cli import BROADSHEET

BIBTEX = "@misc{a, title={Folding Napkins with Care}, author={Lee, Ann}, eprint={2401.00001}, archiveprefix={arXiv}}"


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(BROADSHEET), *words, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)


def told(home: Path, *words: str) -> Any:
    done = run(home, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_house_moves_with_all_that_is_in_it(tmp_path: Path) -> None:
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "house.zip"
    (tmp_path / "thesis.bib").write_text(BIBTEX)
    assert run(first, "user", "add", "ada", "--mail", "ada@example.org").returncode == 0
    came = told(first, "user", "import", "--reader", "ada", "--label", "Thesis", str(tmp_path / "thesis.bib"))
    assert (came["papers"], came["new"], came["labels"]) == (1, 1, {"thesis": 1})
    again = told(first, "user", "import", "--reader", "ada", "--label", "Thesis", str(tmp_path / "thesis.bib"))
    assert (again["new"], again["labels"]) == (0, {"thesis": 0})
    assert told(first, "dump", str(file))["rows"]["papers"] == 1
    assert run(first, "dump", str(file)).returncode == 5
    assert told(second, "load", str(file))["rows"]["readers"] == 1
    assert run(second, "load", str(file)).returncode == 5
    assert "Folding Napkins" in run(second, "search", "napkins").stdout
    assert run(second, "user", "export", "--reader", "ada", str(tmp_path / "ada.zip")).returncode == 0
    with zipfile.ZipFile(tmp_path / "ada.zip") as archive:
        assert "2401.00001" in archive.read("labels/thesis.bib").decode()
    assert (tmp_path / "ada.zip").stat().st_mode & 0o777 == 0o600
    assert told(second, "purge")["mails"] == 0


def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "tags.p").write_bytes(b"\x80\x04}\x94.")
    assert run(home, "user", "import", "--reader", "nobody", str(tmp_path / "tags.p")).returncode == 3
    assert run(home, "user", "add", "ada", "--mail", "ada@example.org").returncode == 0
    refused = run(home, "user", "import", "--reader", "ada", str(tmp_path / "tags.p"))
    assert refused.returncode == 2
    assert "python -c" in refused.stderr
    assert run(home, "load", str(tmp_path / "tags.p")).returncode == 2
    assert run(home, "load", str(tmp_path / "nowhere.zip")).returncode == 2
