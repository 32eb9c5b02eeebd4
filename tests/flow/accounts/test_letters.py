"""Letters are worth what whoever wrote, or got, them may do when they come back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import NOW
from tests.empty_store import empty_home
from tests.readers import make_reader

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.credentials.oidc import Identity
from broadsheet.credentials.secret import hash_of
from broadsheet.errors import BroadsheetError, Conflict, NotFound, Refused
from broadsheet.flow.accounts import invitations, joining, letters, newcomers, profile, sign_in, standing
from broadsheet.flow.accounts.letters import Message
from broadsheet.flow.accounts.sessions import Browser
from broadsheet.flow.house import House
from broadsheet.mail.folder import FolderMailer
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.store import addresses
from broadsheet.store.addresses import Address
from broadsheet.wiring import open_house

BROWSER = Browser("A browser", "192.0.2.0/24")
SOMEBODY = Identity(issuer="https://lab.example", subject="1", email=None, name="Eve", orcid=None, auth_time=None)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    settings = Settings(
        home=empty_home(tmp_path / "home"), public_url="https://papers.example", invitations_by="reader"
    )
    with open_house(settings, clock=lambda: NOW) as opened:
        yield replace(opened, mailer=FolderMailer(tmp_path / "mails"))


@pytest.fixture
def ada(house: House) -> Reader:
    made = make_reader(house, "ada")
    add(house, made, "ada@example.org")
    return made


def add(house: House, reader: Reader, address: str) -> None:
    with house.store.writing() as connection:
        addresses.insert(connection, Address(address, reader.id, address, NOW))


def written(house: House, kind: str, message: Message) -> str:
    with house.store.writing() as connection:
        return letters.write(connection, house, kind, message)


def by_another_site(house: House, secret: str) -> None:
    with house.store.writing() as connection:
        newcomers.admit(connection, house, SOMEBODY, {"letter": hash_of(secret), "next": "/"})


@pytest.mark.parametrize("kind", [letters.SIGN_IN, letters.ADDRESS, letters.JOIN, letters.FIRST_RUN])
def test_only_an_invitation_invites(house: House, ada: Reader, kind: str) -> None:
    secret = written(house, kind, Message(ada.id, "ada@example.org", {"key": "ada@example.org"}))
    with pytest.raises(Refused, match="by invitation"):
        by_another_site(house, secret)


def lose_the_role(house: House, reader: Reader) -> None:
    standing.set_role(house, reader, "reader")


def be_suspended(house: House, reader: Reader) -> None:
    standing.suspend(house, reader, until=None, why="")


@pytest.mark.parametrize("fall", [lose_the_role, be_suspended])
def test_who_may_invite_no_more_lets_nobody_in(house: House, fall: Callable[[House, Reader], None]) -> None:
    mo = make_reader(house, "mo", role="moderator")
    url = invitations.invite(house, mo, typed="eve@example.org", role="moderator")
    secret = url.rpartition("/")[2]
    by_another_site(house, secret)
    fall(house, mo)
    with pytest.raises(Refused, match="by invitation"):
        by_another_site(house, secret)
    with pytest.raises(Conflict, match="invitation"):
        joining.join(house, secret, "eve", "Eve", BROWSER)


def test_a_suspension_that_is_over_takes_no_invitation_back(house: House, ada: Reader) -> None:
    secret = invitations.invite(house, ada, typed="eve@example.org").rpartition("/")[2]
    standing.suspend(house, ada, until=NOW - timedelta(days=1), why="")
    assert joining.join(house, secret, "eve", "Eve", BROWSER).reader.role == "reader"
    with pytest.raises(NotFound):
        joining.join(house, secret, "mallory", "Mallory", BROWSER)


def test_a_link_to_an_address_that_was_removed_signs_nobody_in(house: House, ada: Reader) -> None:
    add(house, ada, "old@example.org")
    secret = written(house, letters.SIGN_IN, Message(ada.id, "old@example.org", {"next": "/"}))
    profile.remove_address(house, ada, "old@example.org", session="")
    with pytest.raises(NotFound, match="address"):
        sign_in.open_letter(house, secret, BROWSER)
    good = written(house, letters.SIGN_IN, Message(ada.id, "ada@example.org"))
    assert sign_in.open_letter(house, good, BROWSER).secret


def test_strangers_who_ask_in_vain_keep_nobody_from_accepting_an_invitation(house: House, ada: Reader) -> None:
    for _ in range(5):
        sign_in.ask(house, read_mail_address("eve@example.org"), "/")
    invitation = invitations.invite(house, ada).rpartition("/")[2]
    joining.accept(house, invitation, "eve@example.org")
    assert count_of_letters(house) == 2


def test_who_accepts_too_often_gets_no_more_letters_and_no_error(house: House, ada: Reader) -> None:
    invitation = invitations.invite(house, ada).rpartition("/")[2]
    for number in range(9):
        joining.accept(house, invitation, f"eve-{number}@example.org")
    assert count_of_letters(house) == 1 + 5


def count_of_letters(house: House) -> int:
    from broadsheet.store.schema_accounts import letters as table

    with house.store.reading() as connection:
        return len(connection.execute(table.select()).all())


def test_the_last_administrator_stays_whatever_was_known_of_them_before(house: House, ada: Reader) -> None:
    standing.set_role(house, ada, "admin")
    acts: tuple[tuple[Callable[..., Any], dict[str, Any]], ...] = (
        (standing.set_role, {"role": "reader"}),
        (standing.suspend, {"until": None, "why": ""}),
    )
    for act, told in acts:
        with pytest.raises(BroadsheetError, match="dministrator"):
            act(house, ada, **told)
