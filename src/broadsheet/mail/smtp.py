"""Mails through a server, by SMTP (RFC 5321) with TLS where it can be had (RFC 3207, RFC 8314)."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.packing import packed
from broadsheet.mail.port import Mail
from broadsheet.mail.ways import Deferred, Pack, never

TIMEOUT_S = 30.0
# RFC 5321, section 4.5.3.2.6: whoever gives up sooner on the answer to a whole mail is left in doubt.
ANSWER_S = 600.0
# Many servers end a session after so many.
_MOST_ON_A_LINE = 100
_PORTS = {"smtp": 587, "smtps": 465}
_GO_ON, _CLOSING = 354, 421
_ANSWERS, _TAKEN, _REFUSED = range(200, 600), range(200, 300), range(500, 600)
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_END = b".\r\n"


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends through the server at ``url``: ``smtp://user:password@host:port`` or ``smtps://``, else raises Invalid.

    A certificate must be valid for its host. A password goes over an encrypted line or nowhere.
    """

    url: str = field(repr=False)
    timeout_s: float = TIMEOUT_S
    answer_s: float = ANSWER_S
    pack: Pack = packed
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that is none, and never show it: it may hold a password."""
        _read(self.url)

    def send(self, mail: Mail) -> None:
        """Hand a mail to the server.

        Raises Unavailable when it was not taken and may be later, InDoubt when it went out whole and the server did
        not say whether it took it, and Invalid when it never will.
        """
        with self.line() as line:
            line.send(mail)

    @contextmanager
    def line(self) -> Iterator["SmtpLine"]:
        """Open a line for many mails."""
        line = SmtpLine(self)
        try:
            yield line
        finally:
            line.leave()

    def connected(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in, as far as the address asks for it and the server offers it."""
        scheme, host, port, user, password = _read(self.url)
        context = self.context or ssl.create_default_context()
        if scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=self.timeout_s, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=self.timeout_s)
        try:
            secure = scheme == "smtps" or _secured(server, context)
            server.ehlo_or_helo_if_needed()
            if user:
                _log_in(server, user, password, secure=secure)
            # What is written last is a few bytes, which must not wait for more.
            if server.sock is not None:
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            server.close()
            raise
        return server


class SmtpLine:
    """A session with a server: connected with the first mail, and again whenever the server has ended it."""

    def __init__(self, mailer: SmtpMailer) -> None:
        self._mailer = mailer
        self._server: smtplib.SMTP | None = None
        self._mails = 0
        self._within_mail = False

    def send(self, mail: Mail, *, before_end: Callable[[], None] = never) -> None:
        """Hand a mail over step by step (RFC 5321, section 3.3), to know whether it went out; see ``ways.Line``."""
        content = _LEADING_DOT.sub(b"..", self._mailer.pack(mail))
        sender, to = mail.envelope
        try:
            with self._kept():
                server = self._begun(sender)
                _said(server.rcpt(to), field="to")
                _said(server.docmd("DATA"), range(_GO_ON, _GO_ON + 1))
                self._within_mail = True
                server.send(content if content.endswith(b"\r\n") else content + b"\r\n")
                before_end()
                answer = self._ended(server)
                self._within_mail = False
                _said(answer, field="to")
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server did not take the mail: {_reason(error)}.") from error

    def leave(self) -> None:
        """Close the line; what the server says to that changes nothing about what it took."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Keep the line after what went well or was refused, else hang up: what was not ended is dropped."""
        try:
            yield
        except BaseException:
            self._reset()
            raise
        finally:
            self._mails += 1

    def _reset(self) -> None:
        if self._server is None:
            return
        if not self._within_mail:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.rset()[0] in _TAKEN:
                    return
        # Within a mail a farewell would be a part of it.
        self._server.close()
        self._server, self._within_mail = None, False

    def _begun(self, sender: str) -> smtplib.SMTP:
        if self._mails >= _MOST_ON_A_LINE:
            self.leave()
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                answer = self._server.mail(sender)
                if answer[0] != _CLOSING:
                    _said(answer)
                    return self._server
            # It ended the session while nothing was under way.
            self._server.close()
            self._server = None
        self._server, self._mails = self._mailer.connected(), 0
        _said(self._server.mail(sender))
        return self._server

    def _ended(self, server: smtplib.SMTP) -> tuple[int, bytes]:
        try:
            _wait_for(server, self._mailer.answer_s)
            server.send(_END)
            answer = server.getreply()
            _wait_for(server, self._mailer.timeout_s)
        except (OSError, smtplib.SMTPException) as error:
            raise InDoubt(f"The mail server did not say whether it took the mail: {_reason(error)}.") from error
        if answer[0] not in _ANSWERS:
            raise InDoubt(f"The mail server did not say whether it took the mail ({answer[0]}).")
        return answer


def _said(answer: tuple[int, bytes], wanted: range = _TAKEN, *, field: str = "smtp_url") -> None:
    if answer[0] not in wanted:
        raise _judged(*answer, field=field)


def _wait_for(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _secured(server: smtplib.SMTP, context: ssl.SSLContext) -> bool:
    server.ehlo()
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=context)
    return True


def _log_in(server: smtplib.SMTP, user: str, password: str, *, secure: bool) -> None:
    if not secure:
        raise Invalid("The mail server offers no encryption; no password is sent to it.", field="smtp_url")
    try:
        server.login(user, password)
    except UnicodeEncodeError:
        raise Invalid("The user and password of the mail server take plain letters only.", field="smtp_url") from None


def _read(url: str) -> tuple[str, str, int, str, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port = "", 0
    if not host or not url.isascii() or not url.isprintable():
        raise Invalid("Setting 'smtp_url' is like smtp://user:password@host:587 or smtps://host.", field="smtp_url")
    return parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or "")


def _judged(code: int, said: object, *, field: str = "smtp_url") -> Exception:
    """Tell what will never be taken from what may be taken later (RFC 5321, section 4.2.1: 5yz and 4yz)."""
    told = f"The mail server refused the mail ({code}): {_plain(said)}."
    if code in _REFUSED:
        return Invalid(told, field=field)
    return Deferred(told) if field == "to" and code != _CLOSING else Unavailable(told)


def _reason(error: Exception) -> str:
    return _plain(str(error) or type(error).__name__)


def _plain(said: object) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200].rstrip(". ")
