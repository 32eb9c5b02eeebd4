"""What the log tells: all that matters, nothing secret, one line each (TRUST E11, E21; ASVS 5.0, 16)."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from tests.security.columns import plant
from tests.security.forms import Site, addresses, gets, posts, read_forms
from tests.security.test_authorisation import come_back, form_for, token_of
from tests.security.world import VISITORS, World

from broadsheet.cli.logs import JsonLines, KeyValues
from broadsheet.errors import BroadsheetError
from broadsheet.flow.accounts import first_run, letters, profile, sessions, standing, tokens
from broadsheet.web.csrf import FIELD

# What breaks a line, colours or moves a terminal, or turns text around.
HARM = "\r\nat=x level=info event=forged\x1b[2J\x9b31m\x00\x07\u202e\u2028"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
# What must leave a line, however it comes about.
EVENTS = {
    "signed in",
    "signed out",
    "sessions ended",
    "sign-in failed",
    "sign-in asked in vain",
    "mail sent",
    "joined",
    "invited",
    "address added",
    "address removed",
    "token made",
    "token revoked",
    "refused",
    "form refused",
    "too many",
    "moderated",
    "role changed",
    "suspended",
    "suspension ended",
    "administrator's link made",
    "reader left",
}


@dataclass
class Written:
    """The log as it is written, in both formats."""

    text: io.StringIO
    lines: io.StringIO

    def events(self) -> list[dict[str, str]]:
        """Read the lines of JSON."""
        return [json.loads(line) for line in self.lines.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Written]:
    """Write the log as ``broadsheet up`` does, into memory."""
    written = Written(io.StringIO(), io.StringIO())
    root, ours = logging.getLogger(), logging.getLogger("broadsheet")
    handlers = []
    for stream, form in ((written.text, KeyValues()), (written.lines, JsonLines())):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(form)
        root.addHandler(handler)
        handlers.append(handler)
    before = ours.level
    ours.setLevel(logging.INFO)
    yield written
    ours.setLevel(before)
    for handler in handlers:
        root.removeHandler(handler)


def live(world: World, sites: dict[str, Site]) -> None:
    """Do all that a log tells of: by every form, by mailed links, and as the operator."""
    for kind in ("owner", "admin", "anybody", "other's token that writes"):
        caller = world.caller(kind)
        token, jar = token_of(caller), dict(caller.client.cookies)
        for route in posts():
            form = form_for(sites, route)
            for url in addresses(world, route)[:1]:
                version = world.version()
                for fields in (
                    {**form.fields, FIELD: token, "why": "A reason."},
                    {**form.fields, FIELD: "x"},
                    {**{name: told + HARM for name, told in form.fields.items()}, FIELD: token},
                ):
                    caller.client.post(url, data=fields)
                if world.version() != version:
                    world.restore()
                    come_back(caller, jar)
    flows(world)


def flows(world: World) -> None:
    """Sign in by a letter, join, leave, and do what the command line does."""
    house, ann, owner = world.house, world.readers["ann"], world.caller("owner")
    for _ in range(7):
        owner.client.post("/account/export", data={FIELD: token_of(owner)})
    client, secrets = world.client(), world.things.places["letters"]
    for url in ("/", "/account", f"/letters/{quote(HARM)}"):
        client.get(url, headers={"Authorization": "Bearer bst_" + "A" * 38})
    client = world.caller("anybody").client
    token = next(iter(read_forms(client.get("/sign-in").text, "/"))).fields[FIELD]
    for email in ("ann.private@mail.example", "nobody@mail.example"):
        client.post("/sign-in", data={"email": email, FIELD: token})
    client.post("/join", data={"letter": secrets[1], "handle": "newbie", "name": f"New{HARM}", FIELD: token})
    client.post("/letters", data={"letter": secrets[0], FIELD: token})
    with suppress(BroadsheetError):
        letters.look_at(house, "bsl_" + "A" * 38)
    first_run.admin_link(house)
    _, secret = tokens.make(house, ann, f"Program{HARM}"[:20], ("read",), 3)
    standing.set_role(house, ann, "moderator")
    standing.set_role(house, ann, "reader")
    assert tokens.find(house, secret) is None
    standing.suspend(house, ann, until=None, why=f"Why{HARM}")
    standing.restore(house, ann)
    profile.remove_address(house, ann, profile.addresses_of(house, ann)[0].key, session="")
    sessions.end_all(house, ann)
    leaver = world.caller("other reader")
    leaver.client.post("/account/leave", data={"handle": "bea", "words": "keep", FIELD: token_of(leaver)})
    world.restore()


def test_the_log_tells_what_matters_and_nothing_that_is_secret(
    world: World, sites: dict[str, Site], log: Written
) -> None:
    planted = {canary for canary, name in plant(world).items() if name not in {"limits.name", "readers.handle"}}
    world.keep()
    live(world, sites)
    for kind in VISITORS:
        caller = world.caller(kind)
        for route in gets():
            caller.client.get(addresses(world, route)[0])
    told = log.text.getvalue()
    missing = EVENTS - {event["event"] for event in log.events()}
    assert missing == set(), "No line of the log tells of this: keep it, or do what leads to it in flows()."
    secrets = planted | set(world.secrets.values()) | set(world.things.places["letters"])
    assert [secret for secret in secrets if secret in told] == []
    assert re.findall(r"\bbs[a-z]_[A-Za-z0-9]{20,}", told) == []
    assert MAIL.findall(told) == []
    assert CONTROL.findall(told) == []
    assert [line for line in told.splitlines() if not line.startswith("at=20")] == []


@pytest.mark.parametrize("form", [KeyValues(), JsonLines()], ids=["text", "json"])
def test_whatever_an_event_says_stays_one_line_of_plain_characters(form: logging.Formatter) -> None:
    for code in [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF, 0xD800]:
        facts = {"reason": f"a{chr(code)}b", f"n{chr(code)}": "x"} if code != 0x20 else {}
        record = logging.makeLogRecord({"msg": "event", "levelname": "INFO", "facts": {"reason": facts.get("reason")}})
        line = form.format(record)
        assert line.isprintable(), hex(code)
        assert "\n" not in line
