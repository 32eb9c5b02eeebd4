"""A reader alone waits a few seconds for an endpoint, once; work in the background is what has patience."""

from collections.abc import Iterator

import pytest
from tests.embed.loopback import WIDTH, Handler, Loopback, serving
from tests.embed.test_remote import PASSING, TWO, Waits, embedder_at

from broadsheet.embed import remote
from broadsheet.errors import Unavailable


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with serving() as told:
        yield told


@pytest.fixture
def waits() -> Waits:
    return Waits()


def test_a_reader_who_waits_is_not_kept_waiting(loopback: Loopback, waits: Waits) -> None:
    loopback.faults = [PASSING["failing"]]
    with pytest.raises(Unavailable):
        embedder_at(loopback, waits).embed(["one query"])
    assert (waits, len(loopback.asked)) == ([], 1)


def test_after_a_failure_no_reader_waits_for_a_while(
    loopback: Loopback, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(remote, "monotonic", lambda: now)
    embedder = embedder_at(loopback, waits)
    loopback.faults = [PASSING["failing"]]
    for _ in range(3):
        with pytest.raises(Unavailable, match="busy or failing"):
            embedder.embed(["one query"])
    assert len(loopback.asked) == 1
    now += remote.TRY_AGAIN_S
    assert embedder.embed(["one query"]).shape == (1, WIDTH)


def test_work_that_is_answered_opens_the_way_for_readers(loopback: Loopback, waits: Waits) -> None:
    embedder = embedder_at(loopback, waits)
    loopback.faults = [PASSING["failing"]]
    with pytest.raises(Unavailable):
        embedder.embed(["one query"])
    embedder.embed(TWO)
    assert embedder.embed(["one query"]).shape == (1, WIDTH)


def test_a_query_that_is_refused_closes_the_way_for_no_other(loopback: Loopback, waits: Waits) -> None:
    embedder = embedder_at(loopback, waits)
    loopback.faults = [lambda handler: handler.say(400, {})]
    with pytest.raises(Unavailable):
        embedder.embed(["one query"])
    assert embedder.embed(["another"]).shape == (1, WIDTH)


def drip(handler: Handler) -> None:
    """Send a header that never ends, so that every read succeeds and nothing is ever read."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not handler.server.told.released.wait(0.02):
        handler.wfile.write(b"x")


@pytest.mark.parametrize("asked", ["a query", "the dimension"])
def test_one_deadline_holds_for_all_of_a_query(
    loopback: Loopback, waits: Waits, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr(remote, "MOST_FOR_ONE_S", 0.5)
    loopback.faults = [drip] * 2
    embedder = embedder_at(loopback, waits, dimension=None)
    for _ in range(2):
        with pytest.raises(Unavailable, match="did not answer within"):
            _ = embedder.embed(["one query"]) if asked == "a query" else embedder.dimension
    assert len(loopback.asked) == 1


def test_a_first_query_teaches_the_dimension(loopback: Loopback, waits: Waits) -> None:
    embedder = embedder_at(loopback, waits, dimension=None)
    embedder.embed(["one query"])
    assert (embedder.dimension, len(loopback.asked)) == (WIDTH, 1)
