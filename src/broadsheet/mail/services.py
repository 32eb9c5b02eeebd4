"""Mails through a mail service, by the backends of django-anymail, which is an extra.

Which services there are, and what each calls what it asks for: https://anymail.dev/en/stable/esps/
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import Any

from broadsheet.errors import InDoubt, Invalid, Unavailable
from broadsheet.mail.packing import packed
from broadsheet.mail.port import Mail
from broadsheet.mail.ways import Pack, never

# The service dates and signs a mail itself.
_THEIRS = ("content-", "date", "dkim-signature", "from", "mime-version", "subject", "to")
_NO_SERVICES = frozenset({"base", "base_requests", "console", "test"})
_TRY_AGAIN = frozenset({429, 503})
_REFUSED = range(300, 500)


@dataclass(frozen=True, slots=True)
class ServiceMailer:
    """Sends through the service of a name such as ``postmark``; ``keys`` are by anymail's names for its settings.

    Raises Invalid for a service that is not known, or keys that are not those it asks for, and Unavailable when the
    extra is not installed.
    """

    service: str
    keys: Mapping[str, str] = field(repr=False)
    pack: Pack = packed

    def __post_init__(self) -> None:
        """Look whether there is such a service and whether it has all that it asks for."""
        _backend(self.service, self.keys)

    def send(self, mail: Mail) -> None:
        """Hand a mail over; see ``ways.Line``."""
        with self.line() as line:
            line.send(mail)

    @contextmanager
    def line(self) -> Iterator["ServiceLine"]:
        """Open a connection for many mails."""
        backend = _backend(self.service, self.keys)
        backend.open()
        try:
            yield ServiceLine(self.service, backend, self.pack)
        finally:
            backend.close()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A connection to a service that is kept from mail to mail."""

    service: str
    backend: Any
    pack: Pack

    def send(self, mail: Mail, *, before_end: Callable[[], None] = never) -> None:
        """Hand a mail over; ``before_end`` is called before the request, for it goes out in one piece."""
        message = self._message(mail)
        before_end()
        try:
            self.backend.send_messages([message])
        except Exception as error:
            raise _judged(self.service, error) from error

    def _message(self, mail: Mail) -> Any:  # noqa: ANN401 - Django's, which has no types
        from django.core.mail import EmailMultiAlternatives  # noqa: PLC0415 - an extra

        told = message_from_bytes(self.pack(mail), policy=default)
        headers = {name: str(value) for name, value in told.items() if not name.lower().startswith(_THEIRS)}
        message = EmailMultiAlternatives(
            str(told["Subject"]), mail.text, str(told["From"]), [str(told["To"])], headers=headers
        )
        if mail.html:
            message.attach_alternative(mail.html, "text/html")
        return message


def _backend(service: str, keys: Mapping[str, str]) -> Any:  # noqa: ANN401 - anymail has no types
    try:
        from anymail import backends  # noqa: PLC0415 - an extra
        from django.conf import settings  # noqa: PLC0415 - an extra
        from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Unavailable("Mail services take an extra: pip install 'broadsheet[mail-services]'.") from error
    known = {module.name for module in pkgutil.iter_modules(backends.__path__)} - _NO_SERVICES
    if service not in known:
        raise Invalid(
            f"There is no mail service {service!r}; known are {', '.join(sorted(known))}.", field="mail_through"
        )
    if not settings.configured:
        settings.configure()
    prefix = f"{service.upper()}_"
    told = {name.upper().removeprefix(prefix).lower(): value for name, value in keys.items()}
    try:
        return importlib.import_module(f"anymail.backends.{service}").EmailBackend(**told)
    except ImproperlyConfigured as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise Invalid(
            f"{service} asks for more in 'mail_service_keys': {reason}.", field="mail_service_keys"
        ) from error


def _judged(service: str, error: Exception) -> Exception:
    """Tell what was certainly not taken from what may have been: the answer says so, or that nobody was reached."""
    from anymail import exceptions as told  # noqa: PLC0415 - an extra
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - an extra
    from requests.exceptions import ConnectTimeout  # noqa: PLC0415 - comes with the extra

    # These are of a mail or a setting that is no good, before anything goes out.
    before = told.AnymailUnsupportedFeature, told.AnymailSerializationError, told.AnymailInvalidAddress

    status = getattr(error, "status_code", None)
    if isinstance(error, told.AnymailRecipientsRefused):
        return Invalid(f"{service} does not send to this address.", field="to")
    if status in _TRY_AGAIN:
        return Unavailable(f"{service} takes no mails now ({status}).")
    if status in _REFUSED:
        return Invalid(f"{service} refused the mail ({status}).", field="mail_service_keys")
    if isinstance(error, ConnectTimeout) or _never_connected(error):
        return Unavailable(f"{service} cannot be reached.")
    if isinstance(error, (*before, ImproperlyConfigured)):
        return Invalid(f"The mail cannot be handed to {service}: {type(error).__name__}.", field="mail_service_keys")
    return InDoubt(f"{service} did not say whether it took the mail ({status or type(error).__name__}).")


def _never_connected(error: BaseException) -> bool:
    """Tell whether no connection came about: then nothing went out."""
    from urllib3.exceptions import NameResolutionError, NewConnectionError  # noqa: PLC0415 - comes with the extra

    seen: BaseException | None = error
    while seen is not None:
        told = (seen, getattr(seen, "reason", None), *seen.args)
        if any(isinstance(each, (NewConnectionError, NameResolutionError)) for each in told):
            return True
        if any(isinstance(getattr(each, "reason", None), NewConnectionError) for each in told):
            return True
        seen = seen.__cause__
    return False
