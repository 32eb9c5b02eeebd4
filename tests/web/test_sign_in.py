"""Signing in by a mailed link: what is answered, what is mailed, and what a session is worth."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest
from starlette.testclient import TestClient
from tests.mail.server import Postbox, postbox
from tests.readers import make_reader
from tests.web.conftest import HOST, NOW, PUBLIC, Page, Public
from tests.web.owner import browser

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.house import House
from broadsheet.mail.smtp import SmtpMailer
from broadsheet.model.reader import Reader
from broadsheet.site import create_app
from broadsheet.store import addresses
from broadsheet.web.csrf import FIELD

SignIn = Callable[..., str]


def form(client: TestClient, url: str, action: str) -> dict[str, str]:
    """Give the hidden fields of the page's form that is sent to ``action``."""
    page = Page(client.get(url).text)
    assert page.all("form", action=action)
    return {field["name"]: field["value"] for field in page.all("input", type="hidden") if field.get("value")}


def with_address(house: House, handle: str = "ada", role: str = "reader") -> Reader:
    reader = make_reader(house, handle, role=role)  # type: ignore[arg-type]
    with house.store.writing() as connection:
        text = f"{handle}@example.org"
        addresses.insert(connection, addresses.Address(text, reader.id, text, NOW))
    return reader


def mails(house: House) -> list[str]:
    """Read the mails that were written."""
    files = sorted(house.settings.outbox_folder.glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=SMTP).get_content() for file in files]


def links(house: House) -> list[str]:
    """Give the paths of the links in all mails."""
    return [found[1] for text in mails(house) if (found := re.search(rf"{PUBLIC}(/letters/\S+)", text))]


def ask(client: TestClient, email: str = "ada@example.org", **more: str) -> tuple[int, str, str]:
    sent = form(client, "/sign-in", "/sign-in") | {"email": email} | more
    answer = client.post("/sign-in", data=sent)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def open_link(client: TestClient, link: str) -> str:
    """Open a link and press its button; gives where that leads."""
    answer = client.post("/letters", data=form(client, link, "/letters"))
    return answer.headers.get("location", "") if answer.status_code == 303 else str(answer.status_code)


def test_a_link_is_mailed_and_signs_in_once(public: Public) -> None:
    with_address(public.house)
    client = public.client()
    assert ask(client, "Ada@Example.org ", next="/search?q=tea")[:2] == (303, "/sign-in/sent")
    [link] = links(public.house)
    assert "Sign in" in Page(client.get("/").text).text
    assert open_link(client, link) == "/search?q=tea"
    assert "Ada" in Page(client.get("/").text).text
    assert client.get(link).status_code == 404
    assert client.post("/letters", data={FIELD: "", "letter": link.rpartition("/")[2]}).status_code == 403


def test_a_program_that_looks_into_mails_uses_nothing_up(public: Public) -> None:
    with_address(public.house)
    client, scanner = public.client(), public.client()
    ask(client)
    [link] = links(public.house)
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        assert scanner.request(method, link).status_code < 500
    assert "Ada" not in Page(scanner.get("/").text).text
    assert open_link(client, link) == "/"


def test_a_link_works_in_another_browser_and_not_after_a_quarter_of_an_hour(public: Public) -> None:
    with_address(public.house)
    ask(public.client())
    [link] = links(public.house)
    other = public.client()
    later = replace(public.house, clock=lambda: NOW + timedelta(minutes=15))
    other.app.state.house = later  # type: ignore[attr-defined]
    assert other.get(link).status_code == 404
    other.app.state.house = public.house  # type: ignore[attr-defined]
    assert open_link(other, link) == "/"


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(public: Public) -> None:
    with_address(public.house)
    answers = {ask(public.client(), email) for email in ("ada@example.org", "eve@example.org", "x@y.example")}
    assert len(answers) == 1
    assert len(mails(public.house)) == 1


def test_all_that_depends_on_the_address_is_done_after_the_answer(
    public: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    from broadsheet.flow.accounts import sign_in as flow
    from broadsheet.web import sign_in

    done: list[str] = []
    monkeypatch.setattr(flow, "ask", lambda *_: done.append("mailed"))
    client = public.client()
    sent = form(client, "/sign-in", "/sign-in") | {"email": "ada@example.org"}
    original = sign_in.BackgroundTask.__call__

    async def after(task: object) -> None:
        assert done == []
        await original(task)  # type: ignore[arg-type]

    monkeypatch.setattr(sign_in.BackgroundTask, "__call__", after)
    assert client.post("/sign-in", data=sent).status_code == 303
    assert done == ["mailed"]


def test_a_mail_server_is_told_what_a_reader_shall_read(public: Public) -> None:
    with_address(public.house)
    box: Postbox
    with postbox() as box:
        app = create_app(replace(public.house, mailer=SmtpMailer(box.url)))
        with TestClient(app, base_url=PUBLIC, follow_redirects=False) as client:
            ask(client)
        [raw] = box.taken
    mail = message_from_bytes(raw, policy=SMTP)
    assert (mail["To"], mail["From"], mail["Subject"]) == ("ada@example.org", f"post@{HOST}", "Sign in to Broadsheet")
    assert "within 15 minutes" in mail.get_content()


def test_a_mail_server_that_is_away_shows_in_no_answer_and_in_the_log_without_the_address(
    public: Public, caplog: pytest.LogCaptureFixture
) -> None:
    with_address(public.house)
    with postbox() as box:
        box.refusing = "550 no mailbox ada@example.org here"
        app = create_app(replace(public.house, mailer=SmtpMailer(box.url)))
        with TestClient(app, base_url=PUBLIC, follow_redirects=False) as client:
            assert ask(client)[0] == 303
    told = [record.__dict__["facts"] for record in caplog.records if record.message == "mail failed"]
    assert len(told) == 1
    assert "ada@" not in repr(told)


def test_four_askings_a_minute_from_one_network(public: Public) -> None:
    client = public.client()
    assert [ask(client, f"{name}@example.org")[0] for name in "abcdef"] == [303] * 4 + [429] * 2


def test_nobody_is_locked_out_by_others_who_ask_for_their_links(public: Public) -> None:
    """Whatever strangers ask from however many networks: the mailbox holds a link that works, and is not flooded."""
    from broadsheet.flow.accounts import sign_in as flow

    with_address(public.house)
    address = read_mail_address("ada@example.org")
    for minute in range(120):
        at = replace(public.house, clock=lambda minute=minute: NOW + timedelta(minutes=minute))
        for _ in range(5):
            flow.ask(at, address, "/")
        with public.house.store.reading() as connection:
            ends = connection.exec_driver_sql("SELECT until FROM letters").scalars().all()
        assert any(until > at.clock().isoformat() for until in ends)
    assert 12 <= len(mails(public.house)) <= 16


def test_a_new_session_begins_at_each_sign_in_and_the_old_one_is_over(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    sign_in(client, with_address(public.house))
    before = client.cookies[COOKIE]
    ask(client)
    open_link(client, links(public.house)[0])
    assert client.cookies[COOKIE] != before
    stolen = public.client()
    stolen.cookies.set(COOKIE, before, domain=HOST)
    assert "Sign in" in Page(stolen.get("/").text).text


@pytest.mark.parametrize("planted", ["", "x", "bss_" + "A" * 38, "a" * 5_000], ids=["empty", "x", "shaped", "long"])
def test_a_session_that_somebody_planted_is_never_taken_over(public: Public, planted: str) -> None:
    with_address(public.house)
    client = public.client()
    client.cookies.set(COOKIE, planted, domain=HOST)
    ask(client)
    open_link(client, links(public.house)[0])
    assert client.cookies[COOKIE] != planted
    victim = public.client()
    victim.cookies.set(COOKIE, planted, domain=HOST)
    assert "Sign in" in Page(victim.get("/").text).text


def test_a_session_is_worth_nothing_after_signing_out(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    token = sign_in(client, with_address(public.house))
    secret = client.cookies[COOKIE]
    answer = client.post("/sign-out", data={FIELD: token})
    assert (answer.status_code, COOKIE in client.cookies) == (303, False)
    replayed = public.client()
    replayed.cookies.set(COOKIE, secret, domain=HOST)
    assert "Sign in" in Page(replayed.get("/").text).text
    assert replayed.get("/account").headers["location"] == "/sign-in?next=/account"


def test_the_cookie_is_for_our_host_over_tls_and_for_no_script(public: Public) -> None:
    with_address(public.house)
    client = public.client()
    ask(client)
    answer = client.post("/letters", data=form(client, links(public.house)[0], "/letters"))
    told = answer.headers["set-cookie"].lower().split("; ")
    assert told[0].startswith("__host-broadsheet=bss_")
    assert {"httponly", "secure", "samesite=lax", "path=/", f"max-age={30 * 86_400}"} <= set(told)
    assert not [part for part in told if part.startswith("domain")]
    assert answer.headers["cache-control"] == "no-store"
    assert "max-age=63072000" in answer.headers["strict-transport-security"]


def test_a_form_of_before_the_sign_in_is_worth_nothing_after_it(public: Public, sign_in: SignIn) -> None:
    client = public.client()
    guest = form(client, "/sign-in", "/sign-in")[FIELD]
    ada = with_address(public.house)
    first = sign_in(client, ada)
    second = sign_in(client, ada)
    assert len({guest, first, second}) == 3
    for old in (guest, first):
        assert client.post("/account", data={"name": "Eve", FIELD: old}).status_code == 403
    assert client.post("/account", data={"name": "Ada L", FIELD: second}).status_code == 303


def test_a_form_that_another_site_sends_signs_nobody_in(public: Public) -> None:
    with_address(public.house)
    client = public.client()
    ask(client)
    fields = form(client, links(public.house)[0], "/letters")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert client.post("/letters", data=fields, headers=headers).status_code == 403
    assert client.post("/letters", data=fields, headers={"Origin": PUBLIC}).status_code == 303


def test_signing_in_and_what_went_wrong_is_told_in_the_log_without_secrets(
    public: Public, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with_address(public.house)
    client = public.client()
    ask(client)
    [link] = links(public.house)
    open_link(client, link)
    client.get(link)
    client.get("/", headers={"Authorization": "Bearer bst_wrong"})
    told = {record.message for record in caplog.records}
    assert {"mail sent", "signed in", "sign-in failed"} <= told
    everything = repr([record.__dict__ for record in caplog.records if record.name.startswith("broadsheet")])
    for secret in (link.rpartition("/")[2], client.cookies[COOKIE], "ada@example.org", "bst_wrong"):
        assert secret not in everything


def test_at_the_machine_nobody_ever_sees_a_page_to_sign_in(house: House) -> None:
    with browser(house) as client:
        for url in ("/sign-in", "/sign-in?next=/account", "/sign-in?next=https://evil.example"):
            answer = client.get(url)
            assert (answer.status_code, answer.headers["location"].startswith("/")) == (303, True)
        page = Page(client.get("/account").text)
        assert (page.all("form", action="/account") != [], page.all("form", action="/account/addresses")) == (True, [])
        assert "Sign in" not in page.text
        assert "Sign in" not in Page(client.get("/").text).text
