"""Mails through a server, by SMTP (RFC 5321) with TLS where it can be had (RFC 3207, RFC 8314)."""

import smtplib
import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from broadsheet.errors import Invalid, Unavailable
from broadsheet.mail.port import Mail, message_of

TIMEOUT_S = 30.0
_PORTS = {"smtp": 587, "smtps": 465}
_LATER = range(400, 500)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends through the server at ``url``: ``smtp://user:password@host:port`` or ``smtps://``, else raises Invalid.

    A certificate must be valid for its host. A password goes over an encrypted line or nowhere.
    """

    url: str = field(repr=False)
    timeout_s: float = TIMEOUT_S

    def __post_init__(self) -> None:
        """Refuse an address that is none, and never show it: it may hold a password."""
        _read(self.url)

    def send(self, mail: Mail) -> None:
        """Hand a mail to the server; raises Unavailable when it was not taken and may be later, else Invalid."""
        message = message_of(mail)
        try:
            with self._connected() as server:
                server.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            raise _judged(error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server did not take the mail: {_reason(error)}.") from error

    def _connected(self) -> smtplib.SMTP:
        scheme, host, port, user, password = _read(self.url)
        context = ssl.create_default_context()
        if scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=self.timeout_s, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=self.timeout_s)
        try:
            secure = scheme == "smtps" or _secured(server, context)
            if user:
                _log_in(server, user, password, secure=secure)
        except BaseException:
            server.close()
            raise
        return server


def _secured(server: smtplib.SMTP, context: ssl.SSLContext) -> bool:
    server.ehlo()
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=context)
    return True


def _log_in(server: smtplib.SMTP, user: str, password: str, *, secure: bool) -> None:
    if not secure:
        raise Invalid("The mail server offers no encryption; no password is sent to it.", field="smtp_url")
    server.login(user, password)


def _read(url: str) -> tuple[str, str, int, str, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port = "", 0
    if not host or not url.isascii() or not url.isprintable():
        raise Invalid("Setting 'smtp_url' is like smtp://user:password@host:587 or smtps://host.", field="smtp_url")
    return parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or "")


def _judged(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> Exception:
    """Tell what will never be taken from what may be taken later (RFC 5321, section 4.2.1: 5yz and 4yz)."""
    answers = list(error.recipients.values()) if isinstance(error, smtplib.SMTPRecipientsRefused) else []
    code, said = answers[0] if answers else (getattr(error, "smtp_code", 0), getattr(error, "smtp_error", b""))
    told = f"The mail server refused the mail ({code}): {_plain(said)}."
    return Unavailable(told) if code in _LATER else Invalid(told, field="smtp_url")


def _reason(error: Exception) -> str:
    return _plain(str(error) or type(error).__name__)


def _plain(said: object) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200].rstrip(". ")
