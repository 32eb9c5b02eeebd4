"""``broadsheet digest`` as an operator types it."""

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from tests.empty_store import empty_home
from tests.flow.digests.sending_by_hand import subscribe
from tests.papers import record
from typer.testing import CliRunner, Result

from broadsheet.cli.app import app
from broadsheet.errors import Invalid
from broadsheet.flow.sending import holding
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.subscribing import due
from broadsheet.model.record import Daily, Signal
from broadsheet.model.selection import Selection
from broadsheet.settings import Settings
from broadsheet.store import digests
from broadsheet.wiring import open_house

# Commands look at the real clock: all is of now, and nothing is told by it.
NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(days=2)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house with three papers that trend and are on today's page, and somebody who gets them each day."""
    folder = empty_home(tmp_path / "home")
    told = [
        record(
            number,
            title=f"On the folding of napkin {number}",
            authors=(f"Ann Lee{number}",),
            published=BEFORE.date().isoformat(),
            daily=(Daily(NOW.date()),),
            signals=(Signal("upvotes", 10 * number, NOW),),
        )
        for number in (1, 2, 3)
    ]
    with open_house(Settings(home=folder), clock=lambda: BEFORE) as house:
        keep(house.store, told, at=BEFORE)
        ann = subscribe(house, Selection("trending"), at=BEFORE)
        with house.store.writing() as connection:
            due.schedule(connection, house, ann.id)
    return folder


def ask(home: Path, *words: str) -> Result:
    """Type the command."""
    return CliRunner().invoke(app, ["digest", "--home", str(home), *words])


def counted(home: Path) -> dict[str, int]:
    """Count digests by state."""
    with open_house(Settings(home=home)) as house, house.store.reading() as connection:
        return {str(state): number for state, number in digests.counts(connection).items()}


def test_a_day_is_sent_once_however_often_it_is_asked_for(home: Path) -> None:
    day = (NOW - timedelta(days=1)).date().isoformat()
    first = json.loads(ask(home, "--date", day, "--json").stdout)
    again = json.loads(ask(home, "--date", day, "--json").stdout)
    assert (first["called_up"], first["sent"], first["held"]) == (1, 1, "")
    assert (again["called_up"], again.get("sent", 0)) == (0, 0)
    assert counted(home)["sent"] == 1
    (mail,) = (home / "outbox").glob("*.eml")
    assert "On the folding of napkin" in mail.read_text("ascii")


def test_what_was_done_is_said_in_words(home: Path) -> None:
    day = (NOW - timedelta(days=1)).date().isoformat()
    assert ask(home, "--date", day).stdout == "1 digest due: 1 sent.\n"
    assert ask(home, "--date", day).stdout == "0 digests due.\n"


def test_a_dry_run_writes_the_mail_and_sends_and_notes_nothing(home: Path, tmp_path: Path) -> None:
    before, out = counted(home), tmp_path / "digest.eml"
    done = ask(home, "--dry-run", "--to", "me@example.org", "--list", "trending", "--out", str(out))
    assert done.exit_code == 0
    mail = message_from_bytes(out.read_bytes(), policy=policy.default)
    assert mail["To"] == "me@example.org"
    assert mail["List-Unsubscribe"] is not None
    body = mail.get_body(("plain",))
    assert body is not None
    assert "On the folding of napkin 3" in body.get_content()
    assert counted(home) == before
    assert not (home / "outbox").exists()


def test_a_dry_run_for_a_subscriber_is_of_their_own_lists_and_goes_to_stdout(home: Path) -> None:
    done = ask(home, "--dry-run", "--to", "ann@example.org")
    assert message_from_bytes(done.stdout_bytes, policy=policy.default)["To"] == "ann@example.org"
    nothing = ask(home, "--dry-run", "--to", "ann@example.org", "--list", "/authors/ann-lee1", "--date", "2020-01-01")
    assert nothing.exit_code == 0


def test_a_backup_that_was_put_back_sends_nothing_until_it_is_told_to(home: Path) -> None:
    day = (NOW - timedelta(days=1)).date().isoformat()
    database = (home / "broadsheet.db").read_bytes()
    ask(home, "--date", day)
    for file in home.glob("broadsheet.db*"):
        file.unlink()
    (home / "broadsheet.db").write_bytes(database)
    held = ask(home, "--date", day)
    assert held.exit_code == 1
    assert "put back from a backup" in held.stderr
    assert "1 digest given up" in ask(home, "--resume").stdout
    assert ask(home, "--resume").stdout == "Nothing is held.\n"
    assert json.loads(ask(home, "--resume", "--json").stdout) == {"held": "", "given_up": 0}
    assert "sent" not in counted(home)
    with open_house(Settings(home=home)) as house:
        assert not holding.reason(house)


@pytest.mark.parametrize(
    "words",
    [
        ["--dry-run"],
        ["--to", "a@example.org"],
        ["--list", "/trending"],
        ["--out", "x"],
        ["--keep"],
        ["--resume", "--date", "2026-11-20"],
        ["--dry-run", "--to", "no address"],
        ["--dry-run", "--to", "a@example.org", "--list", "/nowhere/at/all"],
        ["--dry-run", "--to", "a@example.org", "--list", "/papers/week/2026-W47"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant_is_said(home: Path, words: list[str]) -> None:
    assert isinstance(ask(home, *words).exception, Invalid)
