"""ntfy's rules.

docs.ntfy.sh/publish/#publish-as-json: to the root of the server; its fields; #limitations: 4,096 bytes of message, of
which more becomes a file. Topics: ^[-_A-Za-z0-9]{1,64}$ in server/server.go.
"""

import json
import re

from tests.push.taking.shown import Heard, Shown, check_address

_URL = re.compile(r"https?://[!-~]+")


def take(heard: Heard) -> Shown:
    """Read a notification as ntfy does."""
    assert (heard.method, heard.path) == ("POST", "/")
    assert re.fullmatch(r"Bearer [!-~]+", heard.headers.get("authorization", "Bearer none"))
    told = json.loads(heard.body)
    assert set(told) - {"click"} == {"topic", "title", "message", "tags"}
    assert re.fullmatch(r"[-_A-Za-z0-9]{1,64}", told["topic"])
    assert 1 <= len(told["message"].encode()) <= 4_096
    assert 1 <= len(told["title"].encode()) <= 250
    assert "\n" not in told["title"]
    if "click" in told:
        check_address(told["click"], 2_048)
    assert told["tags"] == ["newspaper"]
    return Shown(f"{told['title']}\n{told['message']}", [("", url) for url in _URL.findall(told["message"])])
