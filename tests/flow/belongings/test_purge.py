"""Who left cannot be read off the disk: after a purge no file of the house holds a byte of their address or name."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert
from tests.filling import filled
from tests.papers import AT, record
from tests.readers import make_reader

from broadsheet.flow.belongings.leave import leave
from broadsheet.flow.belongings.purge import purge
from broadsheet.flow.house import House
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.mail.folder import FolderMailer
from broadsheet.mail.port import Mail
from broadsheet.model.reader import Reader
from broadsheet.settings import Settings
from broadsheet.store import whole
from broadsheet.store.schema_accounts import addresses, identities, letters, passkeys, sessions, tokens
from broadsheet.store.schema_accounts import readers as accounts
from broadsheet.store.schema_moderating import moderation_log, reports
from broadsheet.store.schema_talking import comment_editions, comments, notices
from broadsheet.store.tables import metadata
from broadsheet.wiring import open_house

CANARIES = ("canary-handle", "Canary Q. Name", "canary.mail@example.org", "canary-about", "canary-note", "canary-agent")


def settle_in(house: House) -> Reader:
    """Let a reader leave a trace wherever one can be left, and others write of them."""
    reader = make_reader(house, "canary-handle")
    other = make_reader(house, "bo", role="admin")
    mail = "canary.mail@example.org"
    here = {"reader_id": reader.id, "paper_id": 1}
    rows: list[tuple[Table, dict[str, Any]]] = [
        (addresses, {"key": mail, "reader_id": reader.id, "address": mail}),
        (addresses, {"key": "bo@example.org", "reader_id": other.id, "address": "bo@example.org"}),
        (identities, {"issuer": "https://idp.example", "name": "Canary Q. Name", **here}),
        (passkeys, {"name": "Canary Q. Name's phone", **here}),
        (sessions, {"agent": "canary-agent", **here}),
        (tokens, {"name": "canary-note", **here}),
        (letters, {"address": mail}),
        (comments, {"id": 1, "body": "canary-note says Canary Q. Name", "state": "shown", **here}),
        (comments, {"id": 2, "body": "Thanks @canary-handle!", **here, "reader_id": other.id, "parent_id": 1}),
        (comment_editions, {"comment_id": 1, "body": "canary-note, first"}),
        (notices, {"id": 2, "reader_id": other.id, "words": "@canary-handle, whom you reported, is suspended."}),
        (moderation_log, {"id": 1, "kind": "reader", "target": reader.id, "words": "@canary-handle"}),
        (moderation_log, {"id": 2, "kind": "paper", "target": 1, "why": "As @Canary-Handle said."}),
        (reports, {"kind": "comment", "target": 1, "why": "@canary-handle again", "reader_id": other.id}),
        (notices, {"reader_id": other.id, "by_id": reader.id, "words": "Canary Q. Name mentioned you"}),
    ]
    with house.store.writing() as connection:
        told = {"name": "Canary Q. Name", "about": "canary-about", "choices": '{"x":"canary-note"}'}
        connection.execute(accounts.update().where(accounts.c.id == reader.id).values(told))
        for table, row in rows:
            connection.execute(insert(table).values(filled(table, row)))
    labels.make(house, reader, Wanted("canary-note", "canary-about", "all"))
    labels.put(house, reader, "canary-note", "2401.00001", "canary-note " * 100)
    outbox = FolderMailer(house.settings.outbox_folder)
    for to in (mail, "bo@example.org"):
        sender = "house@example.org"
        outbox.send(Mail(key=f"sign-in-{to}", sender=sender, to=to, subject="Sign in", text=f"Hello {to}", at=AT))
    (house.settings.outbox_folder / ".half.part").write_text(f"To: {mail}")
    return reader


def traces(home: Path) -> set[tuple[str, str]]:
    """Search every file for each canary, as it is, in UTF-16 and in capitals."""
    found = set()
    for file in home.rglob("*"):
        content = file.read_bytes().lower() if file.is_file() else b""
        names = str(file.relative_to(home)).lower().encode()
        for canary in CANARIES:
            spellings = [
                canary.lower().encode(),
                canary.lower().encode("utf-16-le"),
                canary.lower().replace("@", "-").encode(),
            ]
            if any(spelt in content or spelt in names for spelt in spellings):
                found.add((file.name, canary))
    return found


def test_after_a_purge_no_file_holds_who_left(house: House) -> None:
    keep(house.store, [record(number) for number in range(1, 4)], at=AT)
    reader = settle_in(house)
    catch_up(house)
    house.spaces.save()
    home = house.settings.home
    assert {canary for _, canary in traces(home)} == set(CANARIES)
    leave(house, reader, handle="canary-handle", words="withdraw")
    done = purge(house)
    house.spaces.save()
    assert traces(home) == set()
    assert done.mails == 2
    assert [file.name for file in house.settings.outbox_folder.iterdir()] == ["sign-in-bo-example.org.eml"]


def test_a_purge_with_nothing_to_do_changes_nothing(house: House) -> None:
    keep(house.store, [record(1)], at=AT)
    assert purge(house).mails == 0
    assert purge(house).bytes_before > 0


def test_after_a_purge_a_server_gives_no_trace_either(postgresql_url: str, tmp_path: Path) -> None:
    with open_house(Settings(home=tmp_path / "home", database_url=postgresql_url), clock=lambda: AT) as house:
        with house.store.writing() as connection:
            whole.clear(connection)
        keep(house.store, [record(number) for number in range(1, 4)], at=AT)
        reader = settle_in(house)
        leave(house, reader, handle="canary-handle", words="withdraw")
        purge(house)
        with house.store.reading() as connection:
            told = [str(row).lower() for table in metadata.sorted_tables for row in whole.rows(connection, table)]
            whole_text = "\n".join(told)
        with house.store.writing() as connection:
            whole.clear(connection)
    assert "bo@example.org" in whole_text
    assert [canary for canary in CANARIES if canary.lower() in whole_text] == []
    assert traces(tmp_path / "home") == set()
