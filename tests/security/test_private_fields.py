"""Nothing that is one reader's own stands on a page of anybody else (TRUST E6, E19; ASVS 5.0, 8.2.3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.security.columns import MODERATORS, PRIVATE, is_open, plant, texts
from tests.security.forms import addresses, gets, posts
from tests.security.world import VISITORS, World, open_world

from broadsheet.flow.accounts import ceremonies


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, str]]]:
    """A world with a canary in every private column."""
    folder: Path = tmp_path_factory.mktemp("planted")
    with open_world(folder) as world:
        ceremonies.begin(world.house, ceremonies.PASSKEY, {"challenge": "x"}, world.readers["ann"].id)
        yield world, plant(world)


def test_every_column_of_text_is_open_or_private() -> None:
    for name, _ in texts():
        assert is_open(name) or name in PRIVATE, (
            f"{name} holds text: say in tests/security/columns.py whether everybody may read it (OPEN) or who may "
            "(PRIVATE), and keep one in tests/security/things.py."
        )
    known = {name for name, _ in texts()}
    assert set(PRIVATE) <= known, "tests/security/columns.py tells of columns that there are not."
    assert not [name for name in PRIVATE if is_open(name)]


def test_every_private_column_has_a_canary(planted: tuple[World, dict[str, str]]) -> None:
    _, canaries = planted
    for name in PRIVATE:
        assert name in canaries.values(), (
            f"No row of the world has anything in {name}: keep one in tests/security/things.py."
        )


@pytest.mark.parametrize("kind", VISITORS)
def test_no_page_shows_what_is_anothers(planted: tuple[World, dict[str, str]], kind: str) -> None:
    world, canaries = planted
    caller = world.caller(kind)
    own = own_canaries(world, kind)
    leaked = set()
    for route in gets():
        for url in addresses(world, route):
            # The secret in it is the proof that it was mailed to who opens it.
            if "/letters/" in url or getattr(route, "permission", "") == "bearer":
                continue
            answer = caller.client.get(url)
            told = answer.text + repr(answer.headers.raw)
            for canary, name in canaries.items():
                if canary in told and canary not in own and kind not in PRIVATE[name].seen_by:
                    leaked.add((url, name))
    assert leaked == set()


def own_canaries(world: World, kind: str) -> set[str]:
    """Give every text in the rows of who comes, and of their labels and subscriptions."""
    from sqlalchemy import select

    from broadsheet.store.schema_digests import subscriptions
    from broadsheet.store.schema_lists import label_papers
    from broadsheet.store.tables import metadata

    handle = VISITORS[kind][0]
    if not handle:
        return set()
    number, own = world.readers[handle].id, []
    with world.house.store.reading() as connection:
        for table in metadata.sorted_tables:
            column = table.c.get("reader_id", table.c.id if table.name == "readers" else None)
            if column is not None:
                own += connection.execute(select(table).where(column == number)).fetchall()
        if handle == "ann":
            own += connection.execute(select(label_papers)).fetchall()
            own += connection.execute(select(subscriptions)).fetchall()
    told = " ".join(str(value) for row in own for value in row)
    return {word for word in told.replace('"', " ").replace("@", " ").replace("/", " ").split() if len(word) >= 12}


def test_forms_answer_with_nothing_that_is_anothers(planted: tuple[World, dict[str, str]]) -> None:
    world, canaries = planted
    caller, own = world.caller("other's token that writes"), own_canaries(world, "other reader")
    told = {"handle": "ann", "paper": "2611.00001", "email": "ann.private@mail.example", "name": "New", "body": "x"}
    leaked = set()
    for route in posts():
        for url in addresses(world, route):
            answer = caller.client.post(url, data={**told, "why": "why", "asked": "2611.00001", "state": "read"})
            found = [name for canary, name in canaries.items() if canary in answer.text and canary not in own]
            leaked |= {(url, name) for name in found}
    assert leaked == set()


def test_whoever_moderates_is_named_as_such() -> None:
    assert set(VISITORS) >= MODERATORS
