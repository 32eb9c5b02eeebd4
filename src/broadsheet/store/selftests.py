"""What self-tests found, as JSON; the newest is shown."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from broadsheet.model.query import WAYS
from broadsheet.model.selftest import KINDS, Measured, SelfTest, Trial
from broadsheet.store import bulk
from broadsheet.store.payload import moment
from broadsheet.store.schema import selftests

_LATEST = select(selftests.c.at, selftests.c.report).order_by(selftests.c.id.desc()).limit(1)


def add(connection: Connection, space_id: int, found: SelfTest) -> None:
    """Keep what a self-test of a space found."""
    report = asdict(found)
    del report["at"]
    number = bulk.next_number(connection, selftests.c.id)
    bulk.insert(connection, selftests, [(number, space_id, moment(found.at), json.dumps(report))])


def latest(connection: Connection) -> SelfTest | None:
    """Give the newest self-test; None where there is none, or another Broadsheet wrote it in another shape."""
    row = connection.execute(_LATEST).first()
    if row is None:
        return None
    try:
        return _read(row.at, json.loads(row.report))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _read(at: str, told: dict[str, Any]) -> SelfTest:
    measured = tuple(Measured(**each) for each in told.pop("measured"))
    trials = tuple(Trial(**each) for each in told.pop("trials"))
    if any(each.kind not in KINDS or each.way not in WAYS for each in measured):
        raise ValueError(at)
    return SelfTest(at=datetime.fromisoformat(at), measured=measured, trials=trials, **told)
