"""Passkeys as the verbs keep them: a challenge is used once, counts rise, and nobody loses their last way in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.credentials.soft_key import SoftKey
from tests.empty_store import empty_home
from tests.readers import make_reader

from broadsheet.errors import Conflict, Invalid, NotFound, Refused, TooMany
from broadsheet.flow.accounts import passkeys, sessions
from broadsheet.flow.accounts.sessions import Browser
from broadsheet.flow.house import House
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.store import addresses, readers
from broadsheet.wiring import open_house

PUBLIC = "https://papers.example"
BROWSER = Browser("A browser", "192.0.2.0/24")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    settings = Settings(home=empty_home(tmp_path / "home"), public_url=PUBLIC)
    with open_house(settings, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def ada(house: House) -> Reader:
    reader = make_reader(house, "ada")
    with house.store.writing() as connection:
        addresses.insert(connection, addresses.Address("ada@example.org", reader.id, "ada@example.org", NOW))
    return reader


def added(house: House, reader: Reader, name: str = "My laptop") -> SoftKey:
    """Add a passkey of a new device to a reader's account."""
    key, begun = SoftKey(), passkeys.ask_to_add(house, reader)
    passkeys.add(house, reader, begun.secret, key.create(begun.options, PUBLIC), name)
    return key


def signed_in(house: House, key: SoftKey) -> str:
    begun = passkeys.ask_to_sign_in(house, "192.0.2.1/32")
    return passkeys.sign_in(house, begun.secret, key.get(begun.options, PUBLIC), BROWSER)


def test_a_passkey_signs_its_reader_in_and_its_count_and_last_use_are_kept(house: House, ada: Reader) -> None:
    key = added(house, ada)
    later = replace(house, clock=lambda: NOW + timedelta(days=3))
    secret = signed_in(later, key)
    signed_in(later, key)
    found = sessions.find(later, secret)
    assert found is not None
    assert (found.reader.id, found.session.method, found.passkeys) == (ada.id, "passkey", 1)
    [kept] = passkeys.listed(house, ada)
    assert (kept.name, kept.at, kept.used_at, kept.sign_count) == ("My laptop", NOW, NOW + timedelta(days=3), 2)
    assert kept.transports == ("hybrid", "internal")


def test_all_passkeys_of_a_reader_have_one_handle_of_64_bytes_and_no_other_reader_has_it(
    house: House, ada: Reader
) -> None:
    first, second, other = added(house, ada), added(house, ada), added(house, make_reader(house, "bo"))
    assert first.user_handle == second.user_handle != other.user_handle
    assert {len(first.user_handle), len(other.user_handle)} == {64}


def test_a_device_that_has_counted_fewer_signatures_than_we_have_seen_is_refused(house: House, ada: Reader) -> None:
    key = added(house, ada)
    signed_in(house, key)
    signed_in(house, key)
    key.count = 0
    with pytest.raises(Refused):
        signed_in(house, key)


def test_a_challenge_is_used_once_whether_its_answer_was_right_or_wrong(house: House, ada: Reader) -> None:
    key = added(house, ada)
    for lies in ({}, {"handle": b"x" * 64}):
        begun = passkeys.ask_to_sign_in(house, "192.0.2.1/32")
        answer = key.get(begun.options, PUBLIC, **lies)
        if lies:
            with pytest.raises(Refused, match="somebody else"):
                passkeys.sign_in(house, begun.secret, answer, BROWSER)
        else:
            passkeys.sign_in(house, begun.secret, answer, BROWSER)
        with pytest.raises(Refused, match="not begun in this browser"):
            passkeys.sign_in(house, begun.secret, key.get(begun.options, PUBLIC), BROWSER)


def test_an_answer_too_late_or_of_another_browser_or_ceremony_signs_nobody_in(house: House, ada: Reader) -> None:
    key = added(house, ada)
    begun, others = passkeys.ask_to_sign_in(house, "192.0.2.1/32"), passkeys.ask_to_sign_in(house, "192.0.2.1/32")
    answer = key.get(begun.options, PUBLIC)
    late = replace(house, clock=lambda: NOW + timedelta(minutes=15))
    for where, secret in ((late, begun.secret), (house, others.secret), (house, ""), (house, "bsc_" + "A" * 38)):
        with pytest.raises(Refused):
            passkeys.sign_in(where, secret, answer, BROWSER)
    adding = passkeys.ask_to_add(house, ada)
    with pytest.raises(Refused, match="not begun"):
        passkeys.sign_in(house, adding.secret, answer, BROWSER)


def test_a_passkey_that_nobody_has_or_of_somebody_gone_signs_nobody_in(
    house: House, ada: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    stranger, key = SoftKey(), added(house, ada)
    with pytest.raises(Refused, match="not known here"):
        signed_in(house, stranger)
    with house.store.writing() as connection:
        readers.change(connection, ada.id, state="gone")
    with pytest.raises(Refused, match="not known here"):
        signed_in(house, key)
    assert [record.message for record in caplog.records].count("passkey refused") == 2


def test_a_passkey_is_added_only_by_who_began_and_only_once(house: House, ada: Reader) -> None:
    bo, key = make_reader(house, "bo"), SoftKey()
    begun = passkeys.ask_to_add(house, ada)
    with pytest.raises(Refused, match="Another reader"):
        passkeys.add(house, bo, begun.secret, key.create(begun.options, PUBLIC), "Mine")
    begun = passkeys.ask_to_add(house, ada)
    passkeys.add(house, ada, begun.secret, key.create(begun.options, PUBLIC), "Mine")
    begun = passkeys.ask_to_add(house, bo)
    with pytest.raises(Conflict, match="in use here"):
        passkeys.add(house, bo, begun.secret, key.create(begun.options, PUBLIC), "Mine too")
    assert passkeys.listed(house, bo) == []


def test_a_name_that_cannot_be_leaves_the_challenge_good(house: House, ada: Reader) -> None:
    key, begun = SoftKey(), passkeys.ask_to_add(house, ada)
    answer = key.create(begun.options, PUBLIC)
    with pytest.raises(Invalid):
        passkeys.add(house, ada, begun.secret, answer, " ")
    passkeys.add(house, ada, begun.secret, answer, "My  key\n")
    assert [each.name for each in passkeys.listed(house, ada)] == ["My key"]


def test_passkeys_are_changed_by_their_owner_alone_and_other_sessions_end(house: House, ada: Reader) -> None:
    bo = make_reader(house, "bo")
    added(house, ada)
    [kept] = passkeys.listed(house, ada)
    for deed in (lambda: passkeys.rename(house, bo, kept.id, "Stolen"), lambda: removed(house, bo, kept.id)):
        with pytest.raises(NotFound):
            deed()
    passkeys.rename(house, ada, kept.id, "Old laptop")
    assert passkeys.listed(house, ada)[0].name == "Old laptop"
    here, there = (sessions.begin(house, ada, "link", BROWSER) for _ in range(2))
    session = sessions.find(house, here)
    assert session is not None
    passkeys.remove(house, ada, kept.id, session=session.session.hash)
    assert passkeys.listed(house, ada) == []
    assert (sessions.find(house, here) is None, sessions.find(house, there) is None) == (False, True)


def removed(house: House, reader: Reader, id_: str) -> None:
    passkeys.remove(house, reader, id_, session="")


def test_the_last_way_in_stays(house: House) -> None:
    bo = make_reader(house, "bo")
    added(house, bo)
    [kept] = passkeys.listed(house, bo)
    with pytest.raises(Conflict, match="only way"):
        removed(house, bo, kept.id)
    added(house, bo)
    removed(house, bo, kept.id)
    assert len(passkeys.listed(house, bo)) == 1


def test_the_operator_forgets_the_passkeys_of_who_lost_them(house: House, ada: Reader) -> None:
    secret = signed_in(house, added(house, ada))
    assert passkeys.forget_all(house, ada) == 1
    assert (passkeys.listed(house, ada), sessions.find(house, secret)) == ([], None)


def test_who_asks_too_often_or_has_too_many_waits(house: House, ada: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        passkeys.ask_to_sign_in(house, "192.0.2.9/32")
    with pytest.raises(TooMany):
        passkeys.ask_to_sign_in(house, "192.0.2.9/32")
    for _ in range(20):
        passkeys.ask_to_add(house, ada)
    with pytest.raises(TooMany):
        passkeys.ask_to_add(house, ada)
    bo = make_reader(house, "bo")
    added(house, bo)
    monkeypatch.setattr(passkeys, "MOST", 1)
    with pytest.raises(Conflict, match="You have 1"):
        passkeys.ask_to_add(house, bo)


def test_there_are_none_at_an_address_without_a_name(house: House, ada: Reader) -> None:
    local = replace(house, settings=replace(house.settings, public_url=""))
    with pytest.raises(Invalid, match="https address"):
        passkeys.ask_to_add(local, ada)
