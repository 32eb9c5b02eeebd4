"""What stores must do with ceremonies, passkeys and accounts elsewhere; ``tests/store`` runs this on each database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.papers import AT, house_around
from tests.readers import make_reader

from broadsheet.errors import BroadsheetError
from broadsheet.model.reader import Reader
from broadsheet.store import ceremonies, identities, passkeys
from broadsheet.store.ceremonies import Ceremony
from broadsheet.store.connect import Store
from broadsheet.store.identities import Linked
from broadsheet.store.passkeys import Kept

SOON = AT + timedelta(minutes=15)
BEGUN = Ceremony("0a", "passkey", SOON, None, {"challenge": "ä\x7f☃"})
ISSUER = "https://id.example"


class WaysInContract:
    """Each test gets an empty store as ``store``."""

    @pytest.fixture
    def ann(self, store: Store) -> Reader:
        return make_reader(house_around(store), "ann")

    def test_a_ceremony_is_taken_once_in_time_and_as_what_it_is(self, store: Store, ann: Reader) -> None:
        mine = replace(BEGUN, hash="0b", kind="provider", reader_id=ann.id)
        with store.writing() as connection:
            for each in (BEGUN, mine):
                ceremonies.insert(connection, each)
            assert ceremonies.by_hash(connection, "0a", "passkey", AT) == BEGUN
            assert ceremonies.take(connection, "0a", "provider", AT) is None
            assert ceremonies.take(connection, "0a", "passkey", SOON) is None
            assert ceremonies.take(connection, "0a", "passkey", AT) == BEGUN
            assert ceremonies.take(connection, "0a", "passkey", AT) is None
            assert ceremonies.by_hash(connection, "0b", "provider", AT) == mine
            assert (ceremonies.sweep(connection, AT), ceremonies.sweep(connection, SOON)) == (0, 1)

    def test_a_passkey_comes_back_as_it_was_and_as_it_was_used(self, store: Store, ann: Reader) -> None:
        bo = make_reader(house_around(store), "bo")
        key = Kept("AA", ann.id, b"\0handle\xff", b"\0public\xff", 2**32 - 1, ("hybrid", "usb"), "Läptop", AT)
        with store.writing() as connection:
            passkeys.insert(connection, key)
            passkeys.insert(connection, replace(key, id="AB", transports=()))
            assert passkeys.by_id(connection, "AA") == key
            assert passkeys.by_id(connection, "AC") is None
            assert [each.id for each in passkeys.of_reader(connection, ann.id)] == ["AA", "AB"]
            passkeys.used(connection, "AA", 7, SOON)
            assert passkeys.by_id(connection, "AA") == replace(key, sign_count=7, used_at=SOON)
            assert passkeys.rename(connection, ann.id, "AB", "Phone")
            assert not passkeys.rename(connection, bo.id, "AB", "Mine")
            assert passkeys.remove(connection, bo.id, "AB") == 0
            assert passkeys.remove(connection, ann.id, "AB") == 1
            assert (passkeys.count(connection, ann.id), passkeys.remove(connection, ann.id)) == (1, 1)

    def test_an_account_elsewhere_is_one_readers(self, store: Store, ann: Reader) -> None:
        bo = make_reader(house_around(store), "bo")
        linked = Linked(ISSUER, "1", ann.id, "Ann ☃", AT)
        with store.writing() as connection:
            identities.insert(connection, linked)
            identities.insert(connection, replace(linked, issuer="https://other.example"))
            assert identities.owner_of(connection, ISSUER, "1") == ann.id
            assert identities.owner_of(connection, ISSUER, "2") is None
            assert identities.of_reader(connection, ann.id)[0] == linked
            counts = [
                identities.count(connection, ann.id, issuers) for issuers in ([], [ISSUER], ["https://x.example"])
            ]
            assert counts == [0, 1, 0]
            assert not identities.remove(connection, bo.id, ISSUER, "1")
        with pytest.raises(BroadsheetError), store.writing() as connection:
            identities.insert(connection, replace(linked, reader_id=bo.id))
        with store.writing() as connection:
            assert identities.remove(connection, ann.id, ISSUER, "1")
            assert len(identities.of_reader(connection, ann.id)) == 1
