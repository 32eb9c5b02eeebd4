"""One click ends everything at once, and as often as somebody clicks (TRUST M4)."""

import pytest
from tests.contracts.store import rows
from tests.flow.subscribing.mailboxes import DAY, called_up, confirmed, later, verify
from tests.readers import make_reader

from broadsheet.errors import NotFound
from broadsheet.flow.belongings.leave import leave
from broadsheet.flow.house import House
from broadsheet.flow.sending.returned import take
from broadsheet.flow.subscribing import due, forgetting, managing, returning_to, tokens, unsubscribing
from broadsheet.flow.subscribing.forgetting import ENDED_KEPT
from broadsheet.flow.subscribing.tokens import Purpose
from broadsheet.model.digest import State
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber
from broadsheet.store.schema_digests import digest_times, digests


def token(house: House, subscriber: Subscriber, purpose: Purpose = "unsubscribe") -> str:
    return tokens.token(tokens.key_of(house), purpose, subscriber.id, subscriber.nonce)


def tag(house: House, subscriber: Subscriber) -> str:
    return returning_to.tag(tokens.key_of(house), "u", subscriber.id, subscriber.nonce)


def by_mail(house: House, told: str) -> str:
    """Have a mail come to the address with a tag."""
    return take(house, f"From: ada@example.org\nTo: back+{told}@house.example\n\n".encode())


def test_the_hundredth_time_does_what_the_first_did(site: House) -> None:
    found, other = confirmed(site, "ada@example.org"), confirmed(site, "bob@example.org")
    told = token(site, found)
    assert unsubscribing.one_click(site, told).state == "ended"
    after = rows(site.store)
    for days in range(99):
        assert unsubscribing.one_click(later(site, days * DAY), told).state == "ended"
    assert rows(site.store) == after
    with site.store.reading() as connection:
        assert [row.subscriber_id for row in connection.execute(digest_times.select())] == [other.id]


def test_nothing_that_waits_is_sent_after_the_click_and_what_is_on_its_way_is_not_denied(site: House) -> None:
    found, other = confirmed(site, "ada@example.org"), confirmed(site, "bob@example.org")
    states: tuple[State, ...] = ("waiting", "taken", "staged", "doubt", "sent")
    for number, state in enumerate(states, start=1):
        due.call_up(later(site, number * DAY))
        with site.store.writing() as connection:
            newest = (
                digests.c.state == "waiting",
                digests.c.due_at > later(site, (number - 1) * DAY).clock().isoformat(),
            )
            connection.execute(digests.update().where(*newest).values(state=state, holder="worker"))
    unsubscribing.one_click(site, token(site, found))
    assert of(site, found) == ["suppressed", "suppressed", "staged", "doubt", "sent"]
    assert of(site, other) == list(states)
    before = of(site, found)
    due.call_up(later(site, 9 * DAY))
    assert of(site, found) == before


def of(house: House, subscriber: Subscriber) -> list[str]:
    with house.store.reading() as connection:
        wanted = digests.select().where(digests.c.subscriber_id == subscriber.id).order_by(digests.c.id)
        return [row.state for row in connection.execute(wanted)]


def test_a_link_goes_on_working_when_the_address_is_forgotten(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    unsubscribing.one_click(site, token(site, found))
    forgetting.forget(later(site, ENDED_KEPT + DAY))
    again = unsubscribing.one_click(site, token(site, found))
    assert (again.state, again.address, again.key) == ("ended", "", "")


def test_looking_at_a_link_changes_nothing(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    told, before = token(site, found), rows(site.store)
    assert unsubscribing.look_at(site, told) == found
    assert rows(site.store) == before


def test_nobody_unsubscribes_another(site: House) -> None:
    ada, bob = confirmed(site, "ada@example.org"), confirmed(site, "bob@example.org")
    key, before = tokens.key_of(site), rows(site.store)
    wrong = [
        token(site, ada, "manage"),
        tokens.token(key, "unsubscribe", ada.id, bob.nonce),
        tokens.token(key, "unsubscribe", 99, ""),
        token(site, ada)[:-1],
        f"{bob.id}.{token(site, ada).partition('.')[2]}",
        tag(site, ada),
    ]
    for told in wrong:
        with pytest.raises(NotFound, match="not valid"):
            unsubscribing.one_click(site, told)
    bad_tags = [
        token(site, ada),
        returning_to.tag(key, "b", ada.id, ada.nonce),
        returning_to.tag(key, "u", ada.id, bob.nonce),
        returning_to.tag(key, "u", 99, ""),
        tag(site, ada)[:-1],
    ]
    for told in bad_tags:
        assert by_mail(site, told) in {"forged", "nothing"}
    assert rows(site.store) == before


def test_a_mail_to_unsubscribe_is_understood_in_any_case_of_letters(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    assert by_mail(site, tag(site, found).upper()) == "unsubscribe"
    assert unsubscribing.look_at(site, token(site, found)).state == "ended"


def test_the_link_of_who_left_for_good_is_worth_nothing(site: House) -> None:
    ada = make_reader(site, "ada")
    verify(site, ada, "ada@example.org")
    told = token(site, confirmed(site, "ada@example.org"))
    leave(site, ada, handle="ada", words="keep")
    with pytest.raises(NotFound, match="gone"):
        unsubscribing.one_click(site, told)


def test_an_end_can_be_undone(site: House) -> None:
    found = confirmed(site, "ada@example.org", Selection("day"))
    ended = unsubscribing.one_click(site, token(site, found))
    managing.resume(site, ended)
    assert unsubscribing.look_at(site, token(site, found)).state == "active"
    assert called_up(site) == ["waiting"]
