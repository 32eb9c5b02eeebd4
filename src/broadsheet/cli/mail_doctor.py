"""``broadsheet doctor --mail``: what mailbox providers want of who sends mails, and what to publish where it is not."""

from collections.abc import Sequence
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from broadsheet.cli.output import console, print_json
from broadsheet.errors import Invalid

if TYPE_CHECKING:
    from broadsheet.mail.checkup import Finding
    from broadsheet.mail.dns import Dns
    from broadsheet.settings import Settings

_DNS_PORT = 53
_TIMEOUT_S = 10.0
_COLOURS = {"good": "green", "bad": "red", "advice": "yellow", "unknown": "yellow"}


def examine(home: Path | None, name_server: str, *, as_json: bool) -> None:
    """Look at everything that decides about mails arriving, and print what was found; ends with 1 where it is bad."""
    from broadsheet.settings import read_settings

    found = _findings(read_settings(home), _dns(name_server))
    well = all(each.verdict != "bad" for each in found)
    if as_json:
        print_json({"well": well, "findings": [asdict(each) for each in found]})
    else:
        _print(found)
    if not well:
        raise typer.Exit(1)


def _findings(settings: "Settings", dns: "Dns") -> "list[Finding]":
    from broadsheet.flow.digests.posting import sender_of
    from broadsheet.mail import checkup
    from broadsheet.mail.greeting import greeting
    from broadsheet.mail.smtp import SmtpMailer

    by_server = bool(settings.smtp_url) and not settings.mail_through
    mailer = SmtpMailer(settings.smtp_url, timeout_s=_TIMEOUT_S) if by_server else None
    sending = checkup.Sending(
        sender=sender_of(settings),
        returns_to=settings.bounce_address,
        host=(urlsplit(settings.smtp_url).hostname or "") if mailer else "",
        selector=settings.dkim_selector,
        key_file=settings.dkim_key,
    )
    return list(checkup.examine(sending, dns, (lambda: greeting(mailer)) if mailer else None))


def _dns(name_server: str) -> "Dns":
    from broadsheet.mail.dns import Dns

    if not name_server:
        return Dns()
    try:
        parts = urlsplit(f"//{name_server}")
        return Dns(str(ip_address(parts.hostname or "")), parts.port or _DNS_PORT)
    except ValueError:
        raise Invalid("A name server is an IP address, and a port if need be.", field="name_server") from None


def _print(found: "Sequence[Finding]") -> None:
    from rich.table import Table
    from rich.text import Text

    facts = Table.grid(padding=(0, 2))
    for each in found:
        facts.add_row(each.what, Text(each.verdict, style=_COLOURS[each.verdict]), Text(each.said))
    out = console()
    out.print(facts)
    records = [each.record for each in found if each.record]
    if records:
        out.print("\nPublish:")
        for record in records:
            out.print(Text(record), soft_wrap=True)
