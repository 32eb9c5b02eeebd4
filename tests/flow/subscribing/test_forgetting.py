"""Where digests went is not known for longer than it is of use."""

from datetime import timedelta

import pytest
from tests.contracts.store import rows
from tests.filling import filled
from tests.flow.subscribing.mailboxes import DAY, ask, called_up, confirmed, count, later
from tests.readers import make_reader

from broadsheet.errors import Conflict, NotFound
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import managing
from broadsheet.flow.subscribing import signing_up as subscribing
from broadsheet.flow.subscribing.forgetting import ENDED_KEPT, forget
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Times
from broadsheet.store import subscribers
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digests, subscriptions

MOMENT = timedelta(seconds=1)


def test_who_ended_is_forgotten_after_thirty_days_and_counted_on(site: House) -> None:
    ada, bob = confirmed(site, "ada@example.org"), confirmed(site, "bob@example.org")
    called_up(site)
    managing.end(site, ada)
    with pytest.raises(Conflict):
        managing.add(site, ada, Selection("day"), "daily", reader=None)
    assert forget(later(site, ENDED_KEPT))["subscribers"] == 0
    assert forget(later(site, ENDED_KEPT + MOMENT))["subscribers"] == 1
    assert forget(later(site, ENDED_KEPT + MOMENT)) == {"subscribers": 0, "letters": 0, "contents": 0}
    everything = str(rows(site.store))
    assert "ada@" not in everything
    assert "bob@" in everything
    assert (count(site, digests), count(site, subscriptions)) == (2, 1)
    told = managing.path_of(site, ada).rpartition("/")[2]
    with pytest.raises(NotFound, match="forgotten"):
        managing.by_token(site, told)
    with pytest.raises(Conflict):
        managing.resume(site, ada)
    assert managing.by_token(site, managing.path_of(site, bob).rpartition("/")[2]).state == "active"


def test_a_mailbox_that_was_forgotten_begins_as_a_new_one(site: House) -> None:
    ada = confirmed(site, "ada@example.org")
    managing.end(site, ada)
    after = later(site, ENDED_KEPT + DAY)
    forget(after)
    assert confirmed(after, "ada@example.org").id != ada.id


def test_an_address_that_never_says_yes_is_forgotten_with_its_letter(site: House) -> None:
    ask(site, "ada@example.org")
    assert forget(later(site, 7 * DAY - MOMENT))["letters"] == 0
    assert forget(later(site, 7 * DAY))["letters"] == 1
    assert "ada@" not in str(rows(site.store))


def test_what_a_digest_showed_is_forgotten_after_ninety_days_unless_it_is_in_doubt(site: House) -> None:
    ada = confirmed(site, "ada@example.org")
    for number, state in enumerate(("sent", "doubt", "sent"), start=1):
        told = {"id": number, "subscriber_id": ada.id, "kind": "daily", "day": str(number)}
        settled = {"state": state, "content": "it", "settled_at": moment(later(site, number * DAY).clock())}
        with site.store.writing() as connection:
            connection.execute(digests.insert().values(filled(digests, told | settled)))
    spans = (90 * DAY, 91 * DAY, 91 * DAY + MOMENT, 93 * DAY, 94 * DAY, 95 * DAY)
    assert [forget(later(site, span))["contents"] for span in spans] == [0, 0, 1, 0, 1, 0]
    with site.store.reading() as connection:
        assert [row.content for row in connection.execute(digests.select().order_by(digests.c.id))] == ["", "it", ""]


def test_who_is_paused_is_not_forgotten_and_no_secret_of_a_place_outlives_its_end(site: House) -> None:
    ada = make_reader(site, "ada")
    hook = {"url": "https://program.example/papers"}
    found = subscribing.subscribe_place(site, ada, "webhook", hook, Selection("trending"), "daily", Times())
    managing.pause(site, found)
    assert forget(later(site, 400 * DAY))["subscribers"] == 0
    managing.end(site, found)
    assert forget(later(site, ENDED_KEPT + DAY))["subscribers"] == 1
    with site.store.reading() as connection:
        assert subscribers.target_of(connection, found.id) == ""
    assert managing.of_reader(site, ada) == ()
