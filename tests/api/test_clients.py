"""The clients that people have: huggingface_hub and the ``hf`` command, against a real server, unchanged."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import FULL, OTHER

from broadsheet.flow.accounts import tokens
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.house import House

hub = pytest.importorskip("huggingface_hub", reason="the onnx extra is not installed")
# Every field that the client declares, but for those that only one paper alone has.
ALONE = {"linked_models", "num_total_models", "linked_datasets", "num_total_datasets", "linked_spaces"}


@pytest.fixture
def api(address: str) -> Iterator[Any]:
    yield hub.HfApi(endpoint=address, token="hf_" + "a" * 34)
    hub.close_session()


def declared() -> set[str]:
    return set(hub.hf_api.PaperInfo.__dataclass_fields__)


def test_every_field_of_a_paper_in_a_list_is_filled(api: Any) -> None:
    info = next(iter(api.list_daily_papers(date="2026-03-06")))
    empty = {name for name in declared() - ALONE if not getattr(info, name)}
    assert (info.id, empty) == (FULL, set())
    assert info.submitted_by.username == "ak"
    assert info.submitted_at.isoformat() == "2026-03-06T03:55:12+00:00"
    assert info.published_at.isoformat() == "2026-03-04T17:08:18+00:00"
    assert info.organization.avatar_url
    assert (info.upvotes, info.comments, info.github_stars) == (70, 4, 12)


def test_every_field_of_a_paper_alone_is_filled(api: Any) -> None:
    info = api.paper_info(FULL)
    assert {name for name in declared() if not getattr(info, name)} == set()
    assert [model.id for model in info.linked_models] == ["lab/kettle"]
    assert [author.name for author in info.authors] == ["Ann Lee"]


def test_lists_and_searches_come_as_the_client_has_them(api: Any) -> None:
    assert [info.id for info in api.list_daily_papers(week="2026-W10", limit=2)] == [FULL, "2603.00002"]
    assert [info.id for info in api.list_daily_papers(month="2026-03", submitter="ak")] == [FULL]
    assert len(list(api.list_daily_papers(sort="trending", p=0, limit=3))) == 3
    assert [info.id for info in api.list_papers(query="folding kettles into networks", limit=1)] == [FULL]
    assert len(list(api.list_papers())) == 20
    (little,) = api.list_papers(query=OTHER)
    assert (little.upvotes, little.comments, little.authors) == (3, 4, None)


def test_a_paper_is_read_as_markdown(api: Any) -> None:
    text = api.read_paper(FULL)
    assert text.startswith("# Folding kettles into networks\n")
    assert "We fold kettles." in text
    assert api.read_paper(f"{FULL}v1") == text
    assert api.read_paper("hep-th/9901001").startswith("# Old strings\n")


def test_errors_are_the_client_s_own(api: Any) -> None:
    with pytest.raises(hub.errors.HfHubHTTPError, match="Paper not found") as absent:
        api.paper_info("9999.99999")
    assert absent.value.response.status_code == 404
    with pytest.raises(hub.errors.BadRequestError, match="Invalid date"):
        list(api.list_daily_papers(date="2026-13-40"))
    with pytest.raises(hub.errors.HfHubHTTPError, match="404"):
        api.read_paper("9999.99999")


def test_whoami_and_overviews(api: Any, at_home: House, address: str) -> None:
    _, secret = tokens.make(at_home, owner(at_home), "Client", ["read"], 30)
    assert hub.HfApi(endpoint=address, token=secret).whoami()["name"] == "owner"
    assert api.get_user_overview("owner").username == "owner"
    assert api.get_organization_overview("the-lab").fullname == "The Lab"
    assert [model.id for model in api.list_models(filter=f"arxiv:{FULL}")] == ["lab/kettle"]


def hf(address: str, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``hf`` as a user who has pointed it here does."""
    env = {**os.environ, "HF_ENDPOINT": address, "HF_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200"}
    env.pop("HF_TOKEN", None)
    command = [str(Path(sys.executable).with_name("hf")), "papers", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.timeout(600)
def test_the_command_line_lists_finds_tells_and_reads(address: str, tmp_path: Path) -> None:
    listed = hf(address, tmp_path, "ls", "--date", "2026-03-06", "--json")
    found = json.loads(listed.stdout)
    assert [each["id"] for each in found][:2] == [FULL, "2603.00002"]
    searched = hf(address, tmp_path, "search", "folding kettles", "--limit", "1", "-q")
    assert searched.stdout.split() == [FULL]
    told = json.loads(hf(address, tmp_path, "info", FULL, "--json").stdout)
    assert (told["submitted_by"]["username"], told["github_repo"]) == ("ak", "https://github.com/lab/kettle")
    read = hf(address, tmp_path, "read", FULL)
    assert "# Folding kettles into networks" in read.stdout
    absent = hf(address, tmp_path, "info", "9999.99999")
    assert absent.returncode == 1
    assert "not found on the Hub" in absent.stderr + absent.stdout
