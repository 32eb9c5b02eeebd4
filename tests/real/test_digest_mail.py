"""A digest of real days through a real mail server (aiosmtpd), as it arrives there."""

import asyncio
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import dkim
import pytest
from tests.mail.made import key_in
from tests.mail.strict import strictly

from broadsheet.flow.house import House
from broadsheet.flow.sending.run import send_due
from broadsheet.flow.shelf.import_files import import_files
from broadsheet.flow.subscribing import due, returning_to, tokens
from broadsheet.model.selection import Selection
from broadsheet.model.subscription import Subscriber, Times
from broadsheet.settings import Settings
from broadsheet.store import subscribers, subscriptions
from broadsheet.wiring import open_house

MORNING = datetime(2026, 5, 1, 7, tzinfo=UTC)
SUBSCRIBED = MORNING - timedelta(hours=20)
DAYS = 3


class Mailbox:
    """Takes every mail, and remembers it with its envelope."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, _: object, __: object, envelope: Any) -> str:  # noqa: N802 - as aiosmtpd names it
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[tuple[str, Mailbox]]:
    """Run aiosmtpd on a free port."""
    smtp = pytest.importorskip("aiosmtpd.smtp")
    mailbox, loop = Mailbox(), asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def begin() -> asyncio.Server:
        return await loop.create_server(
            lambda: smtp.SMTP(mailbox, hostname="mx.example", ident="mx", loop=loop), "127.0.0.1", 0
        )

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(timeout=60)

    async def end() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", mailbox
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(timeout=60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=60)
        loop.close()


def last_days(shared_data: Path, file: Path) -> Path:
    """Write the last days of the corpus into a file of their own."""
    with gzip.open(shared_data / "hf_daily" / "daily_raw.jsonl.gz", "rt", encoding="utf-8") as lines:
        file.write_text("".join(list(lines)[-DAYS:]), "utf-8")
    return file


def subscribe(house: House) -> Subscriber:
    """Let somebody get what trends and each day's page."""
    told = Subscriber(
        id=0,
        way="mail",
        address="ada@example.org",
        key="ada@example.org",
        at=SUBSCRIBED,
        state="active",
        times=Times(hour="07:00"),
        nonce="once",
    )
    with house.store.writing() as connection:
        made = subscribers.insert(connection, told)
        for selection in (Selection("trending"), Selection("day")):
            subscriptions.put(connection, made.id, selection, "daily", at=SUBSCRIBED)
        due.schedule(connection, house, made.id)
    return made


def test_a_digest_of_real_days_arrives_whole_signed_and_once(shared_data: Path, tmp_path: Path) -> None:
    key, record = key_in(tmp_path)
    now = [SUBSCRIBED]
    with mail_server() as (url, mailbox):
        settings = Settings(
            home=tmp_path / "home",
            public_url="https://papers.example",
            smtp_url=url,
            bounce_address="bounces@papers.example",
            dkim_selector="news",
            dkim_key=str(key),
        )
        with open_house(settings, clock=lambda: now[0]) as house:
            import_files(house, [last_days(shared_data, tmp_path / "days.jsonl")])
            ada = subscribe(house)
            now[0] = MORNING + timedelta(minutes=1)
            assert due.call_up(house) == 1
            for _ in range(2):
                send_due(house)
            secret = tokens.key_of(house)
    assert len(mailbox.taken) == 1
    sender, recipients, raw = mailbox.taken[0]
    assert recipients == ["ada@example.org"]
    assert returning_to.is_good(secret, returning_to.tag_of(sender), ada.nonce)
    looks_like_a_digest(raw)
    assert dkim.verify(raw, dnsfunc=lambda *_, **__: record)


def looks_like_a_digest(raw: bytes) -> None:
    """Look at what a reader gets."""
    told = strictly(raw)
    plain, page = [part.get_content() for part in told.iter_parts() if not part.is_multipart()]  # type: ignore[attr-defined]
    count = int(told["Subject"].split(" ")[0])
    assert count == Settings().digest_papers
    assert ", led by “" in told["Subject"]
    assert page.count("<h3") == plain.count("\n    https://papers.example/papers/") == count
    assert "https://arxiv.org/pdf/" in plain
    assert "upvotes" in plain
    assert len(page.encode()) < 100_000
