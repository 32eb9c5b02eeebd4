"""The mails that bring letters: what they say, and that they are sent."""

import logging
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from broadsheet.errors import BroadsheetError
from broadsheet.flow import events
from broadsheet.flow.accounts.letters import ADDRESS, INVITATION, JOIN, LASTS, SIGN_IN, SUBSCRIBE, url_of
from broadsheet.flow.house import House
from broadsheet.mail.port import Mail

_SUBJECTS = {
    SIGN_IN: "Sign in to {site}",
    JOIN: "Join {site}",
    ADDRESS: "Is this your address? – {site}",
    INVITATION: "You are invited to {site}",
    SUBSCRIBE: "Papers in your inbox? – {site}",
}
_TEXTS = {
    SIGN_IN: "Somebody, probably you, asked to sign in to {site}. Open this address and press the button there:",
    JOIN: "Somebody, probably you, asked to join {site}. Open this address to choose a name:",
    ADDRESS: "A reader of {site} named {by} says that this is their address. If that is you, open this address:",
    INVITATION: "{by} invites you to {site}, a daily paper of research papers. Open this address to join:",
    SUBSCRIBE: "Somebody, probably you, asked {site} to mail you {by}. To say yes, open this address:",
}
_END = "It works once, within {span}. If you did not expect this mail, do nothing: then nothing happens."


def tell(house: House, to: Collection[str], change: str) -> None:
    """Tell a reader at all their addresses that something changed about how they sign in (OWASP ASVS 5.0, 6.3.7)."""
    site, url = house.settings.site_name, house.settings.public_url.rstrip("/")
    text = (
        f"{change} on {site}, in a browser where you are signed in.\n\n"
        f"If that was not you, end all other sessions and undo it: {url}/account\n"
    )
    for address in to:
        _hand_over(house, "notice", address, f"Your account on {site}", text)


def send(  # noqa: PLR0913 - what a letter is, and two things it may say
    house: House, kind: str, to: str, secret: str, *, by: str = "", also: str = ""
) -> bool:
    """Mail the letter of a secret; tells whether it was taken, and if not the log says why.

    ``by`` says who asks, or for what; ``also`` is one more paragraph.
    """
    told = {"site": house.settings.site_name, "by": by or "Somebody", "span": _span(LASTS[kind])}
    parts = (_TEXTS[kind].format(**told), url_of(house, secret), _END.format(**told), also)
    text = "\n\n".join(filter(None, parts)) + "\n"
    return _hand_over(house, kind, to, _SUBJECTS[kind].format(**told), text)


def _hand_over(house: House, kind: str, to: str, subject: str, text: str) -> bool:
    if house.mailer is None:
        events.tell(logging.ERROR, "mail failed", kind=kind, reason="no mail server is set")
        return False
    sender = house.settings.mail_from or f"broadsheet@{urlsplit(house.settings.public_url).hostname}"
    mail = Mail(key=uuid4().hex, sender=sender, to=to, subject=subject, text=text, at=house.clock())
    try:
        house.mailer.send(mail)
    except BroadsheetError as error:
        # What a server says may repeat the address.
        events.tell(logging.ERROR, "mail failed", kind=kind, reason=str(error).replace(to, "…"))
        return False
    events.tell(logging.INFO, "mail sent", kind=kind)
    return True


def _span(lasts: timedelta) -> str:
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if lasts >= length:
            number = lasts // length
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{lasts // timedelta(minutes=1)} minutes"
