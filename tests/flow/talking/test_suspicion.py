"""Comments that look like spam are held, whoever writes them and however long they wait before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.flow.submitting.sites import Day, opened
from tests.papers import record
from tests.readers import make_reader

from broadsheet.flow.house import House
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.talking.edit import edit
from broadsheet.flow.talking.say import say
from broadsheet.model.reader import Reader
from broadsheet.store import readers

PITCH = "A tool that helped me with this and many others: https://offers.example/1"


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def house(tmp_path: Path, day: Day) -> Iterator[House]:
    with opened(tmp_path / "home", day) as house:
        keep(house.store, [record(1), record(2)], at=house.clock())
        yield house


def reader_of(house: House, handle: str, days: int) -> Reader:
    with house.store.writing() as connection:
        return readers.insert(connection, handle, handle, at=house.clock() - timedelta(days=days))


def test_the_same_pitch_from_one_account_after_another_is_held(house: House, day: Day) -> None:
    states = []
    for number in range(4):
        states.append(say(house, reader_of(house, f"pitch{number}", 5), 1, PITCH).state)
        day.wait(3600)
    assert states == ["shown", "held", "held", "held"]


def test_what_becomes_an_advertisement_later_is_held_then(house: House) -> None:
    ann = reader_of(house, "ann", 5)
    said = say(house, ann, 1, "Interesting paper, I think.")
    assert (said.state, edit(house, ann, said.id, "Casino bonus: click here https://a.example").state) == (
        "shown",
        "held",
    )


def test_readers_who_have_been_here_and_moderators_are_not_bothered(house: House) -> None:
    old = reader_of(house, "old", 400)
    for number in range(3):
        assert (
            say(house, old, 1, f"The code of part {number} is at https://github.com/example/{number}").state == "shown"
        )
    assert say(house, make_reader(house, "mo", role="moderator"), 1, f"Do not buy now: {PITCH}").state == "shown"
