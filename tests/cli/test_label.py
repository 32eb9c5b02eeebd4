"""``broadsheet label`` as an operator types it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.flow.lists.loopback_zotero import KEY, Zotero, zotero
from tests.readers import make_reader
from tests.web.conftest import NOW, shelf

from broadsheet.flow.lists import keeping, labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.query import Query
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

BROADSHEET = Path(sys.executable).with_name("broadsheet")


@contextmanager
def running(home: Path) -> Iterator[tuple[Zotero, Callable[..., "subprocess.CompletedProcess[str]"]]]:
    """Give a Zotero, and a way to type a command beside it."""
    with zotero() as server:
        env = {key: value for key, value in os.environ.items() if not key.startswith("BROADSHEET_")}
        env |= {"BROADSHEET_HOME": str(home), "BROADSHEET_ADDRESSES": f"zotero={server.base}"}
        env |= {"BROADSHEET_PRIVATE_ADDRESSES": "true", "ZOTERO_API_KEY": KEY}

        def type_(*words: str) -> "subprocess.CompletedProcess[str]":
            line: list[str | Path] = [BROADSHEET, "label", *words]
            return subprocess.run(line, env=env, capture_output=True, text=True, timeout=120, check=False)

        yield server, type_


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_house(Settings(home=tmp_path), clock=lambda: NOW) as house:
        keep(house.store, shelf(), at=NOW)
        ann = make_reader(house, "ann")
        labels.make(house, ann, Wanted("Tea", "", "me"))
        labels.put(house, ann, "tea", "2502.00001")
        keeping.mark(house, ann, "2502.00002", "later")
    return tmp_path


def test_a_label_is_pushed_by_a_key_that_is_no_argument(home: Path) -> None:
    with running(home) as (_, type_):
        done = type_("push", "tea", "--reader", "ann", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"collection": "Tea", "new": 1, "added": 0, "known": 0, "failed": 0}
    assert KEY not in done.stdout + done.stderr


def test_a_reading_list_is_pushed_too(home: Path) -> None:
    with running(home) as (server, type_):
        done = type_("push", "--reading", "later", "--reader", "ann")
        wrong = type_("push", "tea", "--reading", "later", "--reader", "ann")
        assert len(server.items) == 1
    assert "To read later: 1 new paper" in done.stdout, done.stderr
    assert (wrong.returncode, "Name a label, or a reading list" in wrong.stderr) == (2, True)


def test_a_library_is_pulled_and_its_papers_are_found(home: Path) -> None:
    with running(home) as (server, type_):
        server.put("Walnuts and their shells", "NAPKINS1", DOI="10.1000/walnuts")
        done = type_("pull", "--reader", "ann", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["papers"], told["new"], told["labels"]) == (1, 1, {"napkins1": 1})
    assert KEY not in done.stdout + done.stderr
    with open_house(Settings(home=home), clock=lambda: NOW) as house:
        assert [hit.paper.slug for hit in search(house, Query(text="walnuts")).hits] == ["doi/10.1000/walnuts"]
