"""Who belongs to an organisation: nobody's part is lost by being asked in, and nobody is pestered."""

import pytest
from tests.papers import AT, record
from tests.readers import make_reader

from broadsheet.errors import TooMany
from broadsheet.flow.accounts.standing import named
from broadsheet.flow.house import House
from broadsheet.flow.people import membership, organisations
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.talking import notices


@pytest.fixture
def lab(house: House) -> str:
    keep(house.store, [record(1)], at=AT)
    catch_up(house)
    ann = make_reader(house, "ann")
    return organisations.make(house, ann, "Tea Lab").slug


def roles(house: House, slug: str) -> dict[str, str]:
    return {each.handle: each.role for each in organisations.show(house, slug).members}


def test_inviting_who_is_inside_takes_nothing_from_them(house: House, lab: str) -> None:
    mo, bo = make_reader(house, "mo", role="moderator"), make_reader(house, "bo")
    membership.join(house, bo, lab)
    membership.place(house, mo, lab, "bo", "member")
    for handle in ("ann", "bo"):
        membership.place(house, mo, lab, handle, "invited")
    assert roles(house, lab) == {"ann": "keeper", "bo": "member"}


def test_asking_and_inviting_again_tell_nobody_again(house: House, lab: str) -> None:
    keeper = named(house, "ann")
    bo, cy = make_reader(house, "bo"), make_reader(house, "cy")
    for _ in range(3):
        assert membership.join(house, bo, lab) == "asked"
        membership.place(house, keeper, lab, "cy", "invited")
    assert len(notices.of_reader(house, keeper)) == len(notices.of_reader(house, cy)) == 1


def test_who_comes_and_goes_without_end_waits(house: House, lab: str) -> None:
    bo = make_reader(house, "bo")
    for _ in range(20):
        membership.join(house, bo, lab)
        membership.leave(house, bo, lab)
    with pytest.raises(TooMany):
        membership.join(house, bo, lab)


def test_a_keeper_who_invites_and_takes_back_without_end_waits(house: House, lab: str) -> None:
    keeper = named(house, "ann")
    make_reader(house, "bo")
    for _ in range(100):
        membership.place(house, keeper, lab, "bo", "invited")
        membership.place(house, keeper, lab, "bo", "none")
    with pytest.raises(TooMany):
        membership.place(house, keeper, lab, "bo", "invited")
