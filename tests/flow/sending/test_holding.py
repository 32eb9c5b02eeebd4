"""A backup that was put back sends nothing until somebody says so."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from tests.empty_store import empty_home
from tests.flow.sending.queued import Time, addresses, files, queue_up, shelve, states

from broadsheet.errors import Unavailable
from broadsheet.flow.belongings.dump import dump, load
from broadsheet.flow.house import House
from broadsheet.flow.sending import holding
from broadsheet.flow.sending.run import send_due
from broadsheet.settings import Settings
from broadsheet.wiring import open_house

Open = Callable[[Path], House]


@pytest.fixture
def open_() -> Iterator[Open]:
    time = Time()
    with ExitStack() as stack:

        def opened(home: Path) -> House:
            settings = Settings(home=home, public_url="https://papers.example", secret_key="x" * 32)
            return stack.enter_context(open_house(settings, clock=time, wait=time.wait))

        yield opened


@pytest.fixture
def home(tmp_path: Path, open_: Open) -> Path:
    """A home that has sent a digest."""
    folder = empty_home(tmp_path / "home")
    with open_(folder) as house:
        shelve(house)
        queue_up(house, addresses(1))
        assert send_due(house).sent == 1
        queue_up(house, addresses(2, "later.example"))
    return folder


def sent(house: House) -> int:
    return len(files(house.settings.outbox_folder))


def test_a_home_that_is_as_it_was_left_goes_on(home: Path, open_: Open) -> None:
    with open_(home) as house:
        assert (holding.reason(house), send_due(house).sent) == ("", 2)


def test_who_owns_a_home_or_may_read_it_makes_no_difference(home: Path, open_: Open) -> None:
    for file in (home / "sending").iterdir():
        file.chmod(0o640)
        os.chown(file, os.getuid(), os.getgid())
    with open_(home) as house:
        assert send_due(house).sent == 2


def test_a_database_that_was_put_back_sends_nothing(home: Path, open_: Open) -> None:
    shutil.copy(home / "broadsheet.db", home / "backup")
    with open_(home) as house:
        assert send_due(house).sent == 2
    for file in home.glob("broadsheet.db*"):
        file.unlink()
    shutil.copy(home / "backup", home / "broadsheet.db")
    with open_(home) as house:
        counts = send_due(house)
        assert (counts.recipients, "put back" in counts.held, states(house)) == (0, True, {"sent": 1, "waiting": 2})


@pytest.mark.parametrize("copy", [shutil.copy, shutil.copy2])
def test_a_home_that_was_copied_sends_nothing(
    home: Path, open_: Open, tmp_path: Path, copy: Callable[[str, str], object]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(home, elsewhere, copy_function=copy)
    with open_(elsewhere) as house:
        assert "copied" in send_due(house).held
        assert sent(house) == 1


def test_a_dump_that_was_loaded_sends_nothing(home: Path, open_: Open, tmp_path: Path) -> None:
    with open_(home) as house:
        dump(house, tmp_path / "dump.zip")
    with open_(empty_home(tmp_path / "new")) as house:
        load(house, tmp_path / "dump.zip")
        assert "no digest was ever sent" in send_due(house).held
        assert sent(house) == 0


def test_a_backup_that_is_put_back_beside_a_worker_stops_it(home: Path, open_: Open) -> None:
    with open_(home) as house:
        (mark,) = (home / "sending").iterdir()
        ahead = holding._read(home)
        assert ahead is not None
        holding.note(house, holding.Mark(ahead.machine, ahead.count + 1))
        assert not mark.exists()
        assert "more was sent" in send_due(house).held
        assert states(house) == {"sent": 1, "waiting": 2}


@pytest.fixture
def copied(home: Path, open_: Open, tmp_path: Path) -> House:
    shutil.copytree(home, tmp_path / "elsewhere")
    return open_(tmp_path / "elsewhere")


def test_once_told_it_sends_what_comes_from_then_on(copied: House) -> None:
    assert holding.resume(copied) == 2
    assert (holding.reason(copied), states(copied)) == ("", {"sent": 1, "expired": 2})
    queue_up(copied, addresses(1, "new.example"))
    assert send_due(copied).ends == {"sent": 1}
    assert holding.resume(copied) == 0


def test_what_waits_is_kept_where_it_is_known_not_to_have_been_sent(copied: House) -> None:
    assert holding.resume(copied, keep=True) == 0
    assert send_due(copied).sent == 2


def test_marks_that_cannot_be_looked_for_are_told_of(home: Path, open_: Open) -> None:
    with open_(home) as house:
        # Nobody may look into it, whoever they are.
        closed = replace(house, settings=replace(house.settings, home=home / ("x" * 300)))
        with pytest.raises(Unavailable, match="cannot be read"):
            send_due(closed)


def test_a_home_with_half_a_mark_sends_nothing(home: Path, open_: Open) -> None:
    (file,) = (home / "sending").iterdir()
    file.write_text("")
    with open_(home) as house:
        assert send_due(house).held
