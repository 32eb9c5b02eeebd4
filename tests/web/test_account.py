"""One's account: name, addresses, sessions, tokens, invitations, and joining by one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.contracts.store import rows
from tests.readers import add_passkey, make_reader
from tests.web.conftest import NOW, PUBLIC, Page, Public
from tests.web.owner import browser
from tests.web.test_sign_in import form, links, mails, with_address

from broadsheet.entrance.visitor import COOKIE
from broadsheet.errors import Conflict, Refused
from broadsheet.flow.accounts import invitations, sessions, standing, tokens
from broadsheet.flow.house import House
from broadsheet.model.account import FRESH
from broadsheet.store import addresses
from broadsheet.web.csrf import FIELD

SignIn = Callable[..., str]


def later(public: Public, **span: float) -> None:
    """Let time pass for the application."""
    public.app.state.house = replace(public.house, clock=lambda: NOW + timedelta(**span))


def made_token(client: TestClient, token: str, **more: object) -> str:
    """Make a token on the account page and read it off."""
    told = {"name": "A program", "scope": ["read", "write"], "days": "30", FIELD: token}
    answer = client.post("/account/tokens", data=told | more)
    assert answer.status_code == 200, answer.text
    return answer.text.partition("<pre>")[2].partition("</pre>")[0]


def test_a_reader_says_who_they_are(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    token = sign_in(client, with_address(public.house))
    told = {"name": " Ada\n Lovelace\x07 ", "about": "One.\r\n<b>Two.</b>", FIELD: token}
    assert client.post("/account", data=told).headers["location"] == "/account#profile"
    page = Page(client.get("/account").text)
    assert page.all("input", name="name")[0]["value"] == "Ada Lovelace"
    assert "<b>Two.</b>" in page.text
    for wrong in ({"name": " "}, {"name": "x" * 81}, {"name": "Ada", "about": "x" * 501}):
        assert client.post("/account", data=wrong | {FIELD: token}).status_code == 400


def test_another_address_is_added_by_who_reads_its_mail(public: Public, sign_in: SignIn) -> None:
    client, ada = public.client(), with_address(public.house)
    token = sign_in(client, ada)
    client.post("/account/addresses", data={"email": "Ada@Work.example", FIELD: token})
    assert "named Ada says that this is their address" in mails(public.house)[0]
    [link] = links(public.house)
    stranger = public.client()
    sign_in(stranger, make_reader(public.house, "eve"))
    assert stranger.post("/letters/address", data=form(stranger, link, "/letters/address")).status_code == 403
    assert client.post("/letters/address", data=form(client, link, "/letters/address")).status_code == 303
    assert "Ada@work.example" in client.get("/account").text
    assert [text for text in mails(public.house) if "Another address was added" in text]
    gone = {"address": "ada@example.org", FIELD: token}
    assert client.post("/account/addresses/remove", data=gone).status_code == 303
    last = {"address": "ada@work.example", FIELD: token}
    assert client.post("/account/addresses/remove", data=last).status_code == 409


def test_an_address_of_another_gets_no_letter_and_the_answer_is_the_same(public: Public, sign_in: SignIn) -> None:
    with_address(public.house, "bob")
    client = public.client()
    token = sign_in(client, with_address(public.house))
    answers = [
        client.post("/account/addresses", data={"email": email, FIELD: token}).headers["location"]
        for email in ("bob@example.org", "new@example.org")
    ]
    assert answers == ["/sign-in/sent"] * 2
    assert len(mails(public.house)) == 1


def test_removing_an_address_ends_all_other_sessions(public: Public, sign_in: SignIn) -> None:
    ada = with_address(public.house)
    add_passkey(public.house, ada)
    other, client = public.client(), public.client()
    sign_in(other, ada)
    token = sign_in(client, ada)
    client.post("/account/addresses/remove", data={"address": "ada@example.org", FIELD: token})
    assert "Sign in" in Page(other.get("/").text).text
    assert "Ada" in Page(client.get("/").text).text
    assert "An address was removed from your account on Broadsheet" in mails(public.house)[0]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/account/addresses", {"email": "x@example.org"}),
        ("/account/addresses/remove", {"address": "ada@example.org"}),
        ("/account/tokens", {"name": "x", "scope": "read", "days": "30"}),
    ],
    ids=["add", "remove", "token"],
)
def test_how_one_signs_in_changes_only_just_after_signing_in(
    public: Public, sign_in: SignIn, url: str, told: dict[str, str]
) -> None:
    client = public.client()
    token = sign_in(client, with_address(public.house))
    later(public, seconds=FRESH.total_seconds())
    before = rows(public.house.store)["reader_addresses"], rows(public.house.store)["tokens"]
    answer = client.post(url, data=told | {FIELD: token}, headers={"Referer": f"{PUBLIC}/account"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account")
    assert (rows(public.house.store)["reader_addresses"], rows(public.house.store)["tokens"]) == before
    assert "Sign in again" in client.get("/account").text
    assert "Sign in again" in client.get("/sign-in?next=/account").text


def test_sessions_are_listed_and_ended(public: Public, sign_in: SignIn) -> None:
    ada, eve = with_address(public.house), make_reader(public.house, "eve")
    clients = [public.client() for _ in range(4)]
    tokens_ = [sign_in(client, ada) for client in clients[:3]]
    sign_in(clients[3], eve)
    page = Page(clients[0].get("/account").text)
    ends = page.all("input", name="session")
    assert (len(ends), page.text.count("A browser"), page.text.count("192.0.2.0/24")) == (2, 3, 3)
    with public.house.store.reading() as connection:
        foreign = connection.exec_driver_sql(f"SELECT hash FROM sessions WHERE reader_id = {eve.id}").scalar_one()  # noqa: S608
    clients[0].post("/account/sessions/end", data={"session": foreign, FIELD: tokens_[0]})
    assert "Eve" in Page(clients[3].get("/").text).text
    clients[0].post("/account/sessions/end", data={"session": ends[0]["value"], FIELD: tokens_[0]})
    assert len(Page(clients[0].get("/account").text).all("input", name="session")) == 1
    clients[0].post("/account/sessions/end", data={FIELD: tokens_[0]})
    assert ["Ada" in Page(client.get("/").text).text for client in clients[:3]] == [True, False, False]


def test_a_token_is_shown_once_and_does_what_it_is_for(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    secret = made_token(client, sign_in(client, with_address(public.house)))
    assert secret.startswith("bst_")
    shown = Page(client.get("/account").text).text
    assert (secret in shown, "read, write · until 20 December 2026" in shown.replace("20 Dec", "20 Dec")) == (
        False,
        True,
    )
    program = public.client(Authorization=f"Bearer {secret}")
    assert program.get("/account").status_code == 200
    for url in ("/account", "/account/tokens/1/revoke", "/account/invitations", "/account/sessions/end"):
        assert program.post(url, data={"name": "Robot"}).status_code == 403
    assert program.post("/account/tokens", data={"name": "x", "scope": "read", "days": "30"}).status_code == 403
    assert program.post("/status/x/pause").status_code == 403


def test_a_token_ends_in_time_and_when_it_is_revoked(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    token = sign_in(client, with_address(public.house))
    program = public.client(Authorization=f"Bearer {made_token(client, token)}")
    later(public, days=29.9)
    assert program.get("/").status_code == 200
    later(public, days=30)
    assert program.get("/").status_code == 401
    later(public)
    assert client.post("/account/tokens/1/revoke", data={FIELD: token}).status_code == 303
    assert program.get("/").status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"scope": []}, {"scope": ["read", "moderate"]}, {"scope": "all"}, {"days": "0"}, {"days": "9999"}, {"name": ""}],
    ids=str,
)
def test_a_token_that_nobody_may_make_is_not_made(public: Public, sign_in: SignIn, wrong: dict[str, object]) -> None:
    client = public.client()
    token = sign_in(client, with_address(public.house))
    told = {"name": "A program", "scope": ["read"], "days": "30", FIELD: token} | wrong
    client.post("/account/tokens", data=told)
    made = tokens.listed(public.house, standing.named(public.house, "ada"))
    assert {scope for token in made for scope in token.scopes} <= {"read"}
    assert not made or "moderate" in wrong["scope"]  # type: ignore[operator]


def test_no_secret_is_anywhere_but_where_it_was_shown(
    public: Public, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    """The canary of TRUST E11: database, log, outbox, and all that stands in the home folder."""
    caplog.set_level("DEBUG")
    client = public.client()
    ada = with_address(public.house)
    secret = made_token(client, sign_in(client, ada))
    program = public.client(Authorization=f"Bearer {secret}")
    for url in ("/", "/nope", "/search?q=x", "/account", "/papers/none"):
        assert secret not in program.get(url).text
    program.post("/account/tokens/1/revoke")
    ours = [record for record in caplog.records if record.name.startswith(("broadsheet", "uvicorn", "starlette"))]
    assert secret not in repr([record.__dict__ for record in ours])
    assert not any(found in repr(ours) for found in (client.cookies[COOKIE],))
    home: Path = public.house.settings.home
    files = [file for file in home.rglob("*") if file.is_file()]
    assert files
    for file in files:
        content = file.read_bytes()
        assert not [found for found in (secret, client.cookies[COOKIE]) if found.encode() in content], file


def test_another_role_ends_sessions_and_tokens(public: Public, sign_in: SignIn) -> None:
    client, ada = public.client(), with_address(public.house)
    secret = made_token(client, sign_in(client, ada))
    standing.set_role(public.house, ada, "moderator")
    assert "Sign in" in Page(client.get("/").text).text
    assert tokens.find(public.house, secret) is None


def test_the_only_administrator_stays_one(public: Public) -> None:
    ada = make_reader(public.house, "ada", role="admin")
    with pytest.raises(Conflict):
        standing.set_role(public.house, ada, "reader")
    with pytest.raises(Conflict):
        standing.suspend(public.house, ada, until=None, why="")
    make_reader(public.house, "bob", role="admin")
    standing.set_role(public.house, ada, "reader")


def join(client: TestClient, link: str, handle: str = "bob", **more: str) -> int:
    sent = form(client, link, "/join") | {"handle": handle, "name": "Bob"} | more
    return client.post("/join", data=sent).status_code


def test_who_is_invited_by_mail_joins_with_one_link(public: Public, sign_in: SignIn) -> None:
    client, moderator = public.client(), with_address(public.house, "moe", "moderator")
    token = sign_in(client, moderator)
    assert client.post("/account/invitations", data={"email": "bob@example.org", FIELD: token}).status_code == 303
    assert "Moe invites you to Broadsheet" in mails(public.house)[0]
    bob = public.client()
    [link] = links(public.house)
    assert [join(bob, link, handle) for handle in ("moe", "Admin", "b b", "-b")] == [409, 400, 400, 400]
    assert join(bob, link) == 303
    assert "Bob" in Page(bob.get("/").text).text
    assert public.client().get(link).status_code == 404
    assert "accepted" in client.get("/account").text
    assert [reader.handle for reader in standing.everybody(public.house)] == ["moe", "bob"]


def test_who_is_handed_an_invitation_shows_an_address_first(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    token = sign_in(client, with_address(public.house, "moe", "moderator"))
    text = client.post("/account/invitations", data={"email": "", FIELD: token}).text
    link = text.partition(f"<pre>{PUBLIC}")[2].partition("</pre>")[0]
    bob = public.client()
    assert (
        bob.post(
            "/join", data=form(bob, "/sign-in", "/sign-in") | {"letter": link[9:], "handle": "b", "name": "b"}
        ).status_code
        == 404
    )
    for _ in range(2):
        assert (
            bob.post(
                "/letters/accept", data=form(bob, link, "/letters/accept") | {"email": "bob@example.org"}
            ).status_code
            == 303
        )
    first, second = links(public.house)
    assert join(bob, first) == 303
    assert join(public.client(), second, "other") == 409
    assert public.client().get(link).status_code == 404


def test_an_invitation_can_be_taken_back_by_who_made_it(public: Public, sign_in: SignIn) -> None:
    clients = [public.client() for _ in range(2)]
    signed = [
        sign_in(each, with_address(public.house, handle, "moderator"))
        for each, handle in zip(clients, "ab", strict=True)
    ]
    link = invitations.invite(public.house, standing.named(public.house, "a")).removeprefix(PUBLIC)
    hash_ = Page(clients[0].get("/account").text).all("input", name="invitation")[0]["value"]
    answers = [
        each.post("/account/invitations/take-back", data={"invitation": hash_, FIELD: token}).status_code
        for each, token in reversed(list(zip(clients, signed, strict=True)))
    ]
    assert answers == [404, 303]
    assert public.client().get(link).status_code == 404


def test_only_those_invite_whom_the_setting_names_and_to_no_role_above_theirs(public: Public) -> None:
    reader, moderator = make_reader(public.house, "r"), make_reader(public.house, "m", role="moderator")
    with pytest.raises(Refused):
        invitations.invite(public.house, reader)
    with pytest.raises(Refused):
        invitations.invite(public.house, moderator, role="admin")
    open_ = replace(public.house, settings=replace(public.house.settings, invitations_by="reader"))
    assert invitations.invite(open_, reader).startswith(f"{PUBLIC}/letters/bsi_")


@pytest.mark.parametrize(
    ("admission", "email", "mailed"),
    [
        ("invitation", "bob@example.org", 0),
        ("open", "bob@example.org", 1),
        ("domains", "bob@example.org", 1),
        ("domains", "bob@Example.ORG", 1),
        ("domains", "bob@sub.example.org", 0),
        ("domains", "bob@example.org.evil.example", 0),
        ("domains", "bob@evilexample.org", 0),
    ],
    ids=range(7),
)
def test_who_may_join_without_an_invitation(public: Public, admission: str, email: str, mailed: int) -> None:
    settings = replace(public.house.settings, admission=admission, mail_domains="lab.example example.org")
    public.app.state.house = replace(public.house, settings=settings)
    client = public.client()
    client.post("/sign-in", data=form(client, "/sign-in", "/sign-in") | {"email": email})
    found = links(public.house)
    assert len(found) == mailed
    if found:
        assert join(client, found[0]) == 303
        with public.house.store.reading() as connection:
            assert addresses.owner_of(connection, email.lower()) is not None


def test_at_the_machine_the_owner_makes_tokens_and_nobody_else_uses_them(house: House) -> None:
    with browser(house) as client:
        token = Page(client.get("/account").text).all("input", name=FIELD)[0]["value"]
        secret = made_token(client, token, scope=["read", "write", "admin"])
        headers = {"Authorization": f"Bearer {secret}"}
        client.cookies.clear()
        assert client.post("/searches", data={"name": "T", "q": "tea"}, headers=headers).status_code == 303
        assert client.post("/searches/t/delete", headers=headers).status_code == 303
        elsewhere = headers | {"Host": "papers.example"}
        assert client.post("/searches", data={"name": "T", "q": "tea"}, headers=elsewhere).status_code == 401
        client.post("/account/tokens/1/revoke")


def test_a_session_is_noted_as_used_by_what_changes_something_only(public: Public, sign_in: SignIn) -> None:
    client, ada = public.client(), with_address(public.house)
    token = sign_in(client, ada)
    later(public, hours=1)
    client.get("/account")
    assert sessions.listed(public.house, ada)[0].seen_at == NOW
    client.post("/account", data={"name": "Ada", FIELD: token})
    assert sessions.listed(public.house, ada)[0].seen_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("url", ["/sign-in", "/sign-out", "/letters", "/letters/accept", "/join"])
def test_at_the_machine_there_is_nothing_to_sign_in_to(house: House, url: str) -> None:
    with browser(house) as client:
        token = Page(client.get("/account").text).all("input", name=FIELD)[0]["value"]
        sent = {"email": "ada@example.org", "letter": "bsl_x", "handle": "x", "name": "x", FIELD: token}
        assert client.post(url, data=sent).status_code == 404
