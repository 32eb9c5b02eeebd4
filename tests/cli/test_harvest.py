"""Sources, harvests and how they stand, as an operator and cron type them; against a real server on loopback."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tests.cli.repository import Repository, serving
from tests.cli.test_cli import BROADSHEET, answer, run
from tests.cli.test_up import up
from tests.waiting import until

from broadsheet.settings import Settings
from broadsheet.store import gaps
from broadsheet.wiring import open_house

NAME = "books"


@pytest.fixture
def repository() -> Iterator[Repository]:
    with serving() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty house that may ask servers on loopback."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "broadsheet.toml").write_text('private_addresses = true\nlog_format = "json"\n', "utf-8")
    return home


def begun(home: Path, *words: str) -> subprocess.Popen[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
    return subprocess.Popen(
        [BROADSHEET, *words, "--home", str(home)], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_kind_with_a_target_is_added_harvested_and_found(home: Path, repository: Repository) -> None:
    told = answer(home, "harvest", "oai", "--target", repository.url)
    assert (told["outcome"], told["pages"], told["records"], told["new"], told["problems"]) == ("done", 2, 2, 2, 1)
    (source,) = answer(home, "sources")["sources"]
    assert (source["kind"], source["every_s"], source["state"]) == ("oai", 0, "only when asked")
    assert (source["records"], source["new"], source["problems_open"]) == (2, 2, 1)
    assert source["last_success"]
    assert answer(home, "search", "sheep")["total"] == 1
    again = answer(home, "harvest", source["name"])
    assert (again["outcome"], again["new"]) == ("done", 0)
    shown = answer(home, "sources", "show", source["name"])
    assert [run["outcome"] for run in shown["last_runs"]] == ["done", "done"]
    assert "could not be read" in run(home, "status")
    assert answer(home, "status")["harvested"][0]["name"] == source["name"]


def test_a_source_is_added_listed_paused_resumed_and_removed(home: Path) -> None:
    added = answer(home, "sources", "add", "arxiv", "cs:cs:CL", "--every", "6h", "--since", "2026-11-01")
    assert (added["name"], added["every_s"], added["since"]) == ("arxiv-cs-cl", 21_600, "2026-11-01")
    assert "arxiv-cs-cl" in run(home, "sources")
    assert answer(home, "sources", "pause", "arxiv-cs-cl")["paused"]
    assert answer(home, "sources")["sources"][0]["state"] == "paused"
    assert not answer(home, "sources", "resume", "arxiv-cs-cl")["paused"]
    assert "It has not run yet" in run(home, "sources", "show", "arxiv-cs-cl")
    assert answer(home, "sources", "remove", "arxiv-cs-cl") == {"removed": "arxiv-cs-cl"}
    assert "No source is harvested yet" in run(home, "sources")
    assert "arxiv" in {kind["kind"] for kind in answer(home, "sources", "kinds")["kinds"]}


MISTAKES = [
    (("sources", "add", "magic"), 2, "Kinds: "),
    (("sources", "add", "arxiv", "no such set!"), 2, "set"),
    (("sources", "add", "arxiv", "--name", "Not A Name"), 2, "name"),
    (("sources", "add", "arxiv", "--name", "schedule"), 2, "name"),
    (("sources", "add", "arxiv", "--every", "soon"), 2, "period"),
    (("sources", "add", "arxiv", "--every", "1s"), 2, "period"),
    (("sources", "add", "openreview"), 2, "needs a target"),
    (("sources", "show", "absent"), 3, "no source"),
    (("sources", "remove", "absent"), 3, "no source"),
    (("harvest",), 2, "Name a source"),
    (("harvest", "magic"), 3, "no kind of source"),
    (("harvest", "arxiv", "--due"), 2, "Name a source"),
    (("harvest", "kept", "--since", "2026-01-02", "--days", "3"), 2, "not both"),
    (("harvest", "kept", "--since", "2026-01-02", "--until", "2026-01-01"), 2, "before"),
    (("harvest", "kept", "--days", "0"), 2, "--days"),
    (("problems", "ignore", "7"), 3, "no problem 7"),
]


def test_a_mistake_gets_a_sentence_and_an_exit_code(home: Path) -> None:
    answer(home, "sources", "add", "arxiv", "cs.CL", "--name", "kept")
    assert "already" in run(home, "sources", "add", "arxiv", "cs.CL", "--name", "other", expect=5)
    for words, code, sentence in MISTAKES:
        assert sentence in run(home, *words, expect=code), words


def test_a_harvest_that_is_refused_says_why_and_fails(home: Path, repository: Repository) -> None:
    (home / "broadsheet.toml").write_text("private_addresses = true\n", "utf-8")
    repository.status = 403
    said = run(home, "harvest", "oai", "--target", repository.url, "--json", expect=1)
    told = json.loads(said[said.index("{\n") :])
    assert (told["outcome"], bool(told["message"])) == ("refused", True)
    (source,) = answer(home, "sources")["sources"]
    assert (source["state"], source["paused"], source["trouble"]) == ("refused", True, told["message"])
    assert "The source refused" in run(home, "harvest", source["name"], expect=1)


def test_what_is_due_is_run_once_for_cron(home: Path, repository: Repository) -> None:
    assert answer(home, "sources", "add", "oai", repository.url, "--name", NAME)["name"] == NAME
    assert answer(home, "harvest", "--due")["done"] >= 1
    asked = len(repository.asked)
    run(home, "harvest", "--due")
    assert len(repository.asked) == asked >= 2
    (source,) = answer(home, "sources")["sources"]
    assert (source["state"], source["new"]) == ("on time", 2)


def test_ctrl_c_stops_after_the_page_in_hand_and_the_next_run_goes_on(home: Path, repository: Repository) -> None:
    repository.held.clear()
    with begun(home, "harvest", "oai", "--target", repository.url) as process:
        until(lambda: repository.asked)
        process.send_signal(signal.SIGINT)
        assert "Stopping after the page in hand" in str(process.stderr and process.stderr.readline())
        repository.held.set()
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "the next run goes on" in out
    (source,) = answer(home, "sources")["sources"]
    assert source["last_success"] is None
    told = answer(home, "harvest", source["name"])
    assert told["outcome"] == "done"
    assert answer(home, "sources")["sources"][0]["records"] == 2


def test_a_worker_harvests_indexes_and_ends_on_sigterm(home: Path, repository: Repository) -> None:
    answer(home, "sources", "add", "oai", repository.url, "--name", NAME)
    with begun(home, "worker") as process:
        assert "at work" in str(process.stdout and process.stdout.readline())
        until(lambda: answer(home, "sources")["sources"][0]["last_success"])
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    (ended,) = [line for line in lines if line["event"] == "run ended"]
    assert (ended["source"], ended["outcome"], ended["pages"], ended["records"]) == (NAME, "done", 2, 2)
    assert answer(home, "search", "napkins")["total"] == 1


def test_up_harvests_what_is_due(home: Path, repository: Repository) -> None:
    answer(home, "sources", "add", "oai", repository.url, "--name", NAME)
    with up(home, "127.0.0.1") as connection:
        until(lambda: len(repository.asked) >= 2)
        connection.request("GET", "/status/books")
        assert connection.getresponse().status == 200


def test_up_leaves_harvesting_to_others_when_told_and_ends_on_sigterm(home: Path, repository: Repository) -> None:
    answer(home, "sources", "add", "oai", repository.url, "--name", NAME)
    with begun(home, "up", "--no-worker", "--no-starter", "--port", "0") as process:
        told = str(process.stdout and process.stdout.readline())
        port = int(told.split()[4].rpartition(":")[2])
        # The first look would be over by the time that a page is served.
        until(lambda: _serves(port))
        process.terminate()
        process.communicate(timeout=60)
    assert (process.returncode, repository.asked) == (0, [])


def _serves(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_problems_are_shown_raw_ignored_and_read_again(home: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{broken\n{"no": "title\\u001b[31m"}\n', "utf-8")
    answer(home, "import", str(tmp_path / "bad.jsonl"), "--format", "jsonl")
    first, second = answer(home, "problems")["problems"]
    shown = run(home, "problems", "--raw", "--source", "jsonl")
    assert "{broken" in shown
    assert "\x1b" not in shown
    assert answer(home, "problems", "--source", "other") == {"problems": []}
    assert answer(home, "problems", "retry", str(first["id"])) == {"read": 0, "open": 1}
    assert answer(home, "problems", "ignore", str(first["id"])) == {"ignored": 1}
    assert answer(home, "problems", "ignore", str(first["id"])) == {"ignored": 0}
    assert [p["id"] for p in answer(home, "problems")["problems"]] == [second["id"]]
    assert answer(home, "status")["problems_open"] == 1


def test_gaps_are_listed_and_ignored(home: Path) -> None:
    assert "Nothing is known to be missing" in run(home, "gaps")
    settings = Settings(home=home)
    with open_house(settings) as house, house.store.writing() as connection:
        gaps.found(connection, "id", "arxiv", ["2611.00007", "2611.00009"], house.clock())
    assert "2611.00007" in run(home, "gaps")
    assert answer(home, "gaps", "ignore", "1") == {"ignored": 1}
    assert [gap["name"] for gap in answer(home, "gaps")["gaps"]] == ["2611.00009"]
    assert "no gap 7" in run(home, "gaps", "ignore", "7", expect=3)
