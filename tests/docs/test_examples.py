"""Every example on every page is tried: commands and Python are run, data is read, and what is not run says why."""

import json
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree
from tests.conftest import ROOT
from tests.docs.examples import Example, examples_of
from tests.docs.trying import Trial, environment, lay_out
from tests.readers import make_reader
from tests.replay.arxiv_oai import ArxivOai
from tests.replay.server import Place, ReplayServer
from tests.replay.world import World
from tests.web.serving import serving

from broadsheet import Settings, open_house, read_settings
from broadsheet.flow.accounts import tokens
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.shelf import starter
from broadsheet.site import create_app

PAGES = [Path("README.md"), *sorted(path.relative_to(ROOT) for path in (ROOT / "docs").glob("*.md"))]
RUN = {"python", "sh"}
READ: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "xml": etree.fromstring,
    "yaml": yaml.safe_load,
}
SHOWN = {
    "bibtex": "is what a program of another kind shows or takes",
    "haproxy": "configures a server of others",
    "html": "is for somebody's own page",
    "http": "is what goes over the wire, not what is typed",
    "nginx": "configures a server of others",
    "text": "is a formula, a form or a picture, not a command",
}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the starter shelf and a reader, to be copied for each page."""
    home = tmp_path_factory.mktemp("examples") / "home"
    with open_house(Settings(home=home)) as house:
        starter.fill(house)
        make_reader(house, "ada")
    return home


@contextmanager
def trial(template: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trial]:
    """Serve a copy of the house, and stand in a folder with all that examples name."""
    home = shutil.copytree(template, folder / "home")
    place = folder / "place"
    place.mkdir()
    lay_out(place, ROOT)
    world = World(seed=8, days=3, old=0)
    with (
        ReplayServer({"arxiv-oai": Place(ArxivOai(world))}) as played,
        open_house(Settings(home=home)) as house,
        serving(create_app(house)) as address,
    ):
        _, token = tokens.make(house, owner(house), "Examples", ["read", "write"], 30)
        told = environment(place, home, token)
        told |= {"BROADSHEET_ADDRESSES": played.addresses, "BROADSHEET_PRIVATE_ADDRESSES": "true"}
        with monkeypatch.context() as patch:
            for name, value in told.items():
                patch.setenv(name, value)
            patch.chdir(place)
            before = dict(os.environ)
            with closing(Trial(address, token, place)) as tried:
                yield tried
            for name in os.environ.keys() - before.keys():
                del os.environ[name]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_example_of_a_page_runs(
    page: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [each for each in examples_of(ROOT / page) if each.language in RUN and not each.why_not]
    if not wanted:
        return
    with trial(template, tmp_path, monkeypatch) as tried:
        for example in wanted:
            tried.run(example, page=f"{page}:{example.line}")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_data_on_a_page_can_be_read_and_every_block_says_what_it_is(page: Path, tmp_path: Path) -> None:
    for example in examples_of(ROOT / page):
        assert example.language in RUN | READ.keys() | SHOWN.keys(), f"{page}:{example.line}"
        if example.language in READ and not example.why_not:
            read(example, tmp_path)


def read(example: Example, home: Path) -> None:
    found = READ[example.language](example.text)
    if example.language == "toml" and found.keys() & {setting.name for setting in fields(Settings)}:
        (home / "broadsheet.toml").write_text(example.text, "utf-8")
        read_settings(home, {})


def test_a_block_that_is_not_run_says_why(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- not run: needs a network -->\n```sh\ncurl x\n```\n\n1. One\n\n   ```json\n   {\n   }\n   ```\n", "utf-8"
    )
    assert list(examples_of(page)) == [
        Example(2, "sh", "curl x\n", "needs a network"),
        Example(8, "json", "{\n}\n", ""),
    ]
