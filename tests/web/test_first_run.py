"""From the first start in public to a second person's upvote, as docs/readers.md has it."""

import re
from dataclasses import replace
from datetime import timedelta

from starlette.testclient import TestClient
from tests.web.conftest import FRIDAY, NOW, PUBLIC, Page, Public, told
from tests.web.test_sign_in import form, links, open_link, with_address

from broadsheet.entrance.visitor import COOKIE
from broadsheet.flow.accounts import first_run, standing
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.shelf.keep import keep
from broadsheet.web.csrf import FIELD


def joined(public: Public, link: str, handle: str, **more: str) -> tuple[TestClient, int]:
    client = public.client()
    sent = form(client, link, "/join") | {"handle": handle, "name": handle.title()} | more
    return client, client.post("/join", data=sent).status_code


def test_a_second_person_upvotes_after_a_handful_of_steps(public: Public) -> None:
    house = public.house
    keep(house.store, [told("2603.00001", "Folding napkins", day=FRIDAY)], at=NOW)
    assert first_run.needs_administrator(house)
    link = first_run.admin_link(house).removeprefix(PUBLIC)
    admin, status = joined(public, link, "ada", email="ada@example.org")
    assert (status, standing.named(house, "ada").role) == (303, "admin")
    # The first administrator's address counts once its mail was read.
    assert first_run.needs_administrator(house)
    [confirm] = links(house)
    assert admin.post("/letters/address", data=form(admin, confirm, "/letters/address")).status_code == 303
    assert not first_run.needs_administrator(house)

    assert "ada@example.org" in admin.get("/account").text
    invited = _invite(public, "bob@example.org")
    bob, status = joined(public, invited, "bob")
    assert status == 303
    page = Page(bob.get("/papers/2603.00001").text)
    token = page.all("input", name=FIELD)[0]["value"]
    assert bob.post("/papers/2603.00001/upvote", data={FIELD: token}).status_code == 303
    with house.store.reading() as connection:
        given = connection.exec_driver_sql("SELECT reader_id FROM upvotes").scalars().all()
    assert given == [standing.named(house, "bob").id]


def _invite(public: Public, email: str) -> str:
    """Invite as ``broadsheet user invite`` does, and read the mail."""
    from broadsheet.flow.accounts import invitations

    before = set(links(public.house))
    invitations.invite(public.house, None, typed=email)
    [new] = set(links(public.house)) - before
    return new


def test_the_link_works_once_within_a_day_and_a_new_one_ends_it(public: Public) -> None:
    old, link = (first_run.admin_link(public.house).removeprefix(PUBLIC) for _ in range(2))
    assert public.client().get(old).status_code == 404
    for hours, status in ((23.9, 200), (24, 404)):
        public.app.state.house = replace(public.house, clock=lambda hours=hours: NOW + timedelta(hours=hours))
        assert public.client().get(link).status_code == status
    public.app.state.house = public.house
    assert joined(public, link, "ada", email="ada@example.org")[1] == 303
    assert public.client().get(link).status_code == 404


def test_a_house_that_was_somebodys_own_is_still_theirs(public: Public) -> None:
    """Who used it at their machine goes public and is signed in as the owner."""
    assert owner(public.house).handle == "owner"
    client = public.client()
    assert open_link(client, first_run.admin_link(public.house).removeprefix(PUBLIC)) == "/account"
    assert "@owner · administrator" in Page(client.get("/account").text).text
    assert client.cookies[COOKIE]


def test_the_owner_is_made_when_the_door_opens_and_only_once(public: Public) -> None:
    assert owner(public.house).id == owner(public.house).id
    assert [reader.handle for reader in standing.everybody(public.house)] == ["owner"]


def test_whoever_can_sign_in_needs_no_first_run(public: Public) -> None:
    with_address(public.house, "ada", "admin")
    assert not first_run.needs_administrator(public.house)
    assert re.fullmatch(
        rf"{PUBLIC}/letters/bsf_\w+", first_run.admin_link(public.house, standing.named(public.house, "ada"))
    )
