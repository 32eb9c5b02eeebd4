"""Names are compared once for each paper, however much is followed and however many belong together."""

from collections.abc import Callable

import pytest
from tests.papers import AT, record
from tests.readers import make_reader

from broadsheet.flow.house import House
from broadsheet.flow.people import authors, claims, following, membership, organisations
from broadsheet.flow.people.tidings import tell_of_new_papers
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.model import author
from broadsheet.model.reader import Reader

NAMES = [f"Ann Lee{letter}" for letter in "abcdefghijklmnopqrst"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names whose keys were asked for."""
    names: list[str] = []
    real: Callable[[str], str] = author.name_key

    def noting(name: str) -> str:
        names.append(name)
        return real(name)

    for module in (author, authors):
        monkeypatch.setattr(module, "name_key", noting)
    return names


@pytest.fixture
def ann(house: House) -> Reader:
    """A reader who follows everybody who wrote any of ten papers."""
    keep(house.store, [record(number, authors=NAMES[number : number + 4]) for number in range(10)], at=AT)
    catch_up(house)
    reader = make_reader(house, "ann")
    for name in NAMES[:13]:
        following.follow(house, reader, "author", author.author_slug(name))
    return reader


def test_what_is_followed_is_matched_by_names_read_once(house: House, ann: Reader, asked: list[str]) -> None:
    asked.clear()
    assert len(following.news(house, ann).papers) == 10
    assert len(asked) <= 10 * 4


def test_tidings_are_matched_by_names_read_once(house: House, ann: Reader, asked: list[str]) -> None:
    tell_of_new_papers(house)
    keep(house.store, [record(50, authors=NAMES[:4], published="2026-11-19")], at=AT)
    asked.clear()
    assert tell_of_new_papers(house) == 1
    assert len(asked) <= 4


def test_papers_of_members_are_matched_by_names_read_once(house: House, ann: Reader, asked: list[str]) -> None:
    mo = make_reader(house, "mo", role="moderator")
    lab = organisations.make(house, ann, "Tea Lab").slug
    for number, name in enumerate(NAMES[:6]):
        one = make_reader(house, f"one-{number}")
        membership.join(house, one, lab)
        membership.place(house, mo, lab, one.handle, "member")
        made = claims.claim(house, one, author.author_slug(name), "")
        claims.decide(house, mo, made.id, "Yes", grant=True)
    asked.clear()
    assert organisations.show(house, lab).total == 6
    assert len(asked) <= 10 * 4
