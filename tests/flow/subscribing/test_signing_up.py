"""Nobody gets digests who did not say so from the mailbox they go to (TRUST M7)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.contracts.store import rows
from tests.flow.subscribing.mailboxes import (
    DAY,
    TRENDING,
    ask,
    called_up,
    confirmed,
    count,
    later,
    mails,
    secret_in,
    verify,
)
from tests.readers import make_reader

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.errors import Conflict, Invalid, NotFound, Refused, TooMany
from broadsheet.flow.accounts import invitations, joining, letters, sign_in
from broadsheet.flow.accounts.sessions import Browser
from broadsheet.flow.house import House
from broadsheet.flow.moderating import readers as moderating
from broadsheet.flow.subscribing import enrolling, managing, served
from broadsheet.flow.subscribing import signing_up as subscribing
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Times
from broadsheet.push.targets import kept_target
from broadsheet.settings import Settings
from broadsheet.store import readers, returns, subscribers, subscriptions
from broadsheet.store.returns import Returned
from broadsheet.store.schema_digests import digests
from broadsheet.store.schema_digests import subscribers as table

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BERLIN = Times(zone="Europe/Berlin", hour="06:30", weekday=4, quiet_from="22:00", quiet_until="07:00")
BROWSER = Browser("A browser", "192.0.2.0/24")
HOOK = {"url": "https://program.example/papers"}


def test_no_digest_is_made_for_an_address_that_nobody_confirmed(site: House) -> None:
    for number in range(20):
        ask(site, f"reader-{number}@example.org")
    assert len(mails(site)) == 20
    assert (count(site, table), called_up(site), called_up(site, 3 * DAY)) == (0, [], [])
    confirmed(site, "ada@example.org")
    assert called_up(site) == ["waiting"]


def test_a_letter_brought_back_subscribes_its_mailbox_to_what_was_asked(site: House) -> None:
    subscribing.ask(site, read_mail_address("Ada@Example.org"), TRENDING, "weekly", BERLIN)
    secret = secret_in(str(mails(site)[0].get_content()))
    before = rows(site.store)
    asked = subscribing.asked_by(letters.look_at(site, secret))
    assert asked == subscribing.Asked("Ada@example.org", TRENDING, "weekly", BERLIN)
    assert rows(site.store) == before
    found = subscribing.confirm(site, secret)
    assert (found.address, found.key) == ("Ada@example.org", "ada@example.org")
    assert (found.state, found.times, found.reader_id) == ("active", BERLIN, None)
    assert [(each.subscription.selection, each.subscription.rhythm) for each in managing.show(site, found).lists] == [
        (TRENDING, "weekly")
    ]
    with pytest.raises(NotFound):
        subscribing.confirm(site, secret)


def test_a_letter_is_good_for_seven_days(site: House) -> None:
    secrets = [secret_in(ask(site, f"{name}@example.org")) for name in ("ada", "bob")]
    assert subscribing.confirm(later(site, 7 * DAY - MINUTE), secrets[0]).state == "active"
    with pytest.raises(NotFound):
        subscribing.confirm(later(site, 7 * DAY), secrets[1])


def test_a_letter_for_one_thing_is_good_for_no_other(site: House) -> None:
    ada = make_reader(site, "ada")
    verify(site, ada, "ada@example.org")
    secret = secret_in(ask(site, "ada@example.org"))
    with pytest.raises(NotFound):
        sign_in.open_letter(site, secret, BROWSER)
    sign_in.ask(site, read_mail_address("ada@example.org"), "/")
    for mail in mails(site):
        if "sign in" in mail.get_content():
            with pytest.raises(NotFound):
                subscribing.confirm(site, secret_in(mail.get_content()))
    assert count(site, table) == 0


def test_a_mailbox_gets_three_letters_a_day_at_most_whoever_asks(site: House) -> None:
    taken = [hours for hours in range(10 * 24) if ask(later(site, hours * HOUR), "ada@example.org")]
    assert most_within(taken, 24) == 3
    assert len(taken) == 3 + 9
    assert ask(later(site, HOUR), "bob@example.org")


def test_a_mailbox_is_one_whatever_stands_after_a_plus(site: House) -> None:
    assert sum(bool(ask(site, f"ada+{number}@example.org")) for number in range(9)) == 3
    assert not ask(site, "Ada@example.org")
    assert not ask(site, "a.d.a@example.org")


def test_quiet_hours_hold_where_a_form_does_not_ask_for_them(site: House) -> None:
    secret = secret_in(ask(site, "ada@example.org", Selection("search", query=Query(text="tea")), "now", BERLIN))
    known = subscribing.confirm(site, secret)
    subscribing.confirm(site, secret_in(ask(site, "ada@example.org", TRENDING, "daily", Times(zone="Asia/Tokyo"))))
    times = managing.by_token(site, managing.path_of(site, known).rpartition("/")[2]).times
    assert times == Times(zone="Asia/Tokyo", quiet_from="22:00", quiet_until="07:00")


def test_a_network_asks_twenty_times_an_hour_at_most(site: House) -> None:
    taken = []
    for minute in range(5 * 60):
        try:
            subscribing.count_asking(later(site, minute * MINUTE), "192.0.2.0/24")
        except TooMany:
            continue
        taken.append(minute)
    assert 19 <= most_within(taken, 60) <= 20
    subscribing.count_asking(site, "198.51.100.0/24")


def most_within(taken: Sequence[int], span: int) -> int:
    return max(sum(start <= each < start + span for each in taken) for start in taken)


def test_who_gets_digests_already_is_told_so_in_their_mailbox_alone(site: House) -> None:
    known = confirmed(site, "ada@example.org")
    mine = ask(site, "ADA@example.org", Selection("day"))
    stranger = ask(site, "bob@example.org", Selection("day"))
    path = managing.path_of(site, known)
    assert path in mine
    assert "already" not in stranger
    assert managing.by_token(site, path.rpartition("/")[2]) == known
    assert subscribing.confirm(site, secret_in(mine)).id == known.id
    assert [each.title for each in managing.show(site, known).lists] == ["Trending papers", "Papers of the day"]


def test_what_a_stranger_typed_is_mailed_to_nobody(site: House) -> None:
    words = "Buy tea at https://spam.example"
    text = ask(site, "ada@example.org", Selection("search", query=Query(text=words)))
    everything = text + "".join(f"{name}: {value}" for mail in mails(site) for name, value in mail.items())
    assert "a search" in text
    assert not any(word in everything for word in ("tea", "spam", "Buy"))
    found = subscribing.confirm(site, secret_in(text))
    assert managing.show(site, found).lists[0].title == f"Search: {words}"


@pytest.mark.parametrize("times", [None, BERLIN])
def test_a_reader_subscribes_an_address_of_theirs_at_once(site: House, times: Times | None) -> None:
    ada = make_reader(site, "ada")
    verify(site, ada, "ada@example.org")
    verify(site, ada, "lab@example.org")
    first = subscribing.subscribe(site, ada, TRENDING, "daily", times)
    second = subscribing.subscribe(site, ada, Selection("following"), "now", times, address="LAB@example.org")
    assert (first.address, second.address, mails(site)) == ("ada@example.org", "lab@example.org", [])
    assert {each.state for each in managing.of_reader(site, ada)} == {"active"}
    assert first.times == (times or Times())
    assert called_up(site)


def test_a_reader_subscribes_no_address_of_anybody_elses(site: House) -> None:
    ada, bob = make_reader(site, "ada"), make_reader(site, "bob")
    verify(site, bob, "bob@example.org")
    for address in (None, "bob@example.org", "eve@example.org"):
        with pytest.raises(Invalid, match="no address of yours"):
            subscribing.subscribe(site, ada, TRENDING, "daily", address=address)
    assert count(site, table) == 0


def test_at_the_machine_any_address_will_do(site: House) -> None:
    at_home = replace(site, settings=Settings(home=site.settings.home))
    owner = make_reader(site, "owner", role="admin")
    found = subscribing.subscribe(at_home, owner, TRENDING, "daily", address="me@example.org")
    assert (found.state, found.reader_id) == ("active", owner.id)
    with pytest.raises(Invalid):
        subscribing.subscribe(at_home, owner, TRENDING, "daily")


def test_a_reader_adopts_what_came_to_their_address_before_they_had_an_account(site: House) -> None:
    known = confirmed(site, "ada@example.org")
    ada = make_reader(site, "ada")
    assert managing.of_reader(site, ada) == ()
    verify(site, ada, "ada@example.org")
    assert [each.id for each in managing.of_reader(site, ada)] == [known.id]
    found = subscribing.subscribe(site, ada, Selection("following"), "daily")
    assert (found.id, found.reader_id) == (known.id, ada.id)
    assert len(managing.show(site, found).lists) == 2


def test_who_joins_with_the_address_that_digests_go_to_finds_them_in_their_account(site: House) -> None:
    known = confirmed(site, "ada@example.org")
    invitation = invitations.invite(site, make_reader(site, "mo", role="moderator"), typed="ada@example.org")
    made = joining.join(site, invitation.rpartition("/")[2], "ada", "Ada", BROWSER).reader
    assert [each.id for each in managing.of_reader(site, made)] == [known.id]


def test_what_an_address_of_a_reader_says_yes_to_is_theirs(site: House) -> None:
    ada = make_reader(site, "ada")
    verify(site, ada, "ada@example.org")
    assert confirmed(site, "ada@example.org").reader_id == ada.id


def test_who_ended_and_begins_anew_gets_what_they_ask_for_now(site: House) -> None:
    known = confirmed(site, "ada@example.org", Selection("day"))
    managing.end(site, known)
    again = confirmed(site, "ada@example.org")
    assert (again.id, again.nonce, again.state) == (known.id, known.nonce, "active")
    assert [each.title for each in managing.show(site, again).lists] == ["Trending papers"]


def test_what_was_paused_or_suspended_goes_on_when_its_mailbox_says_yes_again(site: House) -> None:
    known = confirmed(site, "ada@example.org")
    with site.store.writing() as connection:
        subscribers.place(connection, known.id, "suspended", why="Mail came back.", at=site.clock())
    again = confirmed(site, "ada@example.org", Selection("day"))
    assert (again.id, again.state, again.why) == (known.id, "active", "")
    assert called_up(site) == ["waiting"]


def test_a_mailbox_that_called_a_digest_spam_gets_no_letter_whoever_asks(site: House) -> None:
    known = confirmed(site, "ada@example.org")
    with site.store.writing() as connection:
        came_back = Returned(0, known.id, None, "complaint", "abuse", site.clock())
        returns.keep(connection, came_back, "hash")
        subscribers.place(connection, known.id, "suspended", why="", at=site.clock())
    assert ask(site, "ada@example.org") == ""
    for ended in (managing.pause, managing.end):
        ended(site, known)
        assert ask(site, "ada@example.org") == ""
    managing.resume(site, known)
    assert ask(site, "ada@example.org")


def test_a_place_gets_fifty_lists_and_a_reader_has_twenty_places_at_most(site: House) -> None:
    ada = make_reader(site, "ada")
    verify(site, ada, "ada@example.org")
    found = subscribing.subscribe(site, ada, TRENDING, "daily")
    with site.store.writing() as connection:
        for number in range(1, enrolling.MOST_SUBSCRIPTIONS):
            subscriptions.put(connection, found.id, Selection("author", f"a-{number}"), "daily", at=site.clock())
    managing.add(site, found, TRENDING, "weekly", reader=ada)
    with pytest.raises(Conflict, match="50"):
        managing.add(site, found, Selection("day"), "daily", reader=ada)
    for number in range(1, enrolling.MOST_SUBSCRIBERS):
        url = f"https://program.example/{number}"
        subscribing.subscribe_place(site, ada, "webhook", {"url": url}, TRENDING, "daily", Times())
    with pytest.raises(Conflict, match="20"):
        subscribing.subscribe_place(site, ada, "webhook", HOOK, TRENDING, "daily", Times())
    managing.end(site, found)
    subscribing.subscribe_place(site, ada, "webhook", HOOK, TRENDING, "daily", Times())
    with pytest.raises(TooMany):
        subscribing.subscribe_place(site, ada, "webhook", HOOK, TRENDING, "daily", Times())
    with pytest.raises(Conflict, match="20"):
        managing.resume(site, found)


def test_a_suspended_reader_gets_nothing_until_they_are_let_back(site: House) -> None:
    ada, mo = make_reader(site, "ada"), make_reader(site, "mo", role="moderator")
    verify(site, ada, "ada@example.org")
    mine, others = subscribing.subscribe(site, ada, TRENDING, "daily"), confirmed(site, "bob@example.org")
    assert silent(site, site.clock()) == {}
    moderating.suspend(site, mo, "ada", "Too loud.", days=2)
    assert silent(site, site.clock()) == {mine.id: "Their account is suspended."}
    assert silent(site, site.clock() + 2 * DAY) == {}
    with site.store.reading() as connection:
        reader = readers.by_id(connection, ada.id)
    assert reader is not None
    with pytest.raises(Refused, match="suspended"):
        subscribing.subscribe(site, reader, Selection("day"), "daily")
    moderating.reinstate(site, mo, "ada", "Quiet again.")
    assert silent(site, site.clock()) == {}
    managing.pause(site, others)
    assert silent(site, site.clock()) == {others.id: "They paused it."}


def silent(house: House, at: datetime) -> dict[int, str]:
    with house.store.reading() as connection:
        ids = [row.id for row in connection.execute(table.select())]
        return served.why_not(connection, subscribers.by_ids(connection, ids).values(), at)


def test_a_place_keeps_its_secrets_to_itself_and_its_signature_until_another_is_given(site: House) -> None:
    ada = make_reader(site, "ada")

    def put(selection: Selection, **fields: str) -> tuple[int, str]:
        found = subscribing.subscribe_place(site, ada, "webhook", HOOK | fields, selection, "daily", Times())
        with site.store.reading() as connection:
            target = kept_target("webhook", subscribers.target_of(connection, found.id))
        assert target.fields["secret"] not in str(found)
        return found.id, target.fields["secret"]

    first = put(TRENDING)
    assert put(Selection("day")) == first
    given = "whsec_" + "A" * 32
    assert put(Selection("day"), secret=given) == (first[0], given)
    with pytest.raises(Invalid):
        put(TRENDING, url="ftp://program.example")


def test_a_place_of_one_readers_may_be_anothers_too(site: House) -> None:
    ada, bob = make_reader(site, "ada"), make_reader(site, "bob")
    found = [
        subscribing.subscribe_place(site, reader, "webhook", HOOK, TRENDING, "daily", Times()) for reader in (ada, bob)
    ]
    assert found[0].key == found[1].key
    assert [each.reader_id for each in found] == [ada.id, bob.id]


def test_asking_in_vain_mails_nothing_and_fails_for_nobody(site: House) -> None:
    assert ask(site, "ada@example.org", Selection("following")) == ""
    assert (mails(site), count(site, digests)) == ([], 0)
