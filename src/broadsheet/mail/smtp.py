"""Mails through a server, by SMTP (RFC 5321) with TLS where it can be had (RFC 3207, RFC 8314)."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.port import Mail, message_of

TIMEOUT_S = 30.0
_PORTS = {"smtp": 587, "smtps": 465}
_GO_ON = 354
_ANSWERS, _TAKEN, _REFUSED = range(200, 600), range(200, 300), range(500, 600)
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


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
        """Hand a mail to the server.

        Raises Unavailable when it was not taken and may be later, InDoubt when it went out whole and the server did
        not say whether it took it, and Invalid when it never will.
        """
        message = message_of(mail)
        try:
            server = self._connected()
            try:
                _hand_over(server, message)
            finally:
                _leave(server)
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
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


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Send a mail as RFC 5321, section 3.3, has it, step by step, to know whether it went out."""
    server.ehlo_or_helo_if_needed()
    _said(server.mail(message["From"]))
    _said(server.rcpt(message["To"]))
    _said(server.docmd("DATA"), range(_GO_ON, _GO_ON + 1))
    server.send(_LEADING_DOT.sub(b"..", message.as_bytes(policy=SMTP)) + b".\r\n")
    try:
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise InDoubt(f"The mail server did not say whether it took the mail: {_reason(error)}.") from error
    if answer[0] not in _ANSWERS:
        raise InDoubt(f"The mail server did not say whether it took the mail ({answer[0]}).")
    _said(answer)


def _said(answer: tuple[int, bytes], wanted: range = _TAKEN) -> None:
    if answer[0] not in wanted:
        raise _judged(*answer)


def _leave(server: smtplib.SMTP) -> None:
    """Close the line; what the server says to that changes nothing about what it took."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


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


def _judged(code: int, said: object) -> Exception:
    """Tell what will never be taken from what may be taken later (RFC 5321, section 4.2.1: 5yz and 4yz)."""
    told = f"The mail server refused the mail ({code}): {_plain(said)}."
    return Invalid(told, field="smtp_url") if code in _REFUSED else Unavailable(told)


def _reason(error: Exception) -> str:
    return _plain(str(error) or type(error).__name__)


def _plain(said: object) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200].rstrip(". ")
