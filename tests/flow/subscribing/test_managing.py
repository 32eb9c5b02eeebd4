"""Whoever gets digests changes what comes and when, and nobody else does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contracts.store import rows
from tests.flow.subscribing.mailboxes import DAY, TRENDING, called_up, confirmed, count, later, verify
from tests.readers import make_reader

from broadsheet.errors import Conflict, Invalid, NotFound, Refused
from broadsheet.flow.accounts import profile
from broadsheet.flow.belongings.leave import leave
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.subscribing import due, managing, tokens
from broadsheet.flow.subscribing import signing_up as subscribing
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Times
from broadsheet.store import rows_of, subscribers
from broadsheet.store.schema_digests import digest_times, digests, subscriptions
from broadsheet.store.schema_digests import subscribers as table

BY_ANN = Selection("author", "ann-lee")


def test_lists_are_shown_by_their_title_and_page_also_when_they_are_gone(
    site: House, write_papers: Callable[..., Path]
) -> None:
    import_files(site, [write_papers()])
    ada = make_reader(site, "ada")
    verify(site, ada, "ada@example.org")
    labels.make(site, ada, Wanted("To read"))
    found = subscribing.subscribe(site, ada, TRENDING, "daily")
    wanted = [BY_ANN, Selection("category", "cs.LG"), Selection("label", "ada/to-read"), Selection("following")]
    for selection in wanted:
        managing.add(site, found, selection, "now", reader=ada)
    assert [(each.title, each.path) for each in managing.show(site, found).lists] == [
        ("Trending papers", "/trending"),
        ("Papers by Ann Lee", "/authors/ann-lee"),
        ("Papers of cs.LG", "/search?cat=cs.LG&sort=date"),
        ("To read · Ada", "/readers/ada/labels/to-read"),
        ("What you follow", "/following"),
    ]
    labels.delete(site, ada, "to-read")
    lists = managing.show(site, found).lists
    assert [each.is_there for each in lists] == [True, True, True, False, True]
    managing.remove(site, found, lists[3].subscription.id)
    assert len(managing.show(site, found).lists) == 4


def test_a_list_comes_in_another_rhythm_and_the_last_one_ends_all(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    managing.add(site, found, Selection("day"), "daily", reader=None)
    first, second = (each.subscription for each in managing.show(site, found).lists)
    managing.change_rhythm(site, found, first.id, "weekly")
    assert kinds(site) == {"daily", "weekly"}
    managing.remove(site, found, second.id)
    assert kinds(site) == {"weekly"}
    with pytest.raises(Invalid, match="daily or weekly"):
        managing.change_rhythm(site, found, first.id, "now")
    managing.remove(site, found, first.id)
    assert (kinds(site), state(site, found.id)) == (set(), "ended")
    with pytest.raises(Conflict):
        managing.resume(site, found)


def test_one_subscriber_changes_no_list_of_anothers(site: House) -> None:
    ada, bob = confirmed(site, "ada@example.org"), confirmed(site, "bob@example.org")
    number = managing.show(site, bob).lists[0].subscription.id
    for change in (
        lambda: managing.remove(site, ada, number),
        lambda: managing.change_rhythm(site, ada, number, "weekly"),
    ):
        with pytest.raises(NotFound):
            change()
    reader = make_reader(site, "eve")
    with pytest.raises(NotFound):
        managing.one_of(site, reader, bob.id)


def test_who_holds_the_link_alone_adds_no_list_that_is_a_readers_own(site: House) -> None:
    ada = make_reader(site, "ada")
    labels.make(site, ada, Wanted("To read"))
    labels.make(site, ada, Wanted("For all", seen_by="all"))
    found = confirmed(site, "eve@example.org")
    for selection, error in (
        (Selection("following"), Refused),
        (Selection("saved", "tea"), Refused),
        (Selection("label", "ada/to-read"), NotFound),
    ):
        with pytest.raises(error):
            managing.add(site, found, selection, "daily", reader=None)
    with pytest.raises(NotFound):
        managing.add(site, found, Selection("label", "ada/to-read"), "daily", reader=make_reader(site, "eve"))
    managing.add(site, found, Selection("label", "ada/for-all"), "now", reader=None)
    assert len(managing.show(site, found).lists) == 2


def test_digests_come_at_other_times_once_that_is_asked_for(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    before = next_at(site)
    times = Times(zone="Asia/Tokyo", hour="21:00")
    managing.set_times(site, found, times, repeats=True)
    managed = managing.show(site, managing.by_token(site, token(site, found.id)))
    assert (managed.subscriber.times, managed.subscriber.repeats) == (times, True)
    assert next_at(site) != before


def test_what_is_paused_is_called_back_and_comes_again_when_resumed(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    assert called_up(site) == ["waiting"]
    managing.pause(site, found)
    assert (kinds(site), states(site), state(site, found.id)) == (set(), ["suppressed"], "paused")
    assert called_up(site, 2 * DAY) == ["suppressed"]
    managing.resume(later(site, 2 * DAY), found)
    assert called_up(site, 3 * DAY) == ["suppressed", "waiting"]


def test_what_has_ended_can_be_paused_instead_or_begun_again(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    managing.end(site, found)
    managing.pause(site, found)
    assert state(site, found.id) == "paused"
    managing.end(site, found)
    with pytest.raises(Conflict, match="ended"):
        managing.add(site, found, Selection("day"), "daily", reader=None)
    managing.resume(site, found)
    assert (state(site, found.id), kinds(site)) == ("active", {"daily"})


def test_a_link_is_good_for_its_subscriber_and_purpose_alone(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    key = tokens.key_of(site)
    assert managing.by_token(site, token(site, found.id)) == found
    wrong = [
        tokens.token(key, "unsubscribe", found.id, found.nonce),
        tokens.token(key, "manage", found.id, ""),
        tokens.token(key, "manage", found.id + 1, ""),
        tokens.token(bytes(32), "manage", found.id, found.nonce),
        "",
        str(found.id),
    ]
    for told in wrong:
        with pytest.raises(NotFound, match="not valid"):
            managing.by_token(site, told)


def test_looking_changes_nothing(site: House) -> None:
    found = confirmed(site, "ada@example.org")
    before = rows(site.store)
    managing.show(site, managing.by_token(site, token(site, found.id)))
    managing.of_reader(site, make_reader(site, "ada"))
    assert {name: told for name, told in rows(site.store).items() if name != "readers"} == {
        name: told for name, told in before.items() if name != "readers"
    }


def test_an_address_that_is_taken_off_an_account_gets_nothing_any_more(site: House) -> None:
    ada = make_reader(site, "ada")
    for address in ("ada@example.org", "lab@example.org"):
        verify(site, ada, address)
    stays = subscribing.subscribe(site, ada, TRENDING, "daily")
    goes = subscribing.subscribe(site, ada, Selection("following"), "now", address="lab@example.org")
    due.call_up(later(site, DAY))
    profile.remove_address(site, ada, "lab@example.org", session="")
    assert (state(site, stays.id), state(site, goes.id)) == ("active", "ended")
    assert states(site) == ["waiting", "suppressed"]
    assert managing.show(site, goes).lists == ()
    with pytest.raises(Conflict):
        managing.resume(site, goes)
    bob = make_reader(site, "bob")
    verify(site, bob, "lab@example.org")
    again = subscribing.subscribe(site, bob, TRENDING, "daily")
    assert again.id != goes.id
    assert [each.id for each in managing.of_reader(site, bob)] == [again.id]


def test_a_reader_who_leaves_takes_all_that_came_to_them_along(site: House) -> None:
    ada = make_reader(site, "ada")
    known, other = confirmed(site, "ada@example.org"), confirmed(site, "bob@example.org")
    verify(site, ada, "ada@example.org")
    hook = {"url": "https://program.example/papers", "secret": "whsec_" + "A" * 32}
    place = subscribing.subscribe_place(site, ada, "webhook", hook, Selection("following"), "now", Times())
    due.call_up(later(site, DAY))
    with site.store.reading() as connection:
        mine = list(rows_of.mine(connection, ada.id))
    told = {number: row for name, row in mine if name == "subscribers" for number in [row["id"]]}
    assert set(told) == {known.id, place.id}
    assert "whsec" not in str(mine)
    assert sum(name == "subscriptions" for name, _ in mine) == 2
    assert sum(name == "digests" for name, _ in mine) == 2
    leave(site, ada, handle="ada", words="withdraw")
    for each in (table, subscriptions, digests, digest_times):
        assert count(site, each) == 1, each.name
    assert "ada@" not in str(rows(site.store))
    assert state(site, other.id) == "active"


def kinds(house: House) -> set[str]:
    with house.store.reading() as connection:
        return {row.kind for row in connection.execute(digest_times.select())}


def next_at(house: House) -> list[str]:
    with house.store.reading() as connection:
        return [row.next_at for row in connection.execute(digest_times.select())]


def states(house: House) -> list[str]:
    with house.store.reading() as connection:
        return [row.state for row in connection.execute(digests.select().order_by(digests.c.subscriber_id))]


def state(house: House, number: int) -> str:
    with house.store.reading() as connection:
        found = subscribers.by_id(connection, number)
    return found.state if found else "gone"


def token(house: House, number: int) -> str:
    with house.store.reading() as connection:
        found = subscribers.by_id(connection, number)
    assert found
    return tokens.token(tokens.key_of(house), "manage", number, found.nonce)
