"""Mailboxes that ask, letters that come back, and what lies in the folder of mails."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from sqlalchemy import Table, func, select

from broadsheet.credentials.mail_address import read_mail_address
from broadsheet.flow.house import House
from broadsheet.flow.subscribing import due
from broadsheet.flow.subscribing import signing_up as subscribing
from broadsheet.mail.folder import FolderMailer
from broadsheet.model.reader import Reader
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Rhythm, Subscriber, Times
from broadsheet.store import addresses
from broadsheet.store.addresses import Address
from broadsheet.store.schema_digests import digests

TRENDING = Selection("trending")
DAY = timedelta(days=1)


def later(house: House, span: timedelta) -> House:
    """Give the house as it is some time later."""
    at = house.clock() + span
    return replace(house, clock=lambda: at)


def mails(house: House) -> list[EmailMessage]:
    """Give all mails in the folder."""
    assert isinstance(house.mailer, FolderMailer)
    found = sorted(house.mailer.folder.glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=default) for file in found]


def ask(
    house: House, address: str, selection: Selection = TRENDING, rhythm: Rhythm = "daily", times: Times | None = None
) -> str:
    """Ask for a list as a stranger and give the text of the mail that this led to; empty for none."""
    before = {mail["Message-ID"] for mail in mails(house)}
    subscribing.ask(house, read_mail_address(address), selection, rhythm, times or Times())
    return "".join(mail.get_content() for mail in mails(house) if mail["Message-ID"] not in before)


def secret_in(text: str) -> str:
    """Give the secret that a letter is to bring back."""
    found = re.search(r"/letters/(\S+)", text)
    assert found
    return found[1]


def confirmed(house: House, address: str, selection: Selection = TRENDING, rhythm: Rhythm = "daily") -> Subscriber:
    """Subscribe a mailbox that says yes."""
    return subscribing.confirm(house, secret_in(ask(house, address, selection, rhythm)))


def verify(house: House, reader: Reader, address: str) -> None:
    """Let an address be a reader's."""
    with house.store.writing() as connection:
        addresses.insert(connection, Address(address.lower(), reader.id, address, house.clock()))


def called_up(house: House, span: timedelta = DAY) -> list[str]:
    """Call up what is due some time later, and give the state of each digest that there is."""
    due.call_up(later(house, span))
    with house.store.reading() as connection:
        return list(connection.execute(select(digests.c.state).order_by(digests.c.id)).scalars())


def count(house: House, table: Table) -> int:
    """Count the rows of a table."""
    with house.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
