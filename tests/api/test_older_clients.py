"""huggingface_hub as it was: 0.36 and 1.x, each from a folder of its own, against a real server, unchanged."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import FULL, OTHER

# A house's papers by all that each version can ask; prints one JSON object.
ASK = """
import json, sys
import huggingface_hub as hub
api = hub.HfApi(endpoint=sys.argv[1], token="hf_" + "a" * 34)
found = api.list_papers(query="folding kettles into networks")
told = {
    "version": hub.__version__,
    "found": next(iter(found)).id,
    "unasked": len(list(api.list_papers())),
    "nothing": [p.id for p in api.list_papers(query=sys.argv[3])],
}
one = api.paper_info(sys.argv[2])
told["one"] = [one.title, one.upvotes, one.published_at.isoformat(), one.source]
told["authors"] = [getattr(author, "name", author) for author in one.authors]
try:
    api.paper_info("9999.99999")
except hub.errors.HfHubHTTPError as error:
    told["absent"] = [error.response.status_code, "Paper not found" in str(error)]
if hasattr(api, "list_daily_papers"):
    told["day"] = [p.id for p in api.list_daily_papers(date="2026-03-06", limit=1)]
    told["trending"] = len(list(api.list_daily_papers(sort="trending", limit=3)))
if hasattr(api, "read_paper"):
    told["read"] = api.read_paper(sys.argv[2]).splitlines()[0]
print(json.dumps(told))
"""


def ask(version: str, address: str, home: Path) -> Any:
    folder = Path(sys.prefix) / "clients" / f"hub-{version}"
    if not (folder / ".stamp").is_file():
        pytest.skip(f"huggingface_hub {version} is not installed beside this environment; ./run check does that")
    env = {**os.environ, "PYTHONPATH": str(folder), "HF_HOME": str(home)}
    env.pop("HF_TOKEN", None)
    command = [sys.executable, "-W", "ignore", "-c", ASK, address, FULL, OTHER]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", ["0.36", "1"])
def test_an_older_client_lists_finds_and_tells(version: str, address: str, tmp_path: Path) -> None:
    told = ask(version, address, tmp_path)
    assert told["version"].startswith(f"{version}.")
    assert (told["found"], told["unasked"], told["nothing"]) == (FULL, 20, [OTHER])
    assert told["one"] == ["Folding kettles into networks", 70, "2026-03-04T17:08:18+00:00", "arxiv"]
    assert (told["authors"], told["absent"]) == (["Ann Lee"], [404, True])
    if version == "1":
        assert (told["day"], told["trending"]) == ([FULL], 3)
        assert told["read"] == "# Folding kettles into networks"
