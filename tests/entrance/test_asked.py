"""What absolute addresses begin with, and which copies are good."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from broadsheet.entrance.asked import has_copy, origin_of
from broadsheet.settings import Settings


def request(headers: dict[str, str], *, public: str = "", server: object = ("127.0.0.1", 8000)) -> Request:
    """Make a request that came in with these headers."""
    app = SimpleNamespace(state=SimpleNamespace(house=SimpleNamespace(settings=Settings(public_url=public))))
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw, "app": app, "server": server})


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:81", "http://127.0.0.1:81"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("LOCALHOST", "http://localhost"),
        ("evil.example", "http://127.0.0.1:8000"),
        ("localhost.evil.example", "http://127.0.0.1:8000"),
        ("localhost:8000/x?y", "http://127.0.0.1:8000"),
        ("evil.example@localhost", "http://127.0.0.1:8000"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_only_a_name_of_this_machine_is_believed(host: str, origin: str) -> None:
    assert origin_of(request({"host": host})) == origin


def test_a_public_address_stands_whatever_is_asked_for() -> None:
    assert origin_of(request({"host": "localhost"}, public="https://papers.example/")) == "https://papers.example"


def test_an_address_of_the_new_kind_is_put_in_brackets() -> None:
    assert origin_of(request({}, server=("2001:db8::1", 80))) == "http://[2001:db8::1]:80"


@pytest.mark.parametrize(
    ("sent", "known"), [('W/"a"', True), ('W/"b", W/"a"', True), ("*", True), ('W/"b"', False), ("", False)]
)
def test_a_copy_is_known_by_its_tag(sent: str, *, known: bool) -> None:
    assert has_copy(request({"if-none-match": sent}), 'W/"a"') is known
