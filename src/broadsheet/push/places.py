"""What each place must look like, and what of it may be shown.

Each reader gives the fields to keep, what is shown, and what names the place; it raises Invalid, and says no secret.
"""

import re
from collections.abc import Mapping

from broadsheet.errors import Invalid
from broadsheet.net.addresses import Address, is_public, read_url
from broadsheet.push.signing import new_secret, secrets_in

Read = tuple[dict[str, str], str, str]

_LONGEST = 2_000
_TAIL = 4
_SLACK = re.compile(
    r"https://hooks\.slack(?:-gov)?\.com/services/([TE][A-Z0-9]{4,20})/(B[A-Z0-9]{4,20})/[A-Za-z0-9]{16,64}"
)
_DISCORD = re.compile(
    r"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/([0-9]{15,22})/([A-Za-z0-9_-]{40,128})"
    r"(\?thread_id=[0-9]{15,22})?"
)
_TELEGRAM_TOKEN = re.compile(r"([0-9]{5,20}):[A-Za-z0-9_-]{30,64}")
_TELEGRAM_CHAT = re.compile(r"-?[1-9][0-9]{0,19}|@[A-Za-z][A-Za-z0-9_]{3,31}")
_TELEGRAM_THREAD = re.compile(r"[1-9][0-9]{0,14}|")
_MATTERMOST = re.compile(r"(?:/[A-Za-z0-9._-]{1,100}){0,4}/hooks/([a-z0-9]{20,40})")
# An id of a room; from room version 12 on it has no server in it (spec.matrix.org/latest/appendices/#room-ids).
_ROOM = re.compile(r"![!-9;-~]{1,253}(?::[A-Za-z0-9.:\[\]-]{1,253})?")
_MOST_ROOM = 255
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]{1,100}){0,4}/?")
_TOPIC = re.compile(r"((?:/[A-Za-z0-9._~-]{1,100}){0,4})/([-_A-Za-z0-9]{1,64})")
_TOKEN = re.compile(r"[!-~]{8,2000}")
# Names that no public registry gives out (RFC 6762, RFC 8375, and ICANN's reservation of .internal).
_NEAR = (".local", ".lan", ".internal", ".home.arpa", ".localhost")


def slack(told: Mapping[str, str]) -> Read:
    """Read an incoming webhook (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks)."""
    found = _SLACK.fullmatch(told["url"])
    if found is None:
        raise Invalid("This is no incoming webhook of Slack: https://hooks.slack.com/services/T…/B…/….", field="url")
    return {"url": told["url"]}, f"Slack {found[1]}/{found[2]}", told["url"]


def discord(told: Mapping[str, str]) -> Read:
    """Read a webhook of a channel, also of one thread in it (discord.com/developers/docs/resources/webhook)."""
    found = _DISCORD.fullmatch(told["url"].rstrip("/"))
    if found is None:
        raise Invalid("This is no webhook of Discord: https://discord.com/api/webhooks/…/….", field="url")
    thread = found[3] or ""
    return (
        {"url": f"https://discord.com/api/webhooks/{found[1]}/{found[2]}{thread}"},
        f"Discord webhook {found[1]}",
        f"{found[1]}{thread}",
    )


def telegram(told: Mapping[str, str]) -> Read:
    """Read a bot and a chat (core.telegram.org/bots/api#sendmessage)."""
    bot, chat, thread = _TELEGRAM_TOKEN.fullmatch(told["token"]), told["chat"], told["thread"]
    if bot is None:
        raise Invalid("This is no token of a bot of Telegram: a number, a colon, and 35 letters.", field="token")
    if not _TELEGRAM_CHAT.fullmatch(chat):
        raise Invalid("A chat of Telegram is @name or a number such as -1001234567890.", field="chat")
    if not _TELEGRAM_THREAD.fullmatch(thread):
        raise Invalid("A topic of Telegram is a number.", field="thread")
    place = f"{chat.lower()}/{thread}"
    return {"token": told["token"], "chat": chat, "thread": thread}, f"Telegram {place.rstrip('/')}", place


def mattermost(told: Mapping[str, str]) -> Read:
    """Read an incoming webhook (developers.mattermost.com/integrate/webhooks/incoming)."""
    address = _address(told["url"])
    found = _MATTERMOST.fullmatch(address.path)
    if found is None:
        raise Invalid("This is no incoming webhook of Mattermost: https://chat.example.org/hooks/….", field="url")
    url = address.origin + address.path
    return {"url": url}, f"Mattermost {address.place} …{found[1][-_TAIL:]}", url


def matrix(told: Mapping[str, str]) -> Read:
    """Read a homeserver, a room, and the token of an account in it (spec.matrix.org/latest/client-server-api)."""
    address, room = _address(told["url"]), told["room"]
    if not _PATH.fullmatch(address.path):
        raise Invalid("A homeserver is an address such as https://matrix.example.org.", field="url")
    if not _ROOM.fullmatch(room) or len(room) > _MOST_ROOM:
        raise Invalid(
            "The ID of a room begins with an exclamation mark, such as !abcdef:example.org. What begins with # is "
            "another name of it: its ID stands in the settings of the room.",
            field="room",
        )
    _check_token(told["token"])
    url = address.origin + address.path.rstrip("/")
    return {"url": url, "room": room, "token": told["token"]}, f"Matrix {room}", f"{url} {room}"


def ntfy(told: Mapping[str, str]) -> Read:
    """Read a topic at a server (docs.ntfy.sh/publish). Whoever knows a topic's name reads it, so it is a secret."""
    address = _address(told["url"])
    found = _TOPIC.fullmatch(address.path)
    if found is None:
        raise Invalid("This is no topic of ntfy: https://ntfy.sh/ and up to 64 letters, digits, _ and -.", field="url")
    if told["token"]:
        _check_token(told["token"])
    url = address.origin + address.path
    return {"url": url, "token": told["token"]}, f"ntfy {address.place} {_some(found[2])}", url


def webhook(told: Mapping[str, str]) -> Read:
    """Read an address that takes digests as JSON, and what they are signed with (standardwebhooks.com)."""
    address = _address(told["url"])
    url = address.origin + address.path
    secret = told["secret"] or new_secret()
    if not secrets_in(secret):
        raise Invalid(
            "A signing secret is whsec_ and 24 to 64 bytes in Base64. Left empty, one is made.", field="secret"
        )
    return {"url": url, "secret": secret}, f"Webhook {address.place}{_some(address.path)}", url


def _some(text: str) -> str:
    """Give the beginning of what others must not learn; nothing of what is short."""
    return f"{text[:_TAIL]}…" if len(text) > 3 * _TAIL else "…"


def _address(url: str) -> Address:
    """Read an address of the reader's choice: https, or http within a network of their own."""
    try:
        address = read_url(url if len(url) <= _LONGEST else "")
    except Invalid:
        # What was given is not shown: it may hold a secret.
        raise Invalid("This is no http:// or https:// address without a user in it.", field="url") from None
    if address.scheme != "https" and not _is_near(address.host):
        raise Invalid("It takes https://, as nothing secret goes over an open line.", field="url")
    return address


def _is_near(host: str) -> bool:
    if ":" in host or host.replace(".", "").isdecimal():
        try:
            return not is_public(host)
        except ValueError:
            return False
    return "." not in host or host.endswith(_NEAR)


def _check_token(token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise Invalid("An access token is 8 letters or more, without blanks.", field="token")
