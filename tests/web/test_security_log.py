"""What happens to accounts stands in the log, one line each, whatever anybody wrote (TRUST E21)."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.readers import make_reader
from tests.web.conftest import NOW, Public
from tests.web.test_sign_in import ask, links, open_link, with_address

from broadsheet.cli.logs import JsonLines, KeyValues
from broadsheet.flow.accounts import invitations, sessions, standing, tokens
from broadsheet.web.csrf import FIELD

SignIn = Callable[..., str]
HOSTILE = "x\r\nlevel=error event=forged\x1b[31m\u2028\x00\x85"


def test_the_security_events_are_all_told(public: Public, sign_in: SignIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ada, admin, client = with_address(public.house), make_reader(public.house, "root", role="admin"), public.client()
    ask(client)
    open_link(client, links(public.house)[0])
    client.get(links(public.house)[0])
    client.post("/status/x/pause", data={FIELD: ""})
    kept, _ = tokens.make(public.house, ada, "A program", ["read"], 30)
    tokens.revoke(public.house, ada, kept.id)
    invitations.invite(public.house, admin)
    standing.suspend(public.house, ada, until=NOW + timedelta(days=1), why="")
    standing.restore(public.house, ada)
    standing.set_role(public.house, ada, "moderator")
    sessions.end_all(public.house, ada)
    token = sign_in(client, ada)
    client.post("/sign-out", data={FIELD: token})
    told = {record.message for record in caplog.records}
    assert told >= {
        "signed in",
        "sign-in failed",
        "signed out",
        "sessions ended",
        "refused",
        "token made",
        "token revoked",
        "invited",
        "suspended",
        "suspension ended",
        "role changed",
    }


def test_nothing_that_anybody_writes_breaks_a_line_or_forges_one(
    public: Public, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = public.client()
    token = sign_in(client, with_address(public.house))
    client.post("/account", data={"name": HOSTILE, "about": HOSTILE, FIELD: token})
    client.post("/account/tokens", data={"name": HOSTILE, "scope": [HOSTILE, "read"], "days": "30", FIELD: token})
    for path in ("/status/x%0d%0aevent=forged%1b[31m/pause", "/letters/%0a%1b", "/letters/bsl_%E2%80%A8"):
        client.get(path)
        client.post(path, data={FIELD: token})
    client.get("/", headers={"Authorization": "Bearer \x1b[31mx"})
    refused = [record for record in caplog.records if record.message == "refused"]
    assert refused
    for record in caplog.records:
        for formatter in (KeyValues(), JsonLines()):
            line = formatter.format(record)
            assert line.isprintable()
            assert " event=forged" not in line
        assert json.loads(JsonLines().format(record))["event"] == record.message
