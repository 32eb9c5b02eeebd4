"""Notices to a real server on loopback."""

import socket

import pytest
from tests.push.server import listening

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.net.addresses import Network
from broadsheet.push.webhook import Webhook

HERE = Network(allow_private=True)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_notice_is_posted_as_json(status: int) -> None:
    with listening() as server:
        server.status = status
        Webhook(server.url, HERE).push({"text": "Häkchen“\n"})
        assert server.heard == [("application/json", {"text": "Häkchen“\n"})]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(301, Invalid), (307, Invalid), (404, Invalid), (410, Invalid), (429, Unavailable), (500, Unavailable)],
)
def test_a_refusal_says_whether_to_try_again(status: int, kind: type[Exception]) -> None:
    with listening() as server:
        server.status, server.headers = status, {"Location": server.url}
        with pytest.raises(kind, match=f"{status}") as raised:
            Webhook(server.url, HERE).push({"text": "x"})
        assert (type(raised.value), len(server.heard)) == (kind, 1)


@pytest.mark.parametrize("status", [0, 504])
def test_a_notice_that_went_out_is_in_doubt_unless_the_webhook_says(status: int) -> None:
    with listening() as server:
        server.status = status
        with pytest.raises(InDoubt):
            Webhook(server.url, HERE).push({"text": "x"})
        assert len(server.heard) == 1


def test_nobody_there_has_taken_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable) as raised:
        Webhook(f"http://127.0.0.1:{port}/", HERE).push({"text": "x"})
    assert type(raised.value) is Unavailable


def test_a_private_address_is_refused_unless_it_is_allowed() -> None:
    with listening() as server:
        with pytest.raises(Invalid, match="private"):
            Webhook(server.url, Network()).push({"text": "x"})
        assert server.heard == []


def test_its_secret_is_not_shown() -> None:
    assert "secret" not in repr(Webhook("https://hooks.example/secret", HERE))
