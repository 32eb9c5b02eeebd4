"""What a reader gets and where: seen and changed on their own page, and by the secret link in a digest."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from tests.contracts.store import rows
from tests.push.server import listening
from tests.readers import make_reader
from tests.web.conftest import HOST, NOW, Page, Public
from tests.web.subscribing import fields, furnish, press

from broadsheet.flow.accounts import sessions, standing
from broadsheet.flow.subscribing import managing
from broadsheet.flow.subscribing import signing_up as flow
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import WAYS, Times
from broadsheet.net.addresses import Network
from broadsheet.push.pushing import HttpPusher
from broadsheet.site import create_app
from broadsheet.store import addresses, subscribers
from broadsheet.web.csrf import FIELD

SignIn = Callable[..., str]
TRENDING, ANN_LEE = Selection("trending"), Selection("author", "ann-lee")
PLACES = {
    "slack": {"place_url": "https://hooks.slack.com/services/T00000/B00000/SECRETSECRETSECRET"},
    "discord": {"place_url": "https://discord.com/api/webhooks/123456789012345678/" + "SECRET" * 10},
    "telegram": {"place_token": "123456789:SECRETSECRETSECRETSECRETSECRETSECRE", "place_chat": "@papers_here"},
    "mattermost": {"place_url": "https://chat.example.org/hooks/secretsecretsecretsecretse"},
    "matrix": {
        "place_url": "https://matrix.example.org",
        "place_room": "!abcdef:example.org",
        "place_token": "SECRETSECRET",
    },
    "ntfy": {"place_url": "https://ntfy.sh/secretsecret"},
    "webhook": {"place_url": "https://program.example.org/take?key=SECRETSECRET"},
}


@pytest.fixture
def ann(public: Public, sign_in: SignIn) -> tuple[TestClient, Reader]:
    """A reader with two addresses, in a browser where she is signed in."""
    furnish(public.house)
    client, reader = public.client(), make_reader(public.house, "ann")
    sign_in(client, reader)
    with public.house.store.writing() as connection:
        for text in ("ann@example.org", "lee@example.org"):
            addresses.insert(connection, addresses.Address(text, reader.id, text, NOW))
    return client, reader


def states(public: Public, reader: Reader) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Give for each place of a reader's its state, and the lists that come there with their rhythms."""
    shown = (managing.show(public.house, each) for each in managing.of_reader(public.house, reader))
    return {
        each.subscriber.address: (each.subscriber.state, [(one.title, one.subscription.rhythm) for one in each.lists])
        for each in shown
    }


def test_a_reader_gets_a_list_at_an_address_of_theirs_at_once(public: Public, ann: tuple[TestClient, Reader]) -> None:
    client, reader = ann
    shown = Page(client.get("/subscribe?list=/authors/ann-lee").text)
    assert [each.get("value", "") for each in shown.all("input", type="email")] == []
    status, leads_to, _ = press(
        client, "/subscribe?list=/authors/ann-lee", "/subscriptions", email="lee@example.org", rhythm="now"
    )
    assert (status, leads_to) == (303, "/subscriptions?done=subscribed#place-1")
    assert states(public, reader) == {"lee@example.org": ("active", [("Papers by Ann Lee", "now")])}
    assert "Subscribed." in Page(client.get(leads_to).text).text


def test_the_times_of_a_place_stay_as_they_are_when_one_more_list_comes_there(
    public: Public, ann: tuple[TestClient, Reader]
) -> None:
    client, reader = ann
    times = Times(zone="Europe/Berlin", hour="06:30", weekday=4, quiet_from="22:00", quiet_until="07:00")
    flow.subscribe(public.house, reader, ANN_LEE, "daily", Times(hour="18:00"), address="lee@example.org")
    flow.subscribe(public.house, reader, ANN_LEE, "daily", times, address="ann@example.org")
    assert press(client, "/subscribe?list=/trending", "/subscriptions")[0] == 303
    assert [each.times for each in managing.of_reader(public.house, reader)] == [Times(hour="18:00"), times]


def test_an_address_of_anothers_gets_nothing(public: Public, ann: tuple[TestClient, Reader]) -> None:
    client, reader = ann
    status, _, html = press(client, "/subscribe?list=/", "/subscriptions", email="bob@example.org")
    assert (status, "no address of yours" in Page(html).text) == (400, True)
    assert states(public, reader) == {}


def test_a_reader_without_an_address_is_led_to_where_one_is_added(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    sign_in(client, make_reader(public.house, "bob"))
    assert "/account#addresses" in Page(client.get("/subscribe").text).links()


@pytest.mark.parametrize("way", [way for way in WAYS if way != "mail"])
def test_a_chat_or_program_gets_lists_and_its_secrets_are_shown_to_nobody(
    public: Public, ann: tuple[TestClient, Reader], way: str
) -> None:
    client, reader = ann
    url = f"/subscribe?list=/trending&way={way}"
    assert press(client, url, "/subscriptions", **PLACES[way])[0] == 303
    [(address, told)] = states(public, reader).items()
    assert told == ("active", [("Trending papers", "daily")])
    again = f"/subscribe?list=/authors/ann-lee&way={way}"
    assert press(client, again, "/subscriptions")[0] == 303
    both = [*told[1], ("Papers by Ann Lee", "daily")]
    assert states(public, reader) == {address: ("active", both)}
    for page in ("/subscriptions", url, again):
        assert "SECRETSECRET" not in client.get(page).text.upper()


def test_a_place_that_is_none_is_told_so_and_what_is_no_secret_stays(ann: tuple[TestClient, Reader]) -> None:
    client, _ = ann
    url = "/subscribe?list=/trending&way=matrix"
    typed = PLACES["matrix"] | {"place_url": "https://matrix.example.org", "place_room": "no room"}
    status, _, html = press(client, url, "/subscriptions", **typed)
    sent = fields(html, "/subscriptions")
    assert status == 400
    assert {name: sent[name] for name in typed} == typed | {"place_token": ""}
    [wrong] = [each["name"] for each in Page(html).all("input") if each.get("aria-invalid")]
    assert wrong == "place_room"


def test_all_that_a_place_gets_is_changed_with_its_own_forms(public: Public, ann: tuple[TestClient, Reader]) -> None:
    client, reader = ann
    for selection in (TRENDING, ANN_LEE):
        flow.subscribe(public.house, reader, selection, "daily")

    def do(act: str, **typed: str) -> str:
        return press(client, "/subscriptions", f"/account/places/1/{act}", **typed)[1]

    assert do("times", zone="Asia/Tokyo", hour="06:00", weekday="4") == "/subscriptions?done=times#place-1"
    assert do("rhythm", subscription="2", rhythm="now")
    assert states(public, reader)["ann@example.org"][1] == [("Trending papers", "daily"), ("Papers by Ann Lee", "now")]
    assert do("remove", subscription="1")
    assert do("pause")
    assert "Paused: nothing is sent" in Page(client.get("/subscriptions").text).text
    assert do("resume")
    [kept] = managing.of_reader(public.house, reader)
    assert (kept.times, kept.repeats) == (Times(zone="Asia/Tokyo", hour="06:00", weekday=4), False)
    assert do("end")
    assert states(public, reader) == {"ann@example.org": ("ended", [("Papers by Ann Lee", "now")])}
    assert do("resume")
    assert states(public, reader)["ann@example.org"][0] == "active"


def test_the_same_paper_comes_again_only_if_somebody_unticks_that(
    public: Public, ann: tuple[TestClient, Reader]
) -> None:
    client, reader = ann
    flow.subscribe(public.house, reader, TRENDING, "daily")
    sent = fields(client.get("/subscriptions").text, "/account/places/1/times")
    assert sent.pop("once") == "1"
    client.post("/account/places/1/times", data=sent)
    assert [each.repeats for each in managing.of_reader(public.house, reader)] == [True]
    assert "once" not in fields(client.get("/subscriptions").text, "/account/places/1/times")


def test_times_that_cannot_be_read_are_given_back(public: Public, ann: tuple[TestClient, Reader]) -> None:
    client, reader = ann
    flow.subscribe(public.house, reader, TRENDING, "daily")
    act = "/account/places/1/times"
    status, _, html = press(client, "/subscriptions", act, hour="half past", zone="Asia/Tokyo")
    sent = fields(html, act)
    assert (status, sent["hour"], sent["zone"]) == (400, "half past", "Asia/Tokyo")
    assert client.post(act, data=sent | {"hour": "6"}).status_code == 303
    assert [each.times.hour for each in managing.of_reader(public.house, reader)] == ["06:00"]


def test_nobody_touches_a_place_of_anothers(public: Public, ann: tuple[TestClient, Reader], sign_in: SignIn) -> None:
    flow.subscribe(public.house, ann[1], TRENDING, "daily")
    other, before = public.client(), rows(public.house.store)["subscribers"]
    token = sign_in(other, make_reader(public.house, "bob"))
    for act in ("times", "pause", "end", "remove", "rhythm", "try", "secret"):
        assert other.post(f"/account/places/1/{act}", data={FIELD: token, "subscription": "1"}).status_code == 404
    assert other.post("/subscriptions", data={FIELD: token, "list": "/", "to": "1"}).status_code == 404
    assert rows(public.house.store)["subscribers"] == before


def test_a_suspended_reader_ends_what_comes_and_adds_nothing(public: Public, ann: tuple[TestClient, Reader]) -> None:
    client, reader = ann
    flow.subscribe(public.house, reader, TRENDING, "daily")
    standing.suspend(public.house, reader, until=NOW.replace(year=2030), why="It rained.")
    page = client.get("/subscribe?list=/authors/ann-lee")
    assert "nothing new can be subscribed to" in Page(page.text).text
    token = fields(client.get("/subscriptions").text, "/account/places/1/end")[FIELD]
    assert client.post("/subscriptions", data={FIELD: token, "list": "/"}).status_code == 403
    assert client.post("/account/places/1/end", data={FIELD: token}).status_code == 303
    assert states(public, reader)["ann@example.org"][0] == "ended"


def test_whoever_gets_nothing_is_told_where_to_begin(ann: tuple[TestClient, Reader]) -> None:
    page = Page(ann[0].get("/subscriptions").text)
    assert "Nothing comes to you yet" in page.text
    assert "/subscribe?list=/trending" in page.links()


def test_the_link_in_a_digest_changes_one_place_without_signing_in(
    public: Public, ann: tuple[TestClient, Reader]
) -> None:
    _, reader = ann
    mine = flow.subscribe(public.house, reader, TRENDING, "daily")
    url, stranger = managing.path_of(public.house, mine), public.client()

    def do(act: str, **typed: str) -> int:
        return press(stranger, url, f"{url}/{act}", **typed)[0]

    assert do("times", hour="09:00") == do("add", list="https://papers.example/authors/ann-lee", rhythm="now") == 303
    assert do("rhythm", rhythm="weekly") == 303
    expected = [("Trending papers", "weekly"), ("Papers by Ann Lee", "now")]
    assert states(public, reader) == {"ann@example.org": ("active", expected)}
    assert do("remove") == do("pause") == do("resume") == do("end") == 303
    assert states(public, reader) == {"ann@example.org": ("ended", [("Papers by Ann Lee", "now")])}
    assert not stranger.cookies
    assert stranger.get("/subscriptions").status_code == 303


def test_a_list_that_is_none_is_given_back_to_who_came_by_link(public: Public, ann: tuple[TestClient, Reader]) -> None:
    mine = flow.subscribe(public.house, ann[1], TRENDING, "daily")
    url = managing.path_of(public.house, mine)
    for told, status in (("/nope", 400), ("/papers/2603.00001", 400), ("/following", 403)):
        answer = press(public.client(), url, f"{url}/add", list=told)
        assert (answer[0], fields(answer[2], f"{url}/add")["list"]) == (status, told)


SPOILT: dict[str, Callable[[str], str]] = {
    "cut": lambda secret: secret[:-1],
    "longer": lambda secret: f"{secret}A",
    "another's": lambda secret: f"2{secret[1:]}",
    "a number": lambda _: "1",
    "lower case": str.lower,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_link_that_is_not_whole_opens_nothing(
    public: Public, ann: tuple[TestClient, Reader], spoil: Callable[[str], str]
) -> None:
    mine = flow.subscribe(public.house, ann[1], TRENDING, "daily")
    secret = spoil(managing.path_of(public.house, mine).rpartition("/")[2])
    before = rows(public.house.store)
    assert public.client().get(f"/subscriptions/{secret}").status_code == 404
    assert public.client().post(f"/subscriptions/{secret}/end").status_code == 404
    assert rows(public.house.store) == before


def test_a_webhooks_signing_secret_is_shown_to_who_signed_in_just_now(
    public: Public, ann: tuple[TestClient, Reader]
) -> None:
    client, reader = ann
    flow.subscribe_place(public.house, reader, "webhook", {"url": "https://x.example/y"}, TRENDING, "daily", Times())
    first = Page(client.get("/subscriptions").text).text
    assert first.count("whsec_") == 1
    assert press(client, "/subscriptions", "/account/places/1/secret")[0] == 303
    assert first.partition("whsec_")[2][:20] not in client.get("/subscriptions").text
    client.app.state.house = replace(public.house, clock=lambda: NOW.replace(hour=20))  # type: ignore[attr-defined]
    assert "whsec_" not in client.get("/subscriptions").text


def test_a_place_is_tried_out_by_a_message(public: Public, ann: tuple[TestClient, Reader]) -> None:
    _, reader = ann
    with listening() as server:
        house = replace(public.house, pusher=HttpPusher(network=Network(allow_private=True)))
        flow.subscribe_place(house, reader, "webhook", {"url": server.url}, TRENDING, "daily", Times())
        with TestClient(create_app(house), base_url=f"https://{HOST}", follow_redirects=False) as client:
            secret = sessions.begin(house, reader, "link", sessions.Browser("A browser", "192.0.2.0/24"))
            client.cookies.set("__Host-broadsheet", secret, domain=HOST)
            status, leads_to, _ = press(client, "/subscriptions", "/account/places/1/try")
        assert (status, leads_to) == (303, "/subscriptions?done=try#place-1")
        assert len(server.heard) == 1


def test_a_place_that_the_house_stopped_says_why(public: Public, ann: tuple[TestClient, Reader]) -> None:
    client, reader = ann
    mine = flow.subscribe(public.house, reader, TRENDING, "daily")
    with public.house.store.writing() as connection:
        subscribers.place(connection, mine.id, "suspended", why="Nothing arrives there.", at=NOW)
    assert "Stopped by us: Nothing arrives there." in Page(client.get("/subscriptions").text).text
