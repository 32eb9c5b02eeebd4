"""The rules of Standard Webhooks: spec/standard-webhooks.md in github.com/standard-webhooks/standard-webhooks.

A body of less than 20 kB with type, timestamp and data; three headers; HMAC-SHA256 over id, time and body.
"""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime

from tests.push.taking.shown import Heard, Shown, check_address

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def take(heard: Heard, secret: str = SECRET) -> Shown:
    """Read an event as a program does that checks who sent it."""
    assert heard.method == "POST"
    assert heard.headers["content-type"] == "application/json"
    assert len(heard.body) <= 20_000
    verify(heard, secret)
    told = json.loads(heard.body)
    assert set(told) == {"type", "timestamp", "data"}
    assert re.fullmatch(r"digest\.(daily|weekly|now|test)", told["type"])
    sent = datetime.fromisoformat(told["timestamp"])
    assert int(sent.timestamp()) == int(heard.headers["webhook-timestamp"])
    data, shown = told["data"], Shown()
    shown.text = "\n".join((data["headline"], data["why"]))
    for each in data["lists"]:
        shown.text += f"\n{each['title']}"
        for paper in each["papers"]:
            shown.text += f"\n{paper['title']}\n{paper['sentence']}\n{paper['why']}"
            _note((paper["title"], paper["url"]), shown)
            for link in paper["links"].items():
                _note(link, shown)
        shown.text += f"\nand {each['more']} more"
        _note((each["title"], each["url"]), shown)
    return shown


def verify(heard: Heard, secret: str) -> None:
    """Check the signature under one secret, as a receiver does who knows no other."""
    name = heard.headers["webhook-id"]
    assert re.fullmatch(r"[A-Za-z0-9_]{8,64}", name)
    signed = b".".join((name.encode(), heard.headers["webhook-timestamp"].encode(), heard.body))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert expected in heard.headers["webhook-signature"].split(" ")


def _note(link: tuple[str, str], shown: Shown) -> None:
    if link[1]:
        check_address(link[1], 2_048)
        shown.links.append(link)
