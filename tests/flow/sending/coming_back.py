"""Digests that went out, for tests of what comes back, and the reports that come back."""

from sqlalchemy import insert
from tests.filling import filled

from broadsheet.flow.house import House
from broadsheet.flow.subscribing import returning_to, tokens
from broadsheet.model.digest import State
from broadsheet.model.subscription import State as Standing
from broadsheet.model.subscription import Subscriber, Way
from broadsheet.store import bulk, digests, subscribers
from broadsheet.store.payload import moment
from broadsheet.store.schema_digests import digests as table

REPORT = """\
From: MAILER-DAEMON@mx.lab.example
To: papers+{tag}@broadsheet.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@mx.lab.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: message/delivery-status

Final-Recipient: rfc822; ann@lab.example
Action: failed
Status: {status}
Diagnostic-Code: smtp; 5xx {status} <ann@lab.example>: so it is

--B--
"""
COMPLAINT = """\
From: staff@fbl.example
To: abuse@broadsheet.example
Content-Type: multipart/report; report-type=feedback-report; boundary=B

--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1

--B
Content-Type: message/rfc822

Return-Path: <papers+{tag}@broadsheet.example>

--B--
"""
WISH = "From: ann@lab.example\nTo: papers+{tag}@broadsheet.example\nSubject: unsubscribe\n\n"


def somebody(house: House, name: str = "ann", *, way: Way = "mail", state: Standing = "active") -> Subscriber:
    """Keep somebody who gets digests."""
    key = f"{name}@lab.example"
    told = Subscriber(id=0, way=way, address=key, key=key, at=house.clock(), state=state, nonce=f"nonce of {name}")
    with house.store.writing() as connection:
        return subscribers.insert(connection, told)


def digest(house: House, subscriber: Subscriber, day: str, state: State = "sent", *, why: str = "") -> int:
    """Keep a digest of a day, settled now."""
    when = moment(house.clock())
    with house.store.writing() as connection:
        number = bulk.next_number(connection, table.c.id)
        row = {"id": number, "subscriber_id": subscriber.id, "kind": "daily", "day": day, "way": subscriber.way}
        times = {"due_at": when, "next_at": when, "settled_at": when}
        values = {**row, **times, "state": state, "why": why, "content": "{}", "domain": "lab.example"}
        connection.execute(insert(table).values(filled(table, values)))
    return number


def tag(house: House, subscriber: Subscriber, number: int, what: returning_to.Returning = "b") -> str:
    """Give what stands in the address that a mail comes back to."""
    return returning_to.tag(tokens.key_of(house), what, number, subscriber.nonce)


def report(house: House, subscriber: Subscriber, number: int, status: str = "5.1.1") -> bytes:
    """Write what a server reports of a digest."""
    return REPORT.format(tag=tag(house, subscriber, number), status=status, number=number).encode()


def complaint(house: House, subscriber: Subscriber, number: int) -> bytes:
    """Write what a mailbox provider reports when somebody calls a digest spam."""
    return COMPLAINT.format(tag=tag(house, subscriber, number)).encode()


def wish(house: House, subscriber: Subscriber) -> bytes:
    """Write a mail that asks to hear no more."""
    return WISH.format(tag=tag(house, subscriber, subscriber.id, "u")).encode()


def state_of(house: House, subscriber: Subscriber) -> tuple[str, str]:
    """Tell how a subscriber stands, and why."""
    with house.store.reading() as connection:
        found = subscribers.by_id(connection, subscriber.id)
    assert found is not None
    return found.state, found.why


def became(house: House, number: int) -> str:
    """Tell the state of a digest."""
    with house.store.reading() as connection:
        found = digests.by_id(connection, number)
    assert found is not None
    return found.state
