"""A house is closed whole, whatever cannot be saved."""

import logging

import pytest
from tests.papers import record

from broadsheet.flow import spaces
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf import reindex
from broadsheet.flow.shelf.keep import keep
from broadsheet.model.query import Query


def test_a_snapshot_that_cannot_be_written_is_logged_and_all_is_closed(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keep(house.store, [record(1)], at=house.clock())
    reindex.catch_up(house)
    house.spaces.answering()
    monkeypatch.setattr(spaces, "SAVE_AFTER_ROWS", 1)
    house.settings.vectors_folder.write_text("in the way")
    closed: list[bool] = []
    monkeypatch.setattr(type(house.store), "close", lambda _: closed.append(True))
    with caplog.at_level(logging.WARNING):
        house.close()
    assert closed == [True]
    assert [message for message in caplog.messages if "not saved" in message]


def test_a_house_may_be_closed_twice(house: House) -> None:
    assert search(house, Query(text="napkin")).total == 0
    house.close()
    house.close()
