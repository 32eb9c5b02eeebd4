"""A place of each kind, and who reads what comes there."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from tests.push.taking import discord, matrix, mattermost, ntfy, slack, telegram, webhook
from tests.push.taking.shown import Heard, Shown

from broadsheet.model.subscription import Way
from broadsheet.push.port import Target
from broadsheet.push.request import Request
from broadsheet.push.targets import read_target

TAKE: Mapping[Way, Callable[[Heard], Shown]] = {
    "slack": slack.take,
    "discord": discord.take,
    "telegram": telegram.take,
    "mattermost": mattermost.take,
    "matrix": matrix.take,
    "ntfy": ntfy.take,
    "webhook": webhook.take,
}
WAYS = tuple(TAKE)
# What must stand in no message of an error, no log and no repr.
CANARY = "canarycanarycanarycanary12"
BOT = "1234567:" + "canary0" * 5
FIELDS: Mapping[Way, dict[str, str]] = {
    "slack": {"url": f"https://hooks.slack.com/services/T0123456/B0123456/{CANARY}"},
    "discord": {"url": f"https://discord.com/api/webhooks/123456789012345678/{CANARY * 2}"},
    "telegram": {"token": BOT, "chat": "@papers"},
    "mattermost": {"url": f"{{base}}/hooks/{CANARY}"},
    "matrix": {"url": "{base}", "room": "!abc/def:example.org", "token": CANARY},
    "ntfy": {"url": f"{{base}}/papers-{CANARY}", "token": f"tk_{CANARY}"},
    "webhook": {"url": f"{{base}}/in/{CANARY}", "secret": webhook.SECRET},
}
SECRETS = (CANARY, "canary0", webhook.SECRET, webhook.SECRET.removeprefix("whsec_"))
# Those whose service has one address for all.
FIXED = frozenset({"slack", "discord", "telegram"})


def place(way: Way, base: str = "https://chat.example.org", **others: str) -> Target:
    """Give a place, at an address where it may be anywhere."""
    return read_target(way, {name: text.replace("{base}", base) for name, text in (FIELDS[way] | others).items()})


def heard(request: Request) -> Heard:
    """Give a request as it arrives."""
    parts = urlsplit(request.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return Heard(request.method, path, {name.lower(): value for name, value in request.headers.items()}, request.body)


def bases(base: str) -> dict[str, str]:
    """Give the setting that leads services with one address for all elsewhere."""
    return dict.fromkeys(FIXED, base)
