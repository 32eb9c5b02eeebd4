"""A small house at this machine, a folder with the files that examples name, and a shell that runs what pages show."""

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import huggingface_hub
from tests.docs.examples import Example, commands_in
from typer.testing import CliRunner

from broadsheet.cli.app import app

ADDRESS = re.compile(r"http://(?:localhost|127\.0\.0\.1):8000|https://papers\.example\.org")
# Where an example writes outside of its folder, and the secret that it leaves to the reader.
ELSEWHERE, SECRET = "/srv/", re.compile(r"bst_(?:…|\.\.\.)")
OURS = {"./run", "broadsheet"}
# What else an example may start: it does no harm in a folder of its own and goes nowhere but to our server.
HARMLESS = {"awk", "cat", "cd", "curl", "echo", "gzip", "head", "hf", "jq", "mkdir", "printf", "sed", "sort", "tail"}
LEFT_OUT = {
    "up": "serves until it is stopped; the server that examples speak to stands for it",
    "worker": "works until it is stopped",
    "check": "runs these very tests",
    "pip": "every environment is made of the locks, and each lock's name is looked at here",
}
# What takes half a minute as it is shown is asked less.
SMALLER = {"selftest": ("--queries", "20")}
# What stands in the settings of a house in public; a block that starts one goes on in it.
PUBLIC = {
    "BROADSHEET_PUBLIC_URL": "https://papers.example.org",
    "BROADSHEET_SECRET_KEY": "kP4vXq7Zs1Yw9Tb3Rn5Ld8Mf2Hj6Gc0AeUiOxWyVz-Q",
    "BROADSHEET_MAIL_FROM": "papers@example.org",
}
TURING = "title={On Computable Numbers}, author={Turing, Alan}, year={1937}, doi={10.1112/plms/s2-42}"
SHELL = re.compile(r"[|<>&;`]|\$\(")


@dataclass
class Trial:
    """A house that is served, the folder in which a page's examples run, and what its Python blocks have named."""

    address: str
    token: str
    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})

    def run(self, example: Example, *, page: str) -> None:
        """Run a block of commands or of Python; an AssertionError tells what failed."""
        text = SECRET.sub(self.token, ADDRESS.sub(self.address, example.text)).replace(
            ELSEWHERE, f"{self.folder}/elsewhere-"
        )
        if example.language == "python":
            exec(compile("\n" * example.line + text, page, "exec"), self.names)  # noqa: S102 - our own pages
            huggingface_hub.close_session()
            return
        for command in commands_in(text):
            self._command(command)
        for name in PUBLIC:
            os.environ.pop(name, None)

    def close(self) -> None:
        """Close what the examples of a page left open, as the end of a program does."""
        for value in self.names.values():
            if not isinstance(value, type) and callable(close := getattr(value, "close", None)):
                close()

    def _command(self, command: str) -> None:
        words = shlex.split(command.partition("\n")[0] if "<<" in command else command, comments=True)
        if words[0] == "export":
            os.environ.update(pair.split("=", 1) for pair in words[1:])
        elif "pip" in words:
            assert all((self.folder / word).is_file() for word in words if word.endswith(".txt")), command
        elif words[0] in OURS and words[1] in LEFT_OUT:
            os.environ.update(PUBLIC if "--public" in words else {})
        elif words[0] in OURS and not SHELL.search(" ".join(re.split(r"'[^']*'|\"[^\"]*\"|#.*", command))):
            done = CliRunner().invoke(app, [*words[1:], *SMALLER.get(words[1], ())])
            assert done.exit_code == 0, f"{command}\n{done.output}\n{done.exception!r}"
        else:
            assert words[0] in HARMLESS | OURS or "=" in words[0], f"Is it safe to run, and offline? {command}"
            self._shell(command)

    def _shell(self, command: str) -> None:
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", command], capture_output=True, text=True, cwd=self.folder, timeout=120, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def environment(folder: Path, home: Path, token: str) -> dict[str, str]:
    """Give what examples run in: our commands first on the path, and no way to any other machine."""
    nowhere = "http://127.0.0.1:9"
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "HF_HOME": str(folder / "hf"),
        "BROADSHEET_HOME": str(home),
        "TOKEN": token,
        "NO_COLOR": "1",
        "COLUMNS": "200",
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "all_proxy": nowhere,
        "no_proxy": "127.0.0.1,localhost",
    }


def lay_out(folder: Path, root: Path) -> None:
    """Write the files that examples read."""
    told = {"id": "2401.00001", "title": "Folding Napkins with Graph Networks", "daily_dates": ["2026-11-20"]}
    bibtex = f"@article{{turing, {TURING}}}\n"
    (folder / "folder").mkdir()
    for name in ("library.bib", "thesis.bib", "folder/more.bib"):
        (folder / name).write_text(bibtex, "utf-8")
    (folder / "papers.jsonl.gz").write_bytes(gzip.compress(json.dumps(told).encode(), mtime=0))
    (folder / "text.txt").write_text("We fold napkins with networks over graphs.", "utf-8")
    (folder / "library.rdf").write_text(ZOTERO, "utf-8")
    (folder / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n", "utf-8")
    (folder / "requirements").symlink_to(root / "requirements")
    script = folder / "run"
    script.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).with_name("broadsheet")}" "$@"\n', "utf-8")
    script.chmod(0o755)


ZOTERO = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#">
 <bib:Article rdf:about="https://arxiv.org/abs/1706.03762"><z:itemType>journalArticle</z:itemType>
  <dc:title>Attention Is All You Need</dc:title></bib:Article>
 <z:Collection rdf:about="#collection_1"><dc:title>Transformers</dc:title>
  <dcterms:hasPart rdf:resource="https://arxiv.org/abs/1706.03762"/></z:Collection>
</rdf:RDF>
"""
