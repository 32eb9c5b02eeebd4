"""Mails through mail services, as django-anymail asks them, on loopback."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from tests.mail.test_port import mail

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.port import Listing, Mail
from broadsheet.mail.services import ServiceMailer

pytest.importorskip("anymail", reason="django-anymail is not installed")
TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "x", "To": "me@papers.example", "SubmittedAt": "now"}
INACTIVE = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive.\n Found inactive addresses: "
    "me@papers.example.\n Inactive recipients are ones that have generated a hard bounce or a spam complaint. ",
}


class Service(ThreadingHTTPServer):
    """Answers like Postmark; ``status`` 0 hangs up without a word."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.status = 200
        self.answer: object = TAKEN
        self.told: list[dict[str, object]] = []
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Asked(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.keys.append(self.headers["X-Postmark-Server-Token"])
        if not self.server.status:
            self.close_connection = True
            return
        told = json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


def mailer(service: Service) -> ServiceMailer:
    return ServiceMailer("postmark", {"POSTMARK_SERVER_TOKEN": "secret", "POSTMARK_API_URL": service.url})


def digest() -> Mail:
    listing = Listing(
        id="daily.digests.papers.example",
        unsubscribe_url="https://papers.example/unsubscribe/1.x",
        unsubscribe_mail="u1-x@papers.example",
        archive="https://papers.example/digests",
        feedback="daily:digest:broadsheet",
    )
    return replace(mail(subject="12 papers, led by “é”"), html="<p>é</p>", sender_name="The House", listing=listing)


def test_both_parts_the_sender_and_all_headers_of_a_list_arrive(service: Service) -> None:
    mailer(service).send(digest())
    (told,) = service.told
    headers = {each["Name"]: each["Value"] for each in told["Headers"]}  # type: ignore[attr-defined]
    assert (told["From"], told["To"]) == ("The House <house@papers.example>", "me@papers.example")
    assert (told["Subject"], told["TextBody"], told["HtmlBody"]) == ("12 papers, led by “é”", "It fails.", "<p>é</p>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].split() == [
        "<https://papers.example/unsubscribe/1.x>,",
        "<mailto:u1-x@papers.example?subject=unsubscribe>",
    ]
    assert headers["List-Id"] == "<daily.digests.papers.example>"
    assert headers["Message-ID"] == "<alert-1-begun@papers.example>"
    assert {"List-Archive", "Feedback-ID", "Auto-Submitted"} <= headers.keys()
    assert service.keys == ["secret"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(0, InDoubt), (500, InDoubt), (502, InDoubt), (429, Unavailable), (503, Unavailable), (401, Invalid)],
)
def test_what_a_service_says_tells_whether_it_took_a_mail(service: Service, status: int, kind: type[Exception]) -> None:
    service.status = status
    with pytest.raises(kind) as raised:
        mailer(service).send(digest())
    assert type(raised.value) is kind
    assert "secret" not in str(raised.value)
    if isinstance(raised.value, Invalid):
        assert raised.value.field == "mail_service_keys"


@pytest.mark.parametrize("name", ["mailtrap", "postal", "unisender_go"])
@pytest.mark.parametrize("answer", [None, [], {}, "taken"])
def test_a_mail_is_in_doubt_where_nobody_understands_what_the_service_said(
    service: Service, name: str, answer: object
) -> None:
    service.answer = answer
    with pytest.raises(InDoubt):
        ServiceMailer(name, {"api_key": "x", "api_token": "x", "server_token": "x", "api_url": service.url}).send(
            digest()
        )


def test_an_address_that_a_service_refuses_is_at_fault_itself(service: Service) -> None:
    service.status, service.answer = 422, INACTIVE
    with pytest.raises(Invalid) as raised:
        mailer(service).send(digest())
    assert raised.value.field == "to"


def test_a_service_that_cannot_be_reached_took_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    away = ServiceMailer("postmark", {"server_token": "x", "api_url": f"http://127.0.0.1:{port}"})
    with pytest.raises(Unavailable) as raised:
        away.send(digest())
    assert type(raised.value) is Unavailable


def test_the_end_is_told_before_anything_goes_out_and_may_stop_it(service: Service) -> None:
    def stop() -> None:
        raise KeyError

    with pytest.raises(KeyError), mailer(service).line() as line:
        line.send(digest(), before_end=stop)
    assert service.told == []


@pytest.mark.parametrize(
    ("name", "keys", "field"),
    [
        ("nobody", {}, "mail_through"),
        ("base", {}, "mail_through"),
        ("postmark", {}, "mail_service_keys"),
        ("mailgun", {"MAILGUN_ODD": "secret"}, "mail_service_keys"),
    ],
)
def test_what_no_service_can_be_made_of_is_refused_and_not_shown(name: str, keys: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as raised:
        ServiceMailer(name, keys)
    assert (raised.value.field, "secret" in str(raised.value)) == (field, False)
