"""The status page tells how the house stands, in few statements, and nothing that is nobody's business."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.papers import AT
from tests.web.conftest import HOSTILE, Page

from broadsheet.flow.house import House
from broadsheet.flow.upkeep import status as flow
from broadsheet.flow.upkeep.selftest import selftest
from broadsheet.model.selftest import Measured, SelfTest
from broadsheet.site import create_app
from broadsheet.store import papers, selftests, spaces
from broadsheet.store.schema import selftests as table
from broadsheet.store.spaces import Identity

FOUND = SelfTest(
    at=AT,
    embedder=HOSTILE,
    version=HOSTILE,
    papers=300,
    seed=1,
    default=0.3,
    weight=None,
    measured=(Measured(kind="title", way="words", queries=300, first=0.975, tenth=1.0, mrr=0.981, ms=12.5),),
)


@pytest.fixture
def tested(house: House) -> Iterator[House]:
    """The house with room for a self-test, which is taken away again."""
    yield house
    with house.store.writing() as connection:
        connection.execute(table.delete())


def test_the_page_counts_what_is_there(house: House, read: Callable[[str], Page]) -> None:
    found = flow.status(house)
    with house.store.reading() as connection:
        counted = papers.counts(connection)
    assert (found.papers, found.records, found.problems) == tuple(counted[n] for n in ("papers", "records", "problems"))
    assert sum(count for _, count in found.sources) == found.records
    text = read("/status").text
    assert f"Papers {found.papers}" in text
    assert f"Papers in the index {found.indexed} Changes to take in none" in text
    assert f"Papers embedded {found.papers}" in text
    assert "as the embedder has it" in text
    assert "Search has not been tested on this shelf yet." in text


def test_an_empty_house_has_a_status(empty_client: TestClient) -> None:
    shown = empty_client.get("/status")
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert "Papers 0" in Page(shown.text).text


def test_the_last_self_test_is_shown(tested: House, client: TestClient) -> None:
    selftest(tested, papers=20)
    page = Page(client.get("/status").text)
    assert "with 20 papers of this shelf" in page.text
    assert {"title", "half title", "sentence", "fewer words", "abstract"} <= set(page.texts)


def test_what_others_wrote_is_only_text(tested: House, client: TestClient) -> None:
    with tested.store.writing() as connection:
        selftests.add(connection, tested.spaces.answering().space.id, FOUND)
    page = Page(client.get("/status").text)
    assert page.all("img") == []
    assert HOSTILE in page.text
    assert {"97.5%", "100.0%", "0.981", "12.5"} <= set(page.texts)


def test_a_move_to_another_embedder_is_told(house: House, client: TestClient) -> None:
    with house.store.writing() as connection:
        spaces.add(connection, Identity("onnx:another", "1", 8), "another", AT)
        space = spaces.live(connection)[-1]
    try:
        assert "Moving to onnx:another: 0 of" in Page(client.get("/status").text).text
    finally:
        with house.store.writing() as connection:
            spaces.drop(connection, [space.id], AT)
            spaces.forget(connection, space.id)


def test_no_place_and_no_secret_is_shown(house: House) -> None:
    settings = replace(house.settings, embedder_key="sk-secret", database_url="postgresql://me:pass@db/x")
    with TestClient(create_app(replace(house, settings=settings))) as client:
        text = client.get("/status").text
    assert not [word for word in (str(house.settings.home), "sk-secret", "me:pass") if word in text]
