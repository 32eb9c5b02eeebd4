"""What is asked of whoever wants digests in a chat or a program, for forms and their checks."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadsheet.model.subscription import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is asked for: its name in forms, what is said beside it, and whether it is never shown again."""

    name: str
    label: str
    hint: str
    secret: bool = False
    needed: bool = True


TITLES: Mapping[Way, str] = {
    "mail": "Mail",
    "slack": "Slack",
    "discord": "Discord",
    "telegram": "Telegram",
    "mattermost": "Mattermost",
    "matrix": "Matrix",
    "ntfy": "ntfy",
    "webhook": "Webhook",
}
FIELDS: Mapping[Way, tuple[Field, ...]] = {
    "slack": (
        Field(
            name="url",
            label="Webhook URL",
            hint="From an app with incoming webhooks: https://hooks.slack.com/services/…",
            secret=True,
        ),
    ),
    "discord": (
        Field(
            name="url",
            label="Webhook URL",
            hint="Channel settings, Integrations, Webhooks: https://discord.com/api/webhooks/…",
            secret=True,
        ),
    ),
    "telegram": (
        Field(name="token", label="Bot token", hint="From @BotFather: 123456:ABC-DEF…", secret=True),
        Field(name="chat", label="Chat", hint="@channel, or the number of a chat, such as -1001234567890"),
        Field(name="thread", label="Topic", hint="The number of a topic in a forum", needed=False),
    ),
    "mattermost": (
        Field(
            name="url",
            label="Webhook URL",
            hint="Integrations, Incoming Webhooks: https://chat.example.org/hooks/…",
            secret=True,
        ),
    ),
    "matrix": (
        Field(name="url", label="Homeserver", hint="Where its API answers: https://matrix.example.org"),
        Field(name="room", label="Room ID", hint="Room settings, Advanced: !abcdef:example.org"),
        Field(name="token", label="Access token", hint="Of an account that is in the room", secret=True),
    ),
    "ntfy": (
        Field(name="url", label="Topic URL", hint="Such as https://ntfy.sh/name-nobody-guesses", secret=True),
        Field(name="token", label="Access token", hint="Where the topic is protected: tk_…", secret=True, needed=False),
    ),
    "webhook": (
        Field(name="url", label="URL", hint="Of a program that takes JSON by POST", secret=True),
        Field(
            name="secret",
            label="Signing secret",
            hint="whsec_ and 24 to 64 bytes in Base64; left empty, one is made",
            secret=True,
            needed=False,
        ),
    ),
}
