"""Chats and programs can be tried out, and webhooks get a new signing secret."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.flow.subscribing.mailboxes import TRENDING, confirmed
from tests.push.server import Listener, listening
from tests.readers import make_reader

from broadsheet.errors import Conflict, Invalid, TooMany, Unavailable
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import managing, places
from broadsheet.flow.subscribing import signing_up as subscribing
from broadsheet.model.subscription import Subscriber, Times
from broadsheet.net.addresses import Network
from broadsheet.push.pushing import HttpPusher
from broadsheet.push.targets import kept_target
from broadsheet.store import subscribers


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as server:
        yield server


def subscribed(house: House, url: str) -> Subscriber:
    ada = make_reader(house, "ada")
    return subscribing.subscribe_place(house, ada, "webhook", {"url": url}, TRENDING, "daily", Times())


def test_a_place_is_tried_out_with_a_message_that_says_what_it_is(site: House, listener: Listener) -> None:
    here = replace(site, pusher=HttpPusher(network=Network(allow_private=True), clock=site.clock))
    found = subscribed(here, listener.url)
    assert listener.heard == []
    for _ in range(5):
        places.try_out(here, found)
    [(kind, told), *_] = listener.heard
    assert (kind, told["type"], len(listener.heard)) == ("application/json", "digest.test", 5)
    assert "subscribed" in told["data"]["why"]
    with pytest.raises(TooMany):
        places.try_out(here, found)
    assert len(listener.heard) == 5


def test_what_cannot_be_tried_out_says_why(site: House) -> None:
    found = subscribed(site, "https://127.0.0.1:1/hook")
    with pytest.raises(Invalid, match="not on the public internet"):
        places.try_out(site, found)
    with pytest.raises(Unavailable):
        places.try_out(replace(site, pusher=None), found)
    with pytest.raises(Invalid, match="mailbox"):
        places.try_out(site, confirmed(site, "bob@example.org"))
    managing.end(site, found)
    with pytest.raises(Conflict):
        places.try_out(site, found)


def test_a_new_secret_signs_beside_the_one_before(site: House) -> None:
    found = subscribed(site, "https://program.example/papers")
    first = places.signing_secret(site, found)
    second = places.renew_secret(site, found)
    assert second == places.signing_secret(site, found) != first
    with site.store.reading() as connection:
        target = kept_target("webhook", subscribers.target_of(connection, found.id))
    assert target.fields["secret"].split() == [second, first]
    assert target.key == found.key


def test_only_webhooks_have_a_signing_secret(site: House) -> None:
    ada = make_reader(site, "ada")
    fields = {"url": "https://ntfy.example/topic"}
    found = subscribing.subscribe_place(site, ada, "ntfy", fields, TRENDING, "daily", Times())
    with pytest.raises(Invalid, match="Only webhooks"):
        places.signing_secret(site, found)
    with pytest.raises(Invalid, match="Only webhooks"):
        places.renew_secret(site, found)
